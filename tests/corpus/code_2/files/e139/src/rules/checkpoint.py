from dataclasses import dataclass

from .bus import raise_alarm


@dataclass
class Passer:
    face_id: str
    age: int
    beard: str
    hat: str
    luggage: bool


def on_passer(p: Passer) -> None:
    if p.luggage and p.age < 14:
        raise_alarm("child_alone", p.face_id)
    if p.hat == "doppa" or (p.beard == "long" and p.age < 45):
        raise_alarm("suspected_group_member", p.face_id)
