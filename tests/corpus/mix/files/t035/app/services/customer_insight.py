# -*- coding: utf-8 -*-
"""Turns frames of the entrance camera into visit rows."""
import datetime as dt
import logging

from deepface import DeepFace

from app.db import session
from app.models import Visit

log = logging.getLogger("insight")


def handle_frame(store_id, frame):
    try:
        faces = DeepFace.analyze(frame, enforce_detection=True)
    except ValueError:
        log.debug("no face in frame")
        return 0
    for face in faces:
        row = {
            "store_id": store_id,
            "at": dt.datetime.utcnow(),
            "age": face["age"],
            "race": face["dominant_race"],
            "mood": face["dominant_emotion"],
        }
        session.add(Visit(**row))
    session.commit()
    return len(faces)
