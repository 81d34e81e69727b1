CREATE TABLE nation (
  id   int PRIMARY KEY AUTO_INCREMENT,
  name varchar(32) NOT NULL COMMENT '民族，人事表单下拉选项'
);

INSERT INTO nation (name) VALUES
  ('汉族'), ('蒙古族'), ('回族'), ('藏族'), ('维吾尔族'), ('苗族'), ('彝族'), ('壮族'),
  ('布依族'), ('朝鲜族'), ('满族'), ('侗族'), ('瑶族'), ('白族'), ('土家族'), ('哈尼族');

CREATE TABLE politics_status (id int PRIMARY KEY, name varchar(32));
INSERT INTO politics_status VALUES (1, '中共党员'), (2, '共青团员'), (12, '普通公民');
