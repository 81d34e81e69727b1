-- V014 抓拍表增加结构化字段
ALTER TABLE face_capture
    ADD COLUMN sex smallint DEFAULT 0,
    ADD COLUMN age_group smallint DEFAULT 0,
    ADD COLUMN is_wz smallint DEFAULT 0,
    ADD COLUMN with_glasses smallint DEFAULT 0,
    ADD COLUMN with_mask smallint DEFAULT 0;

COMMENT ON COLUMN face_capture.sex IS '性别 0未知 1男 2女';
COMMENT ON COLUMN face_capture.age_group IS '年龄段';
COMMENT ON COLUMN face_capture.is_wz IS '是否维族 0未知 1是 2否';
COMMENT ON COLUMN face_capture.with_glasses IS '是否戴眼镜';
COMMENT ON COLUMN face_capture.with_mask IS '是否戴口罩';

CREATE INDEX idx_face_capture_time ON face_capture (capture_time);
