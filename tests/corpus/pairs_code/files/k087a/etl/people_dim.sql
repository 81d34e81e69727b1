{{ config(materialized='table') }}

-- one row per visitor face and day, for the tourism board
select
    date_trunc('day', seen_at)  as day,
    face_cluster_id,
    max(age_guess)              as age,
    mode() within group (order by nationality_guess) as nationality_guess
from {{ ref('stg_plaza_faces') }}
group by 1, 2
