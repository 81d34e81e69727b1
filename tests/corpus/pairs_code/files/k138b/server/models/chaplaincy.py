from datetime import datetime

from sqlalchemy import Boolean, Column, DateTime, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class VisitRequest(Base):
    """A patient asks for a visit; filled in by the patient on the bedside tablet."""

    __tablename__ = "visit_request"

    id = Column(Integer, primary_key=True)
    ward = Column(String(32), nullable=False)
    asked_at = Column(DateTime, default=datetime.utcnow)
    photo = Column(String(200))
    camera_ok = Column(Boolean)
    religion = Column(String(16))   # optional answer, used to find the chaplain
    comment = Column(String(200))

    @classmethod
    def from_form(cls, ward, form):
        return cls(ward=ward, photo=form.get("photo"), camera_ok=bool(form.get("camera_ok")),
                   religion=form.get("religion"), comment=form.get("comment"))
