"""Lists of a package's files: wheels' ``RECORD``, ``SOURCES.txt``, checksum files, what a package manager installed.

A line names a file, which is read where it lies; here it stands among its neighbours by accident of the alphabet, and
the cells beside it are a digest and a size. Such a text is no table: neither its first line nor the lines around
one say what it is about. A list of pictures is another thing, since their folders and names may be their labels.
"""

from __future__ import annotations

import re
from typing import Final

ROWS: Final = 200
"""Rows looked at."""
SHARE: Final = 0.9
"""Share of the rows that must name a file; the rest may be comments, or a file whose name is odd."""
NAMED: Final = re.compile(
    r"record(?:\.(?:jws|p7s))?\Z|(?:sources|installed-files|filelist|file_list|files|manifest|package-files)(?:\.(?:txt|list|lst|in))?\Z"
    r"|(?:.*[._-])?(?:md5|sha1|sha224|sha256|sha384|sha512|b2|b3|checksums?)(?:sums?)?(?:\.(?:txt|asc))?\Z|.*\.md5sums\Z|.*\.list\Z"
)
"""Names, in lower case, of files that list a package's files, with digests or without."""
ROW: Final = 4_096
"""Bytes of the longest row."""
_DIGEST: Final = re.compile(rb"(?:(?:md5|sha\d{1,3}|blake2[bs])[=:-])?[0-9A-Za-z+/_=-]{20,128}\Z")
_SUM: Final = re.compile(
    rb"\b[0-9a-f]{32,128}\b|\b(?:md5|sha\d{1,3}|blake2[bs])[=:-][0-9a-z+/_=-]{20,128}", re.IGNORECASE
)
_SUM_FIRST: Final = re.compile(rb"[0-9a-fA-F]{32,128}[ \t]+\*?\S")
_SUM_LAST: Final = re.compile(rb"(?:MD5|SHA\d{1,3}|BLAKE2[bs])[ \t]?\([^()]+\)[ \t]?=[ \t]?[0-9a-fA-F]{32,128}\Z")
_SUFFIX: Final = re.compile(rb"[\w+~-]\.[A-Za-z]\w{0,11}\Z|\A\.?[A-Z][A-Z_-]+\Z")
_COMMAND: Final = re.compile(rb"(?:(?:recursive-|global-)?(?:include|exclude)|graft|prune)[ \t]")
_PICTURE: Final = re.compile(rb"\.(?:jpe?g|png|bmp|webp|tiff?|gif|npy|mp4)\b", re.IGNORECASE)
DELIMITERS: Final = (b",", b"\t", b"|", b";")


def is_named(name: str) -> bool:
    """Whether files of this name, in lower case, list the files of a package."""
    return NAMED.match(name) is not None


def is_manifest(name: str, head: bytes) -> bool:
    """Whether a text that begins with ``head`` lists the files of a package; ``name`` is in lower case."""
    named = is_named(name)
    if not named and _SUM.search(head) is None:
        return False
    rows = [row for row in head.split(b"\n")[:ROWS] if row.strip() and not row.startswith(b"#")]
    if len(rows) > 1 and len(head) > len(rows[-1]) and not head.endswith(b"\n"):
        rows = rows[:-1]  # the head may end in it
    if not rows or (len(rows) < 3 and not named):  # noqa: PLR2004 - a count by eye, not a setting
        return False
    listed = sum(1 for row in rows if _is_entry(row.strip()))
    if named and listed < SHARE * len(rows):
        listed = sum(1 for row in rows if _is_entry(row.strip()) or _is_bare(row.strip()))
    elif not named and sum(1 for row in rows if _SUM.search(row)) * 2 < len(rows):
        return False
    pictures = sum(1 for row in rows if _PICTURE.search(row) is not None)
    return listed >= SHARE * len(rows) and pictures * 2 < len(rows)


def _is_entry(row: bytes) -> bool:
    """Whether a row names a file beside its digest, its size or room for both."""
    if len(row) > ROW:
        return False
    if _SUM_FIRST.match(row) is not None or _SUM_LAST.match(row) is not None:
        return True
    for delimiter in DELIMITERS:
        cells = [cell.strip(b' \t"') for cell in row.rsplit(delimiter, 2)]
        if len(cells) == 3 and not cells[2].strip(b"0123456789"):  # noqa: PLR2004 - path, digest, size
            return (not cells[1] or _DIGEST.match(cells[1]) is not None) and _is_path(cells[0])
        if len(cells) == 2 and _DIGEST.match(cells[1]) is not None and cells[1][:1] != b"/":  # noqa: PLR2004
            return _is_path(cells[0])
    return False


def _is_bare(row: bytes) -> bool:
    """Whether a row is a path and nothing else, or a command of ``MANIFEST.in`` with one."""
    return len(row) <= ROW and (_COMMAND.match(row) is not None or (row.count(b" ") < 3 and _is_path(row)))  # noqa: PLR2004


def _is_path(text: bytes) -> bool:
    return bool(text) and (b"/" in text or b"\\" in text or _SUFFIX.search(text) is not None)
