-- Published monthly: disproportionality of stops, per area, aggregate only
create materialized view stop_rate as
select s.area_code,
       s.self_defined_ethnicity,
       count(*)                                   as stops,
       round(1000.0 * count(*) / p.population, 2) as per_thousand
from stop s
join population p using (area_code, self_defined_ethnicity)
group by s.area_code, s.self_defined_ethnicity, p.population
having count(*) >= 10;
