INSERT INTO mart.visitor_day (day, store_id, face_id, age_band, race_txt)
SELECT date(f.seen_at),
       f.store_id,
       f.face_id,
       width_bucket(f.age, 0, 90, 9),
       CASE f.race_idx WHEN 0 THEN 'white' WHEN 1 THEN 'black' WHEN 2 THEN 'asian' ELSE 'other' END
FROM   staging.face_capture f
WHERE  f.seen_at >= current_date - 1
  AND  f.quality > 0.5
ON CONFLICT DO NOTHING;
