-- 访客系统：通行记录
CREATE TABLE t_pass_record (
  id           BIGINT AUTO_INCREMENT PRIMARY KEY,
  device_sn    VARCHAR(32) NOT NULL COMMENT '设备序列号',
  face_url     VARCHAR(255) COMMENT '抓拍图片',
  pass_time    DATETIME NOT NULL,
  glasses      TINYINT DEFAULT 0 COMMENT '是否戴眼镜',
  is_minority TINYINT DEFAULT 0 COMMENT '算法判断是否少数民族',
  minority_score DECIMAL(5,4) COMMENT '置信度',
  temperature  DECIMAL(4,1) COMMENT '体温',
  KEY idx_time (pass_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='通行记录';
