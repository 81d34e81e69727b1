"""Atheris target: one reader alone, the way the engine calls it; only `ReadError` may come out.

python tests/fuzz/fuzz_each.py --reader NAME --seeds DIR    write the seeds of a reader, made by code
python tests/fuzz/fuzz_each.py --reader NAME DIR [libFuzzer options, -max_total_time=600 for ten minutes]
python tests/fuzz/fuzz_each.py DIR                          inputs that say their reader in the first line

`tools/fuzz_long.py` gives every reader its own time. Bytes go to a container or a reader of structured files as they are; to
a reader of texts behind a line with the name of the file, which decides the format; a ``*`` at its end makes the
text a window of a large file. Members of zips and streams of gzip are changed inside, too: their checksums
would keep every other change from what stands behind them.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import sys
import time
import warnings
import zipfile
import zlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

LOW = {"unpacked": 64 << 20, "members": 2_000}
SECONDS = 10.0
"""Time after which a reader must have given up."""
NAMES = {"mnn": "x.mnn", "tfjs": "model.json", "pytorch": "x.pt", "pickle": "x.pkl", "packed-pickle": "x.joblib"}
"""Names of files whose format has no mark of its own, or is told from another by it."""
HEADER = 200
"""Bytes of a window's text that stand in for the beginning of its file."""
FIRST = 7
"""The line that a window begins at."""
REACHED: Counter[str] = Counter()
"""Inputs in all, those that the reader claimed, and those of which it told something."""
COUNT = ""
"""The file that those numbers are written to."""


@cache
def texts() -> dict[str, Any]:
    """Return the readers of texts by their names."""
    from untag.readers import TEXT_READERS

    return {reader.name: reader for reader in TEXT_READERS}


@cache
def containers() -> dict[str, Any]:
    """Return the containers by their names."""
    from untag.readers.containers import CONTAINERS

    return {container.name: container for container in CONTAINERS}


@cache
def artifacts() -> dict[str, Any]:
    """Return the readers of structured files by their names."""
    from untag.readers.artifacts import DOORS
    from untag.readers.artifacts.documents import ocr

    ocr.ask()
    return {door.name: door.reader() for door in DOORS}


@cache
def doors() -> dict[str, Any]:
    """Return the doors before the readers of structured files."""
    from untag.readers.artifacts import DOORS

    return {door.name: door for door in DOORS}


def text_of(data: bytes) -> Any:
    """Return the text of an input: the name of its file, a line feed, the rest."""
    from untag.readers.base import Text

    first, _, body = data.partition(b"\n")
    name = first.decode("utf-8", "replace")[:80]
    if not name.endswith("*"):
        return Text((name,), body)
    header = b"" if name.endswith("**") else body[:HEADER].partition(b"\n")[0]
    return Text((name.rstrip("*"),), body, first_line=FIRST, whole=False, header=header)


def claimed(reader: str, data: bytes) -> bool:
    """Whether the reader would be the one to get this input."""
    if reader in texts():
        from untag.readers import reader_for

        return reader_for(text_of(data)).name == reader
    head, tail = data[:4096], data[-65_557:]
    name = NAMES.get(reader, "x")
    if reader in containers():
        from untag.readers.containers import containers_for

        return containers()[reader] in containers_for(head, name, tail)
    return bool(doors()[reader].likely(head, name) and artifacts()[reader].claims(head, name, tail))


def read(reader: str, data: bytes) -> int:
    """Read an input with one reader, hold the laws of its kind, and return how many things it told."""
    from untag.errors import ReadError
    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.base import Part

    if reader in texts():
        return spans(reader, data)
    told = 0
    with contextlib.suppress(ReadError):
        if reader in containers():
            items: Any = containers()[reader].members(Blob(("x",), data), Budget(**LOW))
        else:
            blob = Blob((NAMES.get(reader, "x"),), data)
            items = artifacts()[reader].parts(blob, Budget(**LOW), Deadline.after(SECONDS))
        for item in items:
            if not isinstance(item, Part | Blob | Gap):
                raise AssertionError(item)  # noqa: TRY004 - a finding of the fuzzer
            if isinstance(item, Part):
                f"{item.text}{item.statement}{item.note}{item.scope.name}".encode("utf-8", "replace")
            elif any("\0" in part or part in ("", "..") for part in item.trail):
                raise AssertionError(item.trail)
            told += not isinstance(item, Gap) or reader == "unsupported"  # which tells that it cannot tell more
    return told


def spans(reader: str, data: bytes) -> int:
    """Read a text around some places: each is in exactly one span, which knows its line."""
    from untag.errors import ReadError
    from untag.limits import Deadline
    from untag.model import Span

    text = text_of(data)
    step = 1 + zlib.crc32(text.data) % 23
    wanted = []
    at = step // 2
    while at < len(text.data) and len(wanted) < 40:
        wanted.append((at, min(len(text.data), at + 1 + (at * step) % 12)))
        at = wanted[-1][1] + step
    found = []
    with contextlib.suppress(ReadError):
        found = [s for s in texts()[reader].spans(text, wanted, Deadline.after(SECONDS)) if isinstance(s, Span)]
        for start, stop in wanted:
            held = [span for span in found if span.start <= start and stop <= span.stop]
            assert len(held) == 1, (start, stop, held)
        for span in found:
            assert span.line == text.first_line + text.data.count(b"\n", 0, span.start), span
    return len(found)


def one(reader: str, data: bytes) -> None:
    """Read one input, if it is one of the reader's."""
    REACHED["all"] += 1
    if claimed(reader, data):
        REACHED["claimed"] += 1
        REACHED["told"] += read(reader, data) > 0
    if COUNT and time.monotonic() > REACHED["next"]:  # the fuzzer ends without a word to Python
        REACHED["next"] = int(time.monotonic()) + 2
        Path(COUNT).write_text(json.dumps(REACHED), "utf-8")


def named(data: bytes) -> None:
    """Read an input that says its reader in the first line."""
    first, _, body = data.partition(b"\n")
    reader = first.decode("utf-8", "replace")
    if reader in texts() or reader in containers() or reader in doors():
        one(reader, body)


def changed(data: bytes, largest: int, seed: int) -> bytes:
    """Change an input; one in a zip or gzip by one of its members, three times of four."""
    import atheris

    if seed % 4 and data[:2] == b"PK":
        with contextlib.suppress(Exception):  # a zip that was broken before is changed as bytes
            return _zip_changed(data, seed)[:largest]
    if seed % 4 and data[:3] == b"\x1f\x8b\x08":
        with contextlib.suppress(Exception):
            inner = gzip.decompress(data)
            return gzip.compress(atheris.Mutate(inner, len(inner) + 256), 1)[:largest]
    return atheris.Mutate(data, largest)


def _zip_changed(data: bytes, seed: int) -> bytes:
    import atheris

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        infos = old.infolist()
        chosen = seed // 4 % len(infos)
        for number, info in enumerate(infos):
            body = old.read(info)
            if number == chosen:
                body = atheris.Mutate(body, len(body) + 256)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                new.writestr(zipfile.ZipInfo(info.filename), body)
    return out.getvalue()


def seeds(reader: str, folder: str) -> None:
    """Write the seeds of a reader."""
    from reader_seeds import seeds_of

    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, data in seeds_of(reader).items():
        Path(folder, name.replace(" ", "-")).write_bytes(data)


def option(name: str) -> str:
    """Take an option of ours out of the command line and return its value."""
    if name not in sys.argv:
        return ""
    at = sys.argv.index(name)
    value = sys.argv[at + 1]
    del sys.argv[at : at + 2]
    return value


def main() -> None:
    """Fuzz, or write the seeds."""
    global COUNT
    reader, COUNT, made = option("--reader"), option("--count"), option("--seeds")
    if made:
        seeds(reader, made)
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag"]):
        from untag.readers import pick  # noqa: F401 - imported to be instrumented

        artifacts()
        containers()
        for door in texts().values():
            door.reader()
    if reader:
        atheris.Setup(sys.argv, lambda data: one(reader, data), custom_mutator=changed)
    else:
        atheris.Setup(sys.argv, named)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
