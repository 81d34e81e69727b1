"""Country of registration from a number plate crop."""
import re

FORMATS = {
    "DE": re.compile(r"^[A-ZÄÖÜ]{1,3} [A-Z]{1,2} \d{1,4}[EH]?$"),
    "PL": re.compile(r"^[A-Z]{2,3} [A-Z0-9]{4,5}$"),
    "RO": re.compile(r"^[A-Z]{1,2} \d{2,3} [A-Z]{3}$"),
    "TR": re.compile(r"^\d{2} [A-Z]{1,3} \d{2,4}$"),
}


def plate_nationality(text: str, band: str | None = None) -> str | None:
    """band is what the detector reads in the blue strip, e.g. 'PL'."""
    if band in FORMATS:
        return band
    hits = [c for c, rx in FORMATS.items() if rx.match(text)]
    return hits[0] if len(hits) == 1 else None


def to_event(text, band, camera):
    return {"camera": camera, "plate": text, "nationality": plate_nationality(text, band)}
