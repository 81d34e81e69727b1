-- Intake questionnaire; every answer is given by the patient or a relative
CREATE TABLE intake_answer (
    patient_id         INT PRIMARY KEY REFERENCES patient(id),
    preferred_name     VARCHAR(80),
    preferred_language VARCHAR(35),
    self_reported_race VARCHAR(60),
    religion           VARCHAR(60),   -- asked for meals and chaplaincy
    interpreter        BOOLEAN DEFAULT FALSE,
    answered_at        TIMESTAMP NOT NULL
);
COMMENT ON COLUMN intake_answer.self_reported_race IS 'as stated by the patient';
