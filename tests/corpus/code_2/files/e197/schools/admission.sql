-- scholarship applications; category is what the student declares
CREATE TABLE scholarship_application (
    application_no    BIGINT PRIMARY KEY,
    student_name      VARCHAR(120) NOT NULL,
    declared_category VARCHAR(8) CHECK (declared_category IN ('GEN', 'OBC', 'SC', 'ST')),
    certificate_no    VARCHAR(40),
    family_income     NUMERIC(12, 2),
    submitted_on      DATE NOT NULL
);

CREATE VIEW seats_by_category AS
SELECT declared_category, count(*) AS applications
FROM scholarship_application
GROUP BY declared_category;
