-- Таблица обнаруженных лиц
create table lica (
    id             bigserial primary key,
    kamera_id      integer not null,
    vremya         timestamp not null,
    kadr           bytea,
    pol            char(1),
    vozrast        smallint,
    natsionalnost  varchar(20),
    ochki          boolean,
    maska          boolean
);

comment on column lica.pol is 'пол по оценке нейросети';
comment on column lica.vozrast is 'возраст по оценке нейросети';
comment on column lica.natsionalnost is 'национальность (неславянская внешность и т.п.) по оценке нейросети';
create index lica_vremya on lica (vremya);
