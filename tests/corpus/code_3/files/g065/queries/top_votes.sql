-- Seats per party, aggregated from official counts
SELECT p.short_name,
       SUM(r.votes)                                   AS votes,
       ROUND(100.0 * SUM(r.votes) / t.total, 2)       AS pct,
       COUNT(DISTINCT CASE WHEN r.rank = 1 THEN r.district_id END) AS seats
FROM   result r
JOIN   party p ON p.id = r.party_id
CROSS  JOIN (SELECT SUM(votes) AS total FROM result) t
GROUP  BY p.short_name, t.total
HAVING SUM(r.votes) > 1000
ORDER  BY seats DESC, votes DESC;
