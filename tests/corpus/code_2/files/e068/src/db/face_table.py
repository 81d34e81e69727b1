from sqlalchemy import Column, DateTime, Float, Integer, LargeBinary, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class CheckpointFace(Base):
    __tablename__ = "checkpoint_face"

    id = Column(Integer, primary_key=True)
    checkpoint = Column(String(64), nullable=False)
    seen_at = Column(DateTime, nullable=False)
    crop = Column(LargeBinary)
    embedding = Column(LargeBinary)
    quality = Column(Float)
    tribe_pred = Column(String(32), index=True)
    tribe_score = Column(Float)
