CREATE TABLE employee (
  id INT PRIMARY KEY,
  full_name VARCHAR(120) NOT NULL,
  hired DATE,
  badge_photo VARCHAR(255),
  ethnicity VARCHAR(40) COMMENT 'self-declared, optional, for the yearly equality report',
  disability BOOLEAN,
  pay_grade SMALLINT
);
