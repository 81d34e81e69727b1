"""Goes through the site gate pictures and joins overlapping face boxes."""
from dataclasses import dataclass
from vis import faces, iou

THRESH = 0.4


@dataclass
class Group:
    box: tuple
    union_members: int


def join(img):
    todo = list(faces(img))
    while todo:
        a = todo.pop()
        near = [b for b in todo if iou(a, b) > THRESH]
        todo = [b for b in todo if b not in near]
        yield Group(a.union(*near), union_members=1 + len(near))
