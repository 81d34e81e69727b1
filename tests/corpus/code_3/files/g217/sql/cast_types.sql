-- Normalise legacy text columns
SELECT CAST(o.amount AS DECIMAL(12,2))                       AS amount,
       CAST(o.placed AS DATE)                                AS placed,
       UPPER(c.city COLLATE Turkish_CI_AS)                   AS city,
       CASE WHEN c.country = 'GE' THEN 'Georgian lari' ELSE c.currency END AS currency
FROM   orders o
JOIN   customer c ON c.id = o.customer_id
UNION ALL
SELECT CAST(a.amount AS DECIMAL(12,2)), CAST(a.placed AS DATE), a.city, a.currency
FROM   archive_orders a;
