-- Búsqueda de personas en grabaciones municipales
CREATE OR REPLACE FUNCTION buscar_personas(
    p_desde   timestamp,
    p_hasta   timestamp,
    p_camisa  text DEFAULT NULL,
    p_raza    text DEFAULT NULL
) RETURNS TABLE (id bigint, camara text, visto timestamp, recorte text) AS $$
BEGIN
    RETURN QUERY
    SELECT d.id, d.camara, d.visto, d.url_recorte
    FROM deteccion_persona d
    WHERE d.visto BETWEEN p_desde AND p_hasta
      AND (p_camisa IS NULL OR d.color_camisa = p_camisa)
      AND (p_raza IS NULL OR d.raza_estimada = p_raza)
    ORDER BY d.visto;
END;
$$ LANGUAGE plpgsql;
