"""DuckDB files, read by DuckDB itself (the extra ``duckdb``) in a child process with limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import LimitError
from untag.model import Blob, Gap
from untag.readers.artifacts.tables.columns import Column, Table, ValueSet, table_parts
from untag.readers.artifacts.tables.ddl import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

COPY: Final = 4 << 30
"""Bytes of the largest file that is copied for the child, which opens files by name only."""
CHUNK: Final = 4 << 20
OUTPUT: Final = 64 << 20
"""Bytes that the child may say."""
SPARE: Final = 2.0
"""Seconds kept back from the deadline to judge what was read."""


class DuckdbReader:
    """Reads DuckDB databases."""

    name = "duckdb"
    version = 1
    formats: tuple[str, ...] = ("duckdb",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format."""
        return head[8:12] == b"DUCK"

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield each table with its columns and value sets, and views as a text."""
        if find_spec("duckdb") is None:
            yield Gap(blob.trail, "missing_extra", "DuckDB files need pip install 'untag[duckdb]'")
            return
        if len(blob.data) > COPY:
            raise LimitError(f"a DuckDB file of more than {COPY:,} bytes")
        with tempfile.TemporaryDirectory(prefix="untag-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "copy.duckdb"
            with path.open("wb") as copy:
                for at in range(0, len(blob.data), CHUNK):
                    deadline.check()
                    copy.write(blob.data[at : at + CHUNK])
            with (Path(folder) / "said").open("w+b") as said:
                trouble = _run(path, said, deadline)
                said.seek(0)
                for line in said.read(OUTPUT).splitlines():
                    yield from _told(blob, line)
        if trouble:
            yield Gap(blob.trail, *trouble)


def _run(path: Path, said: IO[bytes], deadline: Deadline) -> tuple[str, str] | None:
    """Run the child; return reason and detail of a `Gap` where it did not end well."""
    child = Path(__file__).with_name("duckdb_child.py")
    kept = {k: v for k, v in os.environ.items() if k in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH", "LANG")}
    env = {**kept, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "HOME": str(path.parent)}
    seconds = max(1.0, deadline.at - time.monotonic() - SPARE)
    try:
        done = subprocess.run(  # noqa: S603 - our own program on a copy of our own
            [sys.executable, "-P", str(child), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.DEVNULL,
            env=env,
            cwd=path.parent,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "limit", "reading took too long"
    if done.returncode:
        return "corrupt", "DuckDB ended before the file did"
    return None


def _told(blob: Blob, line: bytes) -> Iterator[Part | Blob | Gap]:
    """Yield what one line of the child says."""
    try:
        told = json.loads(line)
    except ValueError:
        return
    if told["kind"] == "error":
        yield Gap(blob.trail, told["reason"], f"DuckDB cannot read it: {told['detail']}")
    elif told["kind"] == "views" and told["sql"]:
        yield Blob((*blob.trail, "views.sql"), told["sql"].encode("utf-8", "replace"))
    elif told["kind"] == "table":
        columns = [_column(c, told) for c in told["columns"]]
        yield from table_parts(blob.trail, Table(told["name"], columns, told["doc"], told["rows"]))


def _column(raw: list[Any], told: dict[str, Any]) -> Column:
    name, kind, doc, seen = raw
    classes = tuple(t.text for t in tokens(kind) if t.kind == "string") if kind.startswith("ENUM") else ()
    out = Column(name, "ENUM" if classes else kind[:100], doc, classes=classes)
    if seen is not None and not classes:
        out.values = ValueSet(sampled=told["sampled"])
        for value in seen:
            out.values.text(value)
        out.values.seen = min(told["rows"], 20_000)
    return out
