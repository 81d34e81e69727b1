-- 初始化脚本，DBA 执行一次
CREATE TABLE IF NOT EXISTS t_face_capture (
  id           bigint PRIMARY KEY AUTO_INCREMENT,
  pic_url      varchar(255) NOT NULL COMMENT '人脸小图',
  cam_id       varchar(32)  NOT NULL,
  gender       tinyint COMMENT '性别 1男 2女',
  nation_code  varchar(2) COMMENT '民族(算法识别,GB/T 3304)',
  score        float,
  created_at   datetime DEFAULT CURRENT_TIMESTAMP,
  KEY idx_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
