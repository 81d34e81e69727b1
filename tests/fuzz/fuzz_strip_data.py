"""Atheris target: any table, annotation, database or dump into its editor; `StripError`, or an exact result.

The first byte chooses the name of the file, the second whether columns are chosen by name and whether the rest is the
file itself or edits of a good one. Laws: those of `editing`; what comes out is read again by another program than the
editor's: Python's own readers, SQLite, Arrow; and is without the column that went.

python tests/fuzz/fuzz_strip_data.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_strip_data.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
import sys
import tempfile
import warnings
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import editing

EDITORS = ("tables", "sqlite", "annotations", "migration")
NAMES = (
    *("a.csv", "a.tsv", "a.jsonl", "a.json", "coco.json", "voc.xml", "data.yaml", "dump.sql"),
    *("a.db", "a.parquet", "a.feather"),
)
ROWS = 12


def one(data: bytes) -> None:
    """Strip one file."""
    if len(data) < 2:
        return
    name, how, body = NAMES[data[0] % len(NAMES)], data[1], data[2:]
    if how & 2 or name in ("a.db", "a.parquet", "a.feather"):
        body = editing.edited(good(name), body)
    table = editing.finding("table face_capture", "ethnicity", attribute="ethnicity", fingerprint="p2")
    others = (
        editing.finding("ethnicity", attribute="ethnicity"),
        editing.finding("labels names", attribute="ethnicity", fingerprint="p3"),
    )
    findings = (table,) if name == "a.db" else (table, *others)
    choice: dict[str, Any] = {"outputs": ("ethnicity", "race")} if how & 1 else {}
    written = editing.strip(EDITORS, {name: body}, name, findings, unsafe=True, **choice)
    after = (written or {}).get(name)
    if after is None:
        return
    assert after != body, "an edit that changes nothing"
    _read(name, body, after)


def _read(name: str, before: bytes, after: bytes) -> None:
    """Read a result with another program than the editor's."""
    if name.endswith(".json"):
        _strict(before, after)
    elif name.endswith(".jsonl"):
        _records(before, after)
    elif name.endswith(".xml"):
        ET.fromstring(after)
    elif name.endswith((".csv", ".tsv")):
        _columns(before, after)
    elif name.endswith(".db"):
        _database(after)
    elif name.endswith((".parquet", ".feather")):
        _arrow(name, before, after)


def _records(before: bytes, after: bytes) -> None:
    """Hold each line that was JSON to being JSON still; lines that are none stay as they are."""
    old, new = before.split(b"\n"), after.split(b"\n")
    assert len(old) == len(new), "another number of lines"
    for was, now in zip(old, new, strict=True):
        _strict(was, now)


def _strict(before: bytes, after: bytes) -> None:
    """Hold what was JSON, as the standard has it, to being JSON still; the editor reads a little more than that."""
    try:
        json.loads(before)
    except (ValueError, RecursionError):
        return
    json.loads(after)


def _columns(before: bytes, after: bytes) -> None:
    """Hold a table of a plain form to having as many rows as before, each a little shorter."""
    if (
        any(mark in before for mark in (b'"', b"'", b"\0", b"\r", b"\\", b";", b"|", b"\x1f\x8b"))
        or not before.isascii()
    ):
        return
    old, new = before.split(b"\n"), after.split(b"\n")
    assert len(old) == len(new), "another number of rows"
    head = next(csv.reader([new[0].decode()]), [])
    assert "ethnicity" not in head, "the column still stands"


def _database(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.db")
        path.write_bytes(data)
        with contextlib.closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the database is damaged"


def _arrow(name: str, before: bytes, after: bytes) -> None:
    """Hold a file that Arrow reads to the same columns with the same values, less those that went."""
    import pyarrow as pa
    import pyarrow.feather as pf
    import pyarrow.parquet as pq

    def reader(data: bytes) -> pa.Table:
        # threads of Arrow that meet a damaged page may wait for each other without end
        if name.endswith(".parquet"):
            return pq.ParquetFile(io.BytesIO(data), pre_buffer=False).read(use_threads=False)
        return pf.read_table(io.BytesIO(data), use_threads=False)

    try:
        old = reader(before)
        old.validate(full=True)
    except (OSError, ValueError, pa.ArrowException):
        return  # what stays is copied, not read: a damaged page stays one
    new = reader(after)
    assert "ethnicity" not in new.column_names, "the column still stands"
    assert new.equals(old.select(new.column_names)), "a kept column changed"


@cache
def good(name: str) -> bytes:
    """Return a file of a kind that holds the column."""
    rows = [{"image": f"{n}.jpg", "age": n, "ethnicity": ["x", "y"][n % 2]} for n in range(ROWS)]
    text = {
        "a.csv": "image,age,ethnicity\n" + "".join(f"{r['image']},{r['age']},{r['ethnicity']}\n" for r in rows),
        "a.tsv": "image\tage\tethnicity\n" + "".join(f'"{r["image"]}"\t{r["age"]}\t{r["ethnicity"]}\r\n' for r in rows),
        "a.jsonl": "".join(json.dumps(r) + "\n" for r in rows),
        "a.json": json.dumps(rows[:4]),
        "coco.json": json.dumps(
            {
                "images": [{"id": 1, "file_name": "a"}],
                "annotations": [{"id": 1, "image_id": 1, "category_id": 2, "ethnicity": "x"}],
                "categories": [{"id": 2, "name": "Han face"}, {"id": 3, "name": "car"}],
            }
        ),
        "voc.xml": "<annotation><object><name>face</name><ethnicity>x</ethnicity><bndbox/></object></annotation>",
        "data.yaml": "nc: 2\nnames: [car, Han face]\ntrain: x\n",
        "dump.sql": "CREATE TABLE face_capture (id int, ethnicity text);\nINSERT INTO face_capture VALUES (1, 'x');\n",
    }.get(name)
    return text.encode() if text is not None else _made(name, rows)


def _made(name: str, rows: list[dict[str, Any]]) -> bytes:
    if name.endswith(".db"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.db")
            with contextlib.closing(sqlite3.connect(path)) as db:
                db.execute("PRAGMA page_size = 512")
                db.execute("CREATE TABLE face_capture (id INTEGER PRIMARY KEY, ethnicity TEXT, age INT)")
                values = [(n, "a long value that is there" * 3, n) for n in range(9)]
                db.executemany("INSERT INTO face_capture VALUES (?, ?, ?)", values)
                db.execute("CREATE INDEX i ON face_capture (ethnicity)")
                db.commit()
            return path.read_bytes()
    import pyarrow as pa
    import pyarrow.feather as pf
    import pyarrow.parquet as pq

    out = io.BytesIO()
    table = pa.Table.from_pylist(rows)
    if name.endswith(".parquet"):
        pq.write_table(table, out, row_group_size=5, write_page_index=True)
    else:
        pf.write_feather(table, out)
    return out.getvalue()


def samples() -> dict[str, bytes]:
    """Return the seeds by name."""
    made = {
        name.replace(".", "_"): bytes((NAMES.index(name), 2 if name[-2:] in ("db", "et", "er") else 0))
        + (b"" if name[-2:] in ("db", "et", "er") else good(name)[:400])
        for name in NAMES
    }
    return made | {
        "quoted": bytes((0, 0)) + b'"a;""b","ethnicity"\r\n"1\n2",x\r\n3,"y"\r\n',
        "named": bytes((2, 1)) + b'{"race": 1, "ethnicity": [1, {"ethnicity": 2}], "a": "\\ud800"}\n',
        "control": bytes((4, 0)) + good("coco.json").replace(b"car", b"c\nr"),
        "edits": bytes((9, 3)) + b"\x01\x00\x04\x05\xff\x10\x00\x00",
    }


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        editing.write(sys.argv[sys.argv.index("--seeds") + 1], samples())
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag.strip"]):
        for name in EDITORS:
            editing.editor(name)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
