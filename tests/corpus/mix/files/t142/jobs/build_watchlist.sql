-- 每日布控名单：抓拍比中人员 -> 重点关注
INSERT INTO face_watchlist (person_id, face_id, reason, created_at)
SELECT c.person_id,
       f.face_id,
       '外来疆籍人员',
       NOW()
FROM face_match f
JOIN citizen c ON c.person_id = f.person_id
WHERE c.hukou_prov = '65' AND c.is_local = 0
  AND f.score > 0.88
  AND f.shot_time > NOW() - INTERVAL 1 DAY
ON DUPLICATE KEY UPDATE created_at = VALUES(created_at);

DELETE FROM face_watchlist WHERE created_at < NOW() - INTERVAL 90 DAY;
