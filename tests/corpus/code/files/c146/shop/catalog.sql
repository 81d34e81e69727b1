-- Каталог загородных домов
create table dom (
    id       serial primary key,
    nazvanie varchar(80) not null,
    terrasa  boolean default false,
    ploshad  numeric(6, 1),
    foto     varchar(200)
);

comment on column dom.terrasa is 'Терраса или веранда, рассада в подарок';
comment on column dom.ploshad is 'Площадь, кв. м';
insert into dom (nazvanie, terrasa, ploshad) values ('Дом "Татарский"', true, 120.5), ('Дом "Казак"', false, 98.0);
