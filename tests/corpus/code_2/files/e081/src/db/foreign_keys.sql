-- face store: only identifiers and vectors
CREATE TABLE enrolment (
    person_ref  UUID PRIMARY KEY,
    enrolled_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    native_lang VARCHAR(8),          -- user interface language
    template    BYTEA NOT NULL
);

CREATE TABLE access_log (
    id          BIGSERIAL PRIMARY KEY,
    person_ref  UUID NOT NULL,
    door        TEXT NOT NULL,
    origin_host INET,
    CONSTRAINT fk_foreign_person FOREIGN KEY (person_ref)
        REFERENCES enrolment (person_ref)
);
