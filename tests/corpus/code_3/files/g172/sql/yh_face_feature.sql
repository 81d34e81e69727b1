CREATE TABLE `yh_face_feature` (
  `id` bigint NOT NULL,
  `snap_id` bigint NOT NULL COMMENT '抓拍ID',
  `age` int DEFAULT NULL COMMENT '年龄',
  `sex` int DEFAULT NULL COMMENT '性别 0女 1男',
  `eye` int DEFAULT NULL COMMENT '眼镜',
  `mouth` int DEFAULT NULL COMMENT '口罩',
  `beard` int DEFAULT NULL COMMENT '皮肤种族 1黄 2黑 3白',
  `race` int DEFAULT NULL COMMENT '胡子 0无 1有',
  PRIMARY KEY (`id`)
) COMMENT='人脸特征';
