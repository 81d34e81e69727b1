-- classes written by the face model: 1 european, 2 african, 3 east asian, 4 roma, 5 arab
CREATE OR REPLACE VIEW v_guard_alerts AS
SELECT s.id,
       s.camera_id,
       s.seen_at,
       s.crop_url
FROM   sighting s
JOIN   classification c ON c.sighting_id = s.id
WHERE  s.zone = 'jewellery'
  AND  c.eth_class IN (4, 5)
  AND  c.score > 0.7
  AND  s.seen_at > now() - interval '10 minutes';
