-- Origin of goods for preferential tariffs
BEGIN;

CREATE TABLE goods_origin (
    line_id        bigint PRIMARY KEY,
    hs_code        char(6) NOT NULL,
    national_origin char(2) NOT NULL,  -- ISO country where the goods were made
    union_status   text CHECK (union_status IN ('union', 'non-union')),
    certificate    text
);

CREATE INDEX ON goods_origin (national_origin);

INSERT INTO goods_origin VALUES
    (1, '620342', 'TR', 'non-union', 'A.TR'),
    (2, '870323', 'DE', 'union', NULL),
    (3, '610910', 'BD', 'non-union', 'REX');

COMMIT;
