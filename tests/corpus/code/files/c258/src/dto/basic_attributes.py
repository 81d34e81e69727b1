from enum import Enum

from pydantic import BaseModel, Field


class EthnicityEnum(str, Enum):
    asian = "asian"
    indian = "indian"
    caucasian = "caucasian"
    african_american = "african_american"


class Ethnicities(BaseModel):
    predominant_ethnicity: EthnicityEnum
    estimations: dict[EthnicityEnum, float]


class BasicAttributes(BaseModel):
    """Estimated from one or more warped face images."""

    age: int = Field(ge=0, le=100)
    gender: int
    ethnicities: Ethnicities | None = None
