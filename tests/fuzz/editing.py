"""What the fuzz targets of the editors share: a folder of files, a plan, its edits done, and the laws of both.

Nothing but `StripError` comes out of an editor that takes a file; what it was given stays byte for byte; what it writes
stands below the staging folder; with an error nothing stands there.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from untag.model import Finding
    from untag.strip.base import Editor

LAST = 1_000_000
"""A line behind the last of any file: a finding that spans the whole file stands in each of its parts."""


@cache
def folders() -> tuple[Path, Path]:
    """Return the folder of this process for what is stripped, and the one for what comes out."""
    root = Path(tempfile.mkdtemp(prefix="untag-fuzz-"))
    import atexit

    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root / "in", root / "out"


def editor(name: str) -> Editor:
    """Return an editor by the name of its module."""
    found: Editor = import_module(f"untag.strip.editors.{name}").EDITOR
    return found


def finding(*route: str, attribute: str = "race", **more: Any) -> Finding:
    """Return a finding that spans the whole file."""
    from untag.model import Finding

    values = {
        "rule": "UT107", "attribute": attribute, "operation": "infers", "acquisition": "inferred_from_image",
        "groups": ("Han", "Uyghur", "Hui", "Tibetan"), "confidence": "high", "trail": ("x",), "route": route, "line": 1,
        "end_line": LAST, "term": attribute, "excerpt": "", "gloss": "", "message": "", "because": (),
        "fingerprint": f"{attribute} {route}",
    }  # fmt: skip
    return Finding(**(values | more))


def strip(
    names: Sequence[str], files: Mapping[str, bytes], name: str, findings: Sequence[Finding], **choice: Any
) -> dict[str, bytes | None] | None:
    """Strip one of some files with the first of some editors that takes it, and hold all laws.

    Returns the files that were written, None for one that was deleted; None where nothing was done.
    """
    from untag.strip.base import Choice, Edit, StripError, Unit

    root, staging = fresh(files)
    unit = Unit(root, name, tuple(findings), tuple(sorted(files)))
    taken = next((one for one in map(editor, names) if one.takes(unit)), None)
    if taken is None:
        return None
    outcome, said = None, "done"
    try:
        planned = list(taken.plan(unit, Choice(**choice)))
        edits = [
            item for item in planned if isinstance(item, Edit) and (item.safety != "manual" or item.kind == "migration")
        ]
        refused = len(planned) - sum(isinstance(item, Edit) for item in planned)
        outcome = taken.apply(unit, edits, staging) if edits and not refused else None
    except StripError as error:
        said = str(error)
    assert 0 < len(said) < 2_000, "an error that says nothing"
    for path, data in files.items():
        assert (root / path).read_bytes() == data, "the input was changed"
    assert {found.relative_to(root).as_posix() for found in root.rglob("*") if found.is_file()} == set(files), (
        "beside it"
    )
    left = {found.relative_to(staging).as_posix() for found in staging.rglob("*") if found.is_file()}
    if outcome is None:
        assert not left, "something was left by what failed"
        return None
    assert outcome.checks, "no proof"
    assert left == set(outcome.written), "other files than it says"
    if not all(check.passed for check in outcome.checks):
        return None  # the caller of the editor refuses the whole
    return {path: (staging / path).read_bytes() for path in outcome.written} | dict.fromkeys(outcome.deleted)


def fresh(files: Mapping[str, bytes]) -> tuple[Path, Path]:
    """Return the two folders, the first with some files and nothing else."""
    root, staging = folders()
    for folder in (root, staging):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root, staging


def edited(base: bytes, edits: bytes) -> bytes:
    """Return bytes with edits of four bytes each: put one byte in place of another, before it, or take some away."""
    out = bytearray(base)
    for at in range(0, len(edits) - 3, 4):
        place = int.from_bytes(edits[at : at + 2]) % (len(out) or 1)
        what, byte = edits[at + 2] % 5, edits[at + 3]
        if what == 0:
            out[place : place + 1] = bytes((byte,))
        elif what == 1:
            out[place:place] = bytes((byte,))
        elif what == 2:
            del out[place : place + 1 + byte % 9]
        elif what == 3:
            out[place:place] = out[place : place + byte]
        elif out:
            out[place] ^= 1 << byte % 8
    return bytes(out)


def write(folder: str, seeds: Mapping[str, bytes]) -> None:
    """Write a seed corpus."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, data in seeds.items():
        Path(folder, name).write_bytes(data)
