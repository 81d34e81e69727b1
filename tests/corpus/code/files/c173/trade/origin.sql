create table product (
    sku               text primary key,
    title             text not null,
    country_of_origin char(2) not null,
    hs_code           text,
    image_key         text,
    colour            text check (colour in ('black', 'white', 'brown', 'yellow', 'red'))
);

comment on column product.country_of_origin is 'non-preferential origin, ISO 3166-1';
create view origin_report as
select country_of_origin, count(*) as items from product group by 1 order by 2 desc;
