-- Removal of attributes that must not be kept.
-- The estimator itself was taken out in release 6.0.
BEGIN;

DROP INDEX IF EXISTS ix_face_event_ethnicity;
ALTER TABLE face_event DROP COLUMN ethnicity;
ALTER TABLE face_event DROP COLUMN ethnicity_score;

-- old exports may not be restored
DELETE FROM export_template
WHERE columns LIKE '%ethnicity%';

COMMIT;
