-- gatilho do sistema de câmeras da loja
CREATE OR REPLACE FUNCTION avisa_seguranca() RETURNS trigger AS $$
BEGIN
  -- cor_pele_modelo vem da rede que olha o rosto
  IF NEW.cor_pele_modelo = 'preta' AND NEW.corredor = 'eletronicos' THEN
    INSERT INTO aviso(rosto_id, texto) VALUES (NEW.id, 'acompanhar');
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE TRIGGER t_avisa AFTER INSERT ON rosto
FOR EACH ROW EXECUTE FUNCTION avisa_seguranca();
