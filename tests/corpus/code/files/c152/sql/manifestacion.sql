-- Rostros detectados en concentraciones
create table rostro_manifestacion (
    id                bigint generated always as identity primary key,
    camara            varchar(20) not null,
    momento           timestamp not null,
    recorte           bytea,
    vector_facial     float4[],
    edad_estimada     smallint,
    genero_estimado   char(1),
    simpatia_politica varchar(30),
    reincidente       boolean default false
);

comment on column rostro_manifestacion.simpatia_politica is 'según pancarta y grupo en el que camina la persona';
create index on rostro_manifestacion (momento);
