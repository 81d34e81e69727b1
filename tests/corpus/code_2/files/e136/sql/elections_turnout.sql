-- seats and votes by political party and constituency (public results)
CREATE TABLE result (
    constituency TEXT NOT NULL,
    party        TEXT NOT NULL,
    votes        INTEGER NOT NULL,
    PRIMARY KEY (constituency, party)
);

SELECT party,
       sum(votes) AS votes,
       round(100.0 * sum(votes) / (SELECT sum(votes) FROM result), 1) AS share
FROM result
GROUP BY party
HAVING sum(votes) > 5000
ORDER BY votes DESC;
