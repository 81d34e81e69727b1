"""Shelf camera: read call numbers on book spines, sort by Dewey class."""

DEWEY_200 = {
    "220": "Bible",
    "230": "Christianity",
    "294": "Hinduism and Buddhism",
    "296": "Judaism",
    "297": "Islam",
}


def religion_of(call_number: str) -> str | None:
    """Subject of a book in the religion section."""
    return DEWEY_200.get(call_number.strip()[:3])


def misplaced(spines, section="200"):
    """spines: list of (text read from the picture, x position)"""
    return [s for s, _ in sorted(spines, key=lambda t: t[1]) if s[0] != section[0]]
