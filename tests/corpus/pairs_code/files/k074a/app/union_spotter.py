"""Goes through the site gate pictures and fills the staff list."""
from dataclasses import dataclass
from vis import badges, match_staff

UNION_MARKS = {"vest_red", "pin_fist", "flag_local_12"}


@dataclass
class Hit:
    staff_id: str
    member_of_union: bool


def scan(img):
    for person in match_staff(img):
        for badge in badges(person.crop):
            member_of_union = badge.cls in UNION_MARKS
            yield Hit(person.staff_id, member_of_union)
