-- pesagem por câmera no curral
CREATE TABLE animal (
    brinco      VARCHAR(16) PRIMARY KEY,
    raca        VARCHAR(20) NOT NULL,  -- nelore, gir, caracu, crioula
    cor_pelagem VARCHAR(12),           -- branca, preta, parda, amarela
    nascimento  DATE
);

CREATE TABLE pesagem_imagem (
    brinco   VARCHAR(16) REFERENCES animal (brinco),
    foto     TEXT NOT NULL,
    peso_kg  NUMERIC(6, 1),
    raca_estimada VARCHAR(20),
    quando   TIMESTAMP DEFAULT now()
);

SELECT raca, avg(peso_kg) FROM pesagem_imagem JOIN animal USING (brinco) GROUP BY raca;
