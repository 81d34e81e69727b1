CREATE TABLE `t_rl_zpjl` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `sbbh` varchar(20) NOT NULL COMMENT '设备编号',
  `zpsj` datetime NOT NULL COMMENT '抓拍时间',
  `rltp` varchar(255) DEFAULT NULL COMMENT '人脸图片地址',
  `qjt` varchar(255) DEFAULT NULL COMMENT '全景图地址',
  `xb` char(1) DEFAULT NULL COMMENT '性别',
  `nld` char(1) DEFAULT NULL COMMENT '年龄段',
  `mz` varchar(2) DEFAULT NULL COMMENT '民族（算法识别）',
  `sfdyj` char(1) DEFAULT '0' COMMENT '是否戴眼镜',
  `sfdkz` char(1) DEFAULT '0' COMMENT '是否戴口罩',
  `tzz` blob COMMENT '特征值',
  PRIMARY KEY (`id`),
  KEY `idx_zpsj` (`zpsj`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='人脸抓拍记录表';
