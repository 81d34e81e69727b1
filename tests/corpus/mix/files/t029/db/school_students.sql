DROP TABLE IF EXISTS `edu_student`;
CREATE TABLE `edu_student` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `student_no` varchar(32) DEFAULT NULL COMMENT '学号',
  `name` varchar(50) DEFAULT NULL COMMENT '姓名',
  `nation` varchar(20) DEFAULT NULL COMMENT '民族（学生自填）',
  `political_status` varchar(20) DEFAULT NULL COMMENT '政治面貌',
  `photo_url` varchar(255) DEFAULT NULL COMMENT '证件照地址',
  `create_time` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='学生学籍表';
