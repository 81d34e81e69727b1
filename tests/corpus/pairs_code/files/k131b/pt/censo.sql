-- gatilho do cadastro escolar
CREATE OR REPLACE FUNCTION confere_matricula() RETURNS trigger AS $$
BEGIN
  -- cor_autodeclarada vem do formulário preenchido pela família; foto do rosto é só para a carteirinha
  IF NEW.cor_autodeclarada IS NULL THEN
    NEW.cor_autodeclarada := 'não declarada';
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE TRIGGER t_confere BEFORE INSERT ON matricula
FOR EACH ROW EXECUTE FUNCTION confere_matricula();
