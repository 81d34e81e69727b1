from datetime import datetime

from sqlalchemy import DateTime, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Applicant(Base):
    __tablename__ = "applicant"

    id: Mapped[int] = mapped_column(primary_key=True)
    photo: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[str] = mapped_column(String(120))
    race: Mapped[str | None] = mapped_column(String(16), comment="equal-opportunity question, applicant may decline")
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
