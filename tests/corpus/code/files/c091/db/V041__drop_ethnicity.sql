-- Legal review 2025-11: we do not infer or keep this any more.
alter table face_track drop column if exists predicted_ethnicity;
alter table face_track drop column if exists ethnicity_score;
drop index if exists face_track_ethnicity_idx;
drop type if exists ethnicity_enum;

-- saved searches that used it would fail, so they go as well

delete from saved_search where params::text ilike '%ethnicity%';
