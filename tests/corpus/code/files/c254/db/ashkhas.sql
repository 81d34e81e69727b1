-- جدول الأشخاص الذين رصدتهم الكاميرات
CREATE TABLE marsud (
    id            BIGSERIAL PRIMARY KEY,
    camera_id     INTEGER NOT NULL,
    waqt          TIMESTAMPTZ NOT NULL,   -- وقت الرصد
    sura          TEXT,                   -- صورة الوجه
    jins          CHAR(1),                -- الجنس
    umr           SMALLINT,               -- العمر التقديري
    lawn_bashara  VARCHAR(12),            -- لون البشرة: فاتح، حنطي، داكن
    lawn_malabis  VARCHAR(12),            -- لون الملابس
    nazzara       BOOLEAN                 -- نظارة
);

CREATE INDEX marsud_waqt ON marsud (waqt);
