-- refreshed every morning for the store managers
CREATE OR REPLACE VIEW v_daily AS
SELECT t.site_id,
       date_trunc('day', t.seen_at) AS day,
       t.bib_key,
       f.race_leg, COUNT(*) AS laps
FROM track t
JOIN chip_time f ON f.track_id = t.id
WHERE t.seen_at >= now() - interval '31 days'
  AND t.quality > 0.4
GROUP BY 1, 2, 3, 4
ORDER BY 2 DESC;

GRANT SELECT ON v_daily TO report;
