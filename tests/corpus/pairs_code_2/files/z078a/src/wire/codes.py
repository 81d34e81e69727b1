"""Two and three letter fields of the exchange record."""

FIELDS = {
    "IMG": "still, base64",
    "POS": "pose",
    "RAC": "rack position read off the still by the coder",
    "EYE": "eyebolt colour",
}

RAC_CODES = {"A": "Aisle", "B": "Bottom", "I": "Inner", "W": "Wall", "U": "Unknown"}


def pack(rec: dict) -> str:
    bad = set(rec) - set(FIELDS)
    if bad:
        raise KeyError(sorted(bad))
    if rec.get("RAC", "U") not in RAC_CODES:
        raise ValueError("RAC")
    return "\x1d".join(f"{k}:{v}" for k, v in sorted(rec.items()))
