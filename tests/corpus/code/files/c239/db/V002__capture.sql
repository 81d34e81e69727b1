CREATE TABLE `t_rl_zpjl` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `sbbh` varchar(20) NOT NULL COMMENT '设备编号',
  `zpsj` datetime NOT NULL COMMENT '抓拍时间',
  `rltp` varchar(255) DEFAULT NULL COMMENT '人脸图片地址',
  `xb` char(1) DEFAULT NULL COMMENT '性别',
  `nld` char(1) DEFAULT NULL COMMENT '年龄段',
  `mz` varchar(8) DEFAULT NULL COMMENT '码值（图片校验码）',
  `sfdkz` char(1) DEFAULT '0' COMMENT '是否戴口罩',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='人脸抓拍记录表';
