-- загрузка карточек с камер вокзала
CREATE TABLE cards (
    id      bigserial PRIMARY KEY,
    cam     smallint NOT NULL,
    shot_at timestamptz NOT NULL,
    jpg     bytea,
    v       smallint,
    n       smallint
);
-- v: возраст, лет
-- n: национальность по лицу, заполняет нейросеть (1 слав., 2 кавк., 3 ср.-аз., 9 неясно)

CREATE INDEX cards_n_idx ON cards (n, shot_at);
