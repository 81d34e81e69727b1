-- 初始化脚本，DBA 执行一次
CREATE TABLE IF NOT EXISTS t_dish_photo (
  id           bigint PRIMARY KEY AUTO_INCREMENT,
  pic_url      varchar(255) NOT NULL COMMENT '菜品图片',
  shop_id       varchar(32)  NOT NULL,
  price        int COMMENT '价格 分',
  nation_food  varchar(20) COMMENT '民族菜系(清真,藏餐,朝鲜族菜)',
  score        float,
  created_at   datetime DEFAULT CURRENT_TIMESTAMP,
  KEY idx_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
