-- Участники массовых мероприятий, найденные по лицу
CREATE TABLE uchastnik (
    id            BIGSERIAL PRIMARY KEY,
    litso_id      BIGINT NOT NULL,
    meropriyatie  VARCHAR(120) NOT NULL,
    kamera        VARCHAR(32),
    vremya        TIMESTAMP NOT NULL,
    politicheskie_vzglyady VARCHAR(32), -- оппозиция / лояльный / нейтральный, по символике в кадре
    uverennost    NUMERIC(4, 3)
);

CREATE INDEX ix_uchastnik_litso ON uchastnik (litso_id, vremya);
