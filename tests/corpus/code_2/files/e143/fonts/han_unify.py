"""Map unified Han ideographs to the glyph set of a region."""

REGIONS = ("zh-Hans", "zh-Hant", "ja", "ko")

# code point -> glyph id by region; unified Han characters differ in face design
VARIANTS = {
    0x9AA8: {"zh-Hans": 1101, "zh-Hant": 1102, "ja": 1103, "ko": 1102},
    0x76F4: {"zh-Hans": 2101, "zh-Hant": 2102, "ja": 2103, "ko": 2103},
}


def pick_face(cp: int, locale: str) -> int | None:
    """Choose the type face glyph for a Han code point."""
    row = VARIANTS.get(cp)
    if not row:
        return None
    return row.get(locale, row["zh-Hans"])


def render_image(cp, locale, atlas):
    gid = pick_face(cp, locale)
    return atlas.image(gid) if gid else None
