-- helper views for the evidence room
CREATE INDEX idx_face_time ON face_event (taken_at);
CREATE INDEX idx_face_ethnic ON face_event (ethnic_code, camera_id);

CREATE VIEW v_faces_last_day AS
  SELECT id, camera_id, taken_at, crop_url
  FROM face_event
  WHERE taken_at > now() - interval '1 day';

CREATE VIEW v_faces_selected AS
  SELECT id, camera_id, taken_at, crop_url
  FROM face_event
  WHERE ethnic_code IN ('05', '17') AND quality > 0.5;
