CREATE TABLE t_face_snap (
  id        bigint(20) NOT NULL COMMENT '主键',
  cam_id    varchar(32) COMMENT '摄像机编号',
  snap_time datetime COMMENT '抓拍时间',
  pic_url   varchar(255) COMMENT '人脸图片地址',
  xb        char(1) COMMENT '性别',
  nl        int COMMENT '年龄',
  sfdyj     char(1) COMMENT '是否戴眼镜',
  sfwzrykb  char(1) COMMENT '是否维族',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='人脸抓拍表';
