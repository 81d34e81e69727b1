WITH legs AS (
    SELECT flight_no, origin, destination, dep_utc, pax
    FROM   flight_leg
    WHERE  dep_utc >= date_trunc('month', now())
)
SELECT o.country  AS origin_country,
       d.country  AS destination_country,
       count(*)   AS flights,
       sum(l.pax) AS passengers
FROM   legs l
JOIN   airport o ON o.iata = l.origin
JOIN   airport d ON d.iata = l.destination
GROUP  BY 1, 2
HAVING count(*) > 20
ORDER  BY passengers DESC;
