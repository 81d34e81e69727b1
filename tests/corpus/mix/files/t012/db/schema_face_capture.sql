DROP TABLE IF EXISTS `t_face_capture`;
CREATE TABLE `t_face_capture` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `device_id` varchar(32) DEFAULT NULL COMMENT '设备国标编号',
  `shot_time` datetime DEFAULT NULL COMMENT '抓拍时间',
  `face_url` varchar(255) DEFAULT NULL COMMENT '人脸小图地址',
  `mz_code` varchar(4) DEFAULT NULL COMMENT '算法识别民族，GB/T 3304 代码，05为维吾尔',
  `glass_type` tinyint DEFAULT NULL COMMENT '眼镜款式',
  `create_time` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='人脸抓拍记录表';

DROP TABLE IF EXISTS `t_device`;
CREATE TABLE `t_device` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `device_id` varchar(32) DEFAULT NULL COMMENT '设备国标编号',
  `name` varchar(64) DEFAULT NULL COMMENT '设备名称',
  `create_time` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='设备表';
