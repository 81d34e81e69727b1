CREATE TABLE media (
    id          INTEGER PRIMARY KEY,
    path        TEXT NOT NULL UNIQUE,
    orientation TEXT CHECK (orientation IN ('portrait', 'landscape', 'square')),
    faces       INTEGER DEFAULT 0, -- number of faces, for the grid only
    dominant    TEXT,              -- dominant colour: black, white, yellow ...
    origin      TEXT               -- camera, scan, import
);

CREATE TABLE skins (
    name TEXT PRIMARY KEY,
    tone TEXT DEFAULT 'dark'
);

CREATE INDEX media_orientation ON media (orientation);
