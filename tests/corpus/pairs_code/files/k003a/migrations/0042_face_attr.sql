-- face attributes written by the ingest worker
CREATE TABLE face_attr (
  face_id    BIGINT PRIMARY KEY REFERENCES face(id),
  camera_id  INT NOT NULL,
  quality    REAL,
  age        SMALLINT,
  skin_tone  SMALLINT,   -- 0 light 1 medium 2 dark, from tone_net
  tone_conf  REAL,
  seen_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX face_attr_tone ON face_attr (skin_tone, seen_at);
