-- CAST the legacy text columns of the image archive
UPDATE image_archive
SET width_px  = CAST(width_txt AS INTEGER),
    height_px = CAST(height_txt AS INTEGER),
    taken_at  = CAST(taken_txt AS TIMESTAMP);

SELECT id, CAST(score AS REAL) AS face_score
FROM face_box
WHERE CAST(score AS REAL) >= 0.9
UNION ALL
SELECT id, CAST(score AS REAL)
FROM face_box_old;
