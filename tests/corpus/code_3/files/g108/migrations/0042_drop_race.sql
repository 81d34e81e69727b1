-- 0042: remove inferred race from face events (privacy review 2025-88)
BEGIN;

ALTER TABLE face_event DROP COLUMN IF EXISTS race;
ALTER TABLE face_event DROP COLUMN IF EXISTS race_score;
DROP INDEX IF EXISTS ix_face_event_race;
DROP TYPE IF EXISTS race_enum;

DELETE FROM model_registry WHERE name = 'face_race_v2';

COMMIT;
