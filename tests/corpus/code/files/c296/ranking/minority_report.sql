create table balance_sheet (
    company_id        integer not null,
    year              smallint not null,
    equity            numeric(18, 2),
    minority_interest numeric(18, 2),
    goodwill          numeric(18, 2),
    face_value        numeric(10, 2),
    primary key (company_id, year)
);
select company_id, minority_interest / nullif(equity, 0) as minority_share from balance_sheet where year = 2025;
