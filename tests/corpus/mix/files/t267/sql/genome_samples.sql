-- samples of the reference panel; groups come from the consortium
CREATE TABLE sample (
    sample_id  text PRIMARY KEY,
    population text NOT NULL,   -- YRI, CEU, CHB, GIH
    super_pop  text NOT NULL,   -- AFR, EUR, EAS, SAS
    coverage   real,
    phased     boolean DEFAULT false
);

CREATE VIEW allele_by_pop AS
SELECT super_pop, rsid, avg(dosage) / 2 AS freq
FROM genotype JOIN sample USING (sample_id)
GROUP BY super_pop, rsid;
