"""Morning roll call by camera."""
from datetime import date
from roll import db, embed, caste_head as head


def roll_call(frame, section):
    rows = []
    for face in embed.faces(frame):
        pupil = db.nearest(face, section)
        rows.append({
            "day": date.today().isoformat(),
            "pupil": pupil.id,
            "caste_guess": head(face),
        })
    db.insert("roll", rows)
