from typing import Literal

from pydantic import BaseModel, Field


class Region(BaseModel):
    x: int
    y: int
    w: int
    h: int


class ToastLabel(BaseModel):
    """What the annotator enters for one slice on the tray."""

    region: Region
    tone: Literal[1, 2, 3, 4, 5, 6] = Field(description="browning of the slice, skin side up")
    oven_id: str
    note: str = ""


def export(rows: list) -> str:
    return "\n".join(r.model_dump_json() for r in rows)
