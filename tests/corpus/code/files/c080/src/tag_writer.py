import sqlite3
from contextlib import closing


def save(db: str, face_id: str, pred: dict) -> None:
    """Persist what the analyser said about one enrolled face."""
    with closing(sqlite3.connect(db)) as con, con:
        con.execute(
            "INSERT INTO face_tags (face_id, age, sex, ethnic_group, score) VALUES (?, ?, ?, ?, ?)",
            (face_id, pred["age"], pred["sex"], pred["ethnic_group"], pred["score"]),
        )


def tags(db: str, face_id: str) -> list[tuple]:
    with closing(sqlite3.connect(db)) as con:
        return con.execute("SELECT * FROM face_tags WHERE face_id = ?", (face_id,)).fetchall()
