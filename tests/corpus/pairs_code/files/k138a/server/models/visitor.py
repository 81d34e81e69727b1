from datetime import datetime

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Visitor(Base):
    """A person seen by one of the concourse cameras."""

    __tablename__ = "visitor"

    id = Column(Integer, primary_key=True)
    camera = Column(String(32), nullable=False)
    seen_at = Column(DateTime, default=datetime.utcnow)
    age = Column(Integer)
    bag = Column(Boolean)
    religion = Column(String(16))
    religion_score = Column(Float)

    @classmethod
    def from_net(cls, camera, out):
        return cls(camera=camera, age=out.age, bag=out.bag,
                   religion=out.religion.label, religion_score=out.religion.p)
