-- 访客系统：通行记录
CREATE TABLE t_pass_record (
  id           BIGINT AUTO_INCREMENT PRIMARY KEY,
  device_sn    VARCHAR(32) NOT NULL COMMENT '设备序列号',
  face_url     VARCHAR(255) COMMENT '抓拍图片',
  pass_time    DATETIME NOT NULL,
  glasses      TINYINT DEFAULT 0 COMMENT '是否戴眼镜',
  nation VARCHAR(20) COMMENT '民族，读取身份证芯片',
  card_no_hash CHAR(64) COMMENT '证件号摘要',
  temperature  DECIMAL(4,1) COMMENT '体温',
  KEY idx_time (pass_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='通行记录';
