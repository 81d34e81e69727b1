-- 抓拍库:新增预置查询视图
-- mz_code 取值见 GB/T 3304(01 汉族,05 维吾尔族 …),由算法服务写入
ALTER TABLE t_face_capture
    ADD COLUMN mz_code CHAR(2) NULL COMMENT '民族(算法识别)',
    ADD COLUMN mz_score DECIMAL(4,3) NULL COMMENT '置信度';

CREATE INDEX idx_capture_mz ON t_face_capture (mz_code, shot_time);

CREATE OR REPLACE VIEW v_capture_focus AS
SELECT c.id,
       c.camera_id,
       c.shot_time,
       c.image_url
FROM t_face_capture c
WHERE c.mz_code = '05'
  AND c.mz_score >= 0.75;
