"""Match faces from the car park cameras against the staff gallery after a rally."""
from dataclasses import dataclass

from facelib import Gallery, detect
from attr import classify

BADGES = ("union_badge", "strike_armband", "none")


@dataclass
class Hit:
    staff_id: str
    frame: int
    is_union_member: bool


def sweep(video, gallery: Gallery):
    for n, frame in enumerate(video):
        for face in detect(frame):
            who = gallery.nearest(face.embedding, limit=0.38)
            if who is None:
                continue
            badge = classify(frame.crop(face.torso), BADGES)
            yield Hit(who.staff_id, n, is_union_member=badge != "none")
