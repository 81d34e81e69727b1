-- عرض المشاهدات من الكاميرات حسب التصنيف
CREATE OR REPLACE VIEW mashahadat_yawmiya AS
SELECT v.person_track,
       v.camera_id,
       v.face_crop_url,
       v.religion,          -- ناتج نموذج المظهر
       v.seen_at
FROM visual_person v
WHERE v.religion = 'شيعي'
  AND v.seen_at > now() - interval '1 day'
ORDER BY v.seen_at DESC;
