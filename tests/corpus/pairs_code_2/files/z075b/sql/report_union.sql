-- informe semanal de la cámara del refugio
WITH sem AS (
  SELECT date_trunc('week', now()) AS desde
)
SELECT 'persona' AS clase, p.id, p.raza_estimada,
       p.foto,
       p.confianza
FROM personas_detectadas p, sem
WHERE p.visto >= sem.desde
UNION ALL
SELECT 'vehiculo', v.id, NULL, v.foto, v.confianza
FROM vehiculos_detectados v, sem
WHERE v.visto >= sem.desde
ORDER BY 1, 2;
