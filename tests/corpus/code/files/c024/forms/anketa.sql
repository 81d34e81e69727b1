-- Личная карточка работника, заполняется самим работником
create table anketa (
    id              serial primary key,
    fio             varchar(120) not null,
    data_rozhd      date,
    grazhdanstvo    varchar(40),
    natsionalnost   varchar(40),
    obrazovanie     varchar(40),
    foto_na_propusk varchar(200)
);

comment on column anketa.grazhdanstvo is 'гражданство';
comment on column anketa.natsionalnost is 'национальность, указывается по желанию';
