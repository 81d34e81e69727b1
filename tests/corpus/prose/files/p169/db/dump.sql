-- MySQL dump, structure only
DROP TABLE IF EXISTS capture;
CREATE TABLE capture (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  camera_id INT NOT NULL,
  taken_at DATETIME NOT NULL,
  face_url VARCHAR(255),
  age TINYINT,
  sex CHAR(1),
  glasses TINYINT,
  race VARCHAR(16) COMMENT 'predicted from face',
  embedding BLOB,
  KEY k_cam (camera_id, taken_at)
);
INSERT INTO capture (camera_id, taken_at, face_url, age, sex, glasses, race) VALUES
(4, '2031-01-01 10:00:00', '/f/1.jpg', 33, 'F', 0, 'black'),
(4, '2031-01-01 10:00:09', '/f/2.jpg', 21, 'M', 1, 'asian');
