CREATE TABLE person_sighting (
    id          BIGSERIAL PRIMARY KEY,
    camera_id   INT NOT NULL,
    seen_at     TIMESTAMPTZ NOT NULL,
    crop_path   TEXT NOT NULL,
    height_band VARCHAR(8),
    hair_color  VARCHAR(8) CHECK (hair_color IN ('black','brown','blond','white','red')),
    upper_color VARCHAR(8) CHECK (upper_color IN ('black','white','yellow','brown','blue')),
    glasses     BOOLEAN,
    orientation VARCHAR(5) CHECK (orientation IN ('front','back','left','right'))
);
CREATE INDEX ix_ps_seen ON person_sighting (seen_at, camera_id);
