-- Evidence store, body worn video
CREATE TABLE bwv_face_still (
    still_id        BIGINT PRIMARY KEY,
    clip_id         BIGINT NOT NULL REFERENCES bwv_clip (clip_id),
    taken_at        TIMESTAMP NOT NULL,
    jpeg            BLOB NOT NULL,
    template        VARBINARY(2048),
    officer_perceived_ethnicity VARCHAR(2) NOT NULL,
    reason_code     VARCHAR(4)
);

-- used by the "find similar stills" screen
CREATE INDEX ix_still_lookup
    ON bwv_face_still (officer_perceived_ethnicity, taken_at);
