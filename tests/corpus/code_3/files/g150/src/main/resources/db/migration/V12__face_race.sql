-- V12: keep the extra classifier outputs of firmware 4.1
CREATE TABLE ref_race (
    id    SMALLINT PRIMARY KEY,
    name  VARCHAR(20) NOT NULL
);
INSERT INTO ref_race VALUES (0, 'unknown'), (1, 'yellow'), (2, 'black'), (3, 'white');

ALTER TABLE detected_face
    ADD COLUMN race_id    SMALLINT REFERENCES ref_race(id),
    ADD COLUMN race_conf  REAL,
    ADD COLUMN smile_conf REAL;
