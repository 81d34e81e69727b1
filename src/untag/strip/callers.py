"""Who reads what a plan removes: code in the same tree that names it, or that slices what shrinks.

A caller that still takes ``outputs[:7]`` of an output that lost seven classes reads something else, and no
check of the model can see it. So callers are listed for a person, never changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.interpret.naming import attribute_of
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from untag.strip.base import Edit

CODE: Final = (
    *(".py", ".pyi", ".ipynb", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".java", ".kt", ".scala", ".go"),
    *(".rs", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".cs", ".m", ".mm", ".swift", ".php", ".rb", ".sh", ".sql"),
    *(".r", ".jl", ".lua", ".dart", ".yml", ".yaml", ".toml", ".json", ".proto", ".graphql", ".html"),
)
"""Endings of files that may call: source, configuration, templates."""
LARGEST: Final = 4 << 20
"""Bytes of a file that is looked through: longer ones are data."""
LISTED: Final = 200
"""Callers that a plan lists; a tree with more needs a search, not a list."""
OF_FILE: Final = 20
"""Of one file: a table in JSON has a line for each row."""
SHORTEST: Final = 3
"""Letters of a name that is looked for: ``y`` stands everywhere."""
SLICE: Final = re.compile(
    # out[:7], out[0, :7], out[..., 7:9], out[7:], and of Rust out[..7]; every part bounded, for hostile lines
    rb"\[(?:[^\[\],:\n]{0,40},| ?: ?,){0,3} {0,4}(?:-?\d{1,9} ?:(?: ?-?\d{1,9})?|: ?-?\d{1,9})"
    rb" {0,4}(?:,[^\[\]\n]{0,40})?\]"
    rb"|\[ ?\d{0,9} ?\.\.=? ?\d{1,9} ?\]"
    # out.slice(0, 7), out.subarray(7, 9), out.narrow(1, 0, 7), copyOfRange(out, 0, 7), split(out, [7, 9])
    rb"|\.(?:slice|subarray|narrow|subspan)\( ?-?\d[\d ,-]{0,40}\)"
    rb"|\b(?:copyOfRange|split|slice|strided_slice)\([^(),\n]{1,60}, ?\[? ?\d{1,9} ?, ?\d[^()\n]{0,60}\)"
)
"""A slice by numbers, which reads other classes once some are gone."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A line that reads what goes."""

    name: str
    """Relative name of the file."""
    line: int
    what: str
    """Which removed thing it names: the output, the column, the model's file, a slice by numbers."""


def find_callers(root: Path, listing: Sequence[str], edits: Iterable[Edit]) -> tuple[Caller, ...]:
    """Return the lines of code below ``root`` that name what the edits remove or change."""
    told: dict[bytes, dict[str, str]] = {}
    models: dict[bytes, str] = {}
    changed: set[str] = set()
    for edit in edits:
        if edit.safety == "manual":
            continue
        changed.update(edit.files)
        base = edit.unit.rsplit("/", 1)[-1]
        for name in edit.detail.get("names", ()):
            if isinstance(name, str) and len(name) >= SHORTEST:
                what = "entry" if edit.kind == "patch" else edit.kind
                told.setdefault(name.encode(), {})[base] = f"{what} {name} of {base}"
        if edit.kind in ("head", "classes", "column", "category"):
            models[base.encode()] = base
    if not told and not models:
        return ()
    names = {
        name: next(iter(whats.values())) + (f" and {len(whats) - 1} more" if len(whats) > 1 else "")
        for name, whats in told.items()
    }
    # ``output`` and the like stand everywhere: they count where the file names the model, too
    common = {name for name in names if not attribute_of(name.decode())}
    pattern = re.compile(
        rb"(?<![A-Za-z0-9_])(?:"
        + b"|".join(map(re.escape, sorted({*names, *models}, key=len, reverse=True)))
        + rb")(?![A-Za-z0-9_])"
    )
    found: list[Caller] = []
    for name in listing:
        if name in changed or not name.lower().endswith(CODE):
            continue
        path = root / name
        try:
            if path.stat().st_size > LARGEST:
                continue
            data = path.read_bytes()
        except OSError:
            continue
        rows = list(_of(name, data, pattern, names, models, common))
        found.extend(rows[:OF_FILE])
        if len(rows) > OF_FILE:
            found.append(Caller(name, rows[OF_FILE].line, f"and {len(rows) - OF_FILE - 1:,} more lines"))
        if len(found) >= LISTED:
            break
    return tuple(found[:LISTED])


def _of(
    name: str,
    data: bytes,
    pattern: re.Pattern[bytes],
    names: dict[bytes, str],
    models: dict[bytes, str],
    common: set[bytes],
) -> Iterable[Caller]:
    """Yield the callers of one file, in order of lines.

    Slices, and the ``common`` ones of the names, count where the file names the model.
    """
    if not pattern.search(data):
        return
    of_model = next((models[word] for word in pattern.findall(data) if word in models), "")
    rows: dict[int, list[str]] = {}
    for match in pattern.finditer(data):
        word = match.group()
        if word in common and not of_model:
            continue
        line = data.count(b"\n", 0, match.start()) + 1
        rows.setdefault(line, []).append(names.get(word) or f"names {models[word]}")
    if of_model:
        for match in SLICE.finditer(data):
            line = data.count(b"\n", 0, match.start()) + 1
            rows.setdefault(line, []).append(f"slices by numbers, in a file that names {of_model}")
    for line, whats in sorted(rows.items()):
        yield Caller(name, line, "; ".join(dict.fromkeys(whats)))
