"""Two and three letter fields of the exchange record."""

FIELDS = {
    "IMG": "still, base64",
    "POS": "pose",
    "RAC": "subject race read off the still by the coder",
    "EYE": "eye colour",
}

RAC_CODES = {"A": "Asian", "B": "Black", "I": "American Indian", "W": "White", "U": "Unknown"}


def pack(rec: dict) -> str:
    bad = set(rec) - set(FIELDS)
    if bad:
        raise KeyError(sorted(bad))
    if rec.get("RAC", "U") not in RAC_CODES:
        raise ValueError("RAC")
    return "\x1d".join(f"{k}:{v}" for k, v in sorted(rec.items()))
