-- goods declarations; national origin decides the duty rate
CREATE TABLE goods_line (
    line_id          INTEGER PRIMARY KEY,
    declaration_id   INTEGER NOT NULL,
    hs_code          CHAR(8) NOT NULL,
    national_origin  CHAR(2) NOT NULL,   -- ISO 3166 of manufacture
    parcel_photo     TEXT,
    net_kg           NUMERIC(9, 2)
);

CREATE VIEW line_alert AS
SELECT line_id, national_origin, hs_code
FROM goods_line
WHERE national_origin IN ('XX', 'ZZ');
