{{ config(materialized='table') }}

-- overnight stays per month, for the tourism board (official statistics, no faces, no guesses)
select
    date_trunc('month', night)  as month,
    nationality,
    sum(stays)                  as stays,
    round(avg(length_nights), 1) as nights
from {{ ref('stg_statistics_office_hotels') }}
group by 1, 2
having sum(stays) > 50
