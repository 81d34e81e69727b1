-- Mitgliederverwaltung der Gewerkschaft, Antrag selbst ausgefüllt
CREATE TABLE mitglied (
  id                    BIGSERIAL PRIMARY KEY,
  gesicht_bild          TEXT,          -- Foto für den Ausweis, freiwillig
  personalnr            TEXT,
  zeit                  TIMESTAMP NOT NULL,
  -- Datum auf dem unterschriebenen Antrag
  gewerkschaft_beitritt DATE NOT NULL,
  beitrag               NUMERIC(6,2)
);
CREATE INDEX ON mitglied (gewerkschaft_beitritt, zeit);
