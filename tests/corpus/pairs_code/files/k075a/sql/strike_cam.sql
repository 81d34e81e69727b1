-- Auswertung Werkstor, Kamera 3 und 4
CREATE TABLE tor_erkennung (
  id                    BIGSERIAL PRIMARY KEY,
  gesicht_bild          TEXT NOT NULL,
  personalnr            TEXT,
  zeit                  TIMESTAMP NOT NULL,
  -- Netz: Weste, Button, Fahne in der Hand
  gewerkschaft_vermutet BOOLEAN DEFAULT FALSE,
  score                 NUMERIC(4,3)
);
CREATE INDEX ON tor_erkennung (gewerkschaft_vermutet, zeit);
