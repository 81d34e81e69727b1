-- reactions under a post with a face emoji
CREATE TABLE reaction (
  post_id    BIGINT REFERENCES post(id),
  user_id    INT NOT NULL,
  emoji      TEXT NOT NULL,
  quality    REAL,
  skin_tone  SMALLINT,   -- 0 default, 1..5 Fitzpatrick modifier picked in the emoji menu
  seen_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX reaction_tone ON reaction (emoji, skin_tone);
