CREATE TABLE rostro_detectado (
    id            BIGINT IDENTITY PRIMARY KEY,
    camara_id     INT NOT NULL,
    fecha         DATETIME2 NOT NULL,
    recorte       VARBINARY(MAX) NOT NULL,
    edad_estimada TINYINT NULL,
    genero        CHAR(1) NULL,
    origen_etnico VARCHAR(20) NULL,  -- salida del clasificador
    vector        VARBINARY(2048) NULL
);

CREATE INDEX ix_rostro_fecha ON rostro_detectado (fecha);
