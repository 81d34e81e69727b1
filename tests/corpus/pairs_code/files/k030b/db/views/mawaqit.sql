-- عرض مناسبات التقويم لإغلاق بوابة الكاميرات في المتحف
CREATE OR REPLACE VIEW munasabat_yawmiya AS
SELECT m.event_id,
       m.title,
       m.poster_url,
       m.religion,          -- نوع المناسبة في التقويم
       m.starts_at
FROM calendar_event m
WHERE m.religion = 'إسلام'
  AND m.starts_at > now() - interval '1 day'
ORDER BY m.starts_at DESC;
