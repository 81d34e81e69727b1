-- 人脸抓拍记录表
CREATE TABLE `t_face_capture` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `device_id` varchar(32) NOT NULL COMMENT '抓拍设备编号',
  `capture_time` datetime NOT NULL COMMENT '抓拍时间',
  `face_url` varchar(255) DEFAULT NULL COMMENT '人脸小图',
  `scene_url` varchar(255) DEFAULT NULL COMMENT '场景大图',
  `sex` tinyint(4) DEFAULT NULL COMMENT '性别 1男 2女',
  `age` tinyint(4) DEFAULT NULL COMMENT '年龄段',
  `glass` tinyint(4) DEFAULT NULL COMMENT '是否戴眼镜',
  `nation` tinyint(4) DEFAULT NULL COMMENT '民族识别 0未知 1汉族 2少数民族',
  `similarity` decimal(5,2) DEFAULT NULL COMMENT '最高比对相似度',
  PRIMARY KEY (`id`),
  KEY `idx_time` (`capture_time`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='人脸抓拍记录';
