CREATE TABLE shipment_line (
    id              BIGSERIAL PRIMARY KEY,
    shipment_id     BIGINT NOT NULL REFERENCES shipment(id),
    hs_code         VARCHAR(10) NOT NULL,
    description     TEXT NOT NULL,
    -- ISO 3166-1 alpha-2 of the national origin of the goods
    origin_country  CHAR(2) NOT NULL,
    preferential    BOOLEAN NOT NULL DEFAULT FALSE,
    gross_kg        NUMERIC(12,3) NOT NULL,
    customs_value   NUMERIC(14,2) NOT NULL
);

CREATE INDEX ix_line_origin ON shipment_line (origin_country, hs_code);
