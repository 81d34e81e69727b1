"""Broken and hostile files: each editor gives a clear error or an exact result, and never anything else."""

import json
import random
import sqlite3
from contextlib import closing
from importlib import import_module

import pyarrow as pa
import pyarrow.feather as pf
import pyarrow.parquet as pq
import pytest
from test_tables_csv import finding, unit

from untag.strip.base import Choice, Edit, StripError

NAMES = ("tables", "sqlite", "annotations", "migration")
EDITORS = [import_module(f"untag.strip.editors.{name}").EDITOR for name in NAMES]
FINDINGS = (
    finding("ethnicity"),
    finding("table face_capture", "ethnicity", print_="p2"),
    finding("labels names", print_="p3"),
)


def samples(tmp_path):
    rows = [{"image": f"{n}.jpg", "age": n, "ethnicity": ["Han", "Hui"][n % 2]} for n in range(30)]
    table = pa.Table.from_pylist(rows)
    coco = {
        "images": [{"id": 1, "file_name": "a"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 2, "ethnicity": "x"}],
        "categories": [{"id": 2, "name": "Han face"}, {"id": 3, "name": "car"}],
    }
    out = {
        "a.csv": "image,age,ethnicity\n" + "".join(f'"{r["image"]}",{r["age"]},{r["ethnicity"]}\n' for r in rows),
        "a.jsonl": "".join(json.dumps(r) + "\n" for r in rows),
        "a.json": json.dumps(rows),
        "coco.json": json.dumps(coco),
        "voc.xml": "<annotation><object><name>face</name><ethnicity>x</ethnicity><bndbox><xmin>1</xmin></bndbox></object></annotation>",
        "data.yaml": "nc: 2\nnames: [car, Han face]\ntrain: x\n",
        "dump.sql": "CREATE TABLE face_capture (id int, ethnicity text);\nINSERT INTO face_capture VALUES (1, 'x');\n",
    }
    for name, text in out.items():
        (tmp_path / name).write_text(text)
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=9, write_page_index=True)
    pf.write_feather(table, tmp_path / "a.feather")
    with closing(sqlite3.connect(tmp_path / "a.db")) as db:
        db.execute("CREATE TABLE face_capture (id INTEGER PRIMARY KEY, ethnicity TEXT, age INT)")
        db.executemany("INSERT INTO face_capture VALUES (?, ?, ?)", [(n, "Han people", n) for n in range(200)])
        db.execute("CREATE INDEX i ON face_capture (ethnicity)")
        db.commit()
    return {p.name: p.read_bytes() for p in tmp_path.iterdir()}


def broken(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5])):
        if not data:
            break
        at = rng.randrange(len(data))
        what = rng.randrange(5)
        if what == 0:
            data[at] = rng.randrange(256)
        elif what == 1:
            del data[at : at + rng.randrange(1, 40)]
        elif what == 2:
            data[at:at] = rng.choice(
                [b'"', b"\0", b"\r", b"{", b"]", b"<", b",", b"\xff" * 9, b"\\", bytes(data[at : at + 30])]
            )
        elif what == 3:
            del data[at:]
        else:
            data[at] ^= 1 << rng.randrange(8)
    return bytes(data)


@pytest.mark.parametrize("seed", range(6))
def test_no_file_brings_an_editor_down(tmp_path, seed):
    rng = random.Random(seed)
    good = samples(tmp_path)
    staging = tmp_path / "staging"
    for number in range(8):
        for name, data in sorted(good.items()):
            path = tmp_path / name
            path.write_bytes(data if not number and not seed else broken(rng, data))
            one = unit(path, *FINDINGS)
            before = path.read_bytes()
            editor = next((e for e in EDITORS if e.takes(one)), None)
            if editor is None:
                continue
            try:
                edits = [
                    e
                    for e in editor.plan(one, Choice())
                    if isinstance(e, Edit) and (e.safety != "manual" or e.kind == "migration")
                ]
                if edits:
                    outcome = editor.apply(one, edits, staging)
                    assert all(c.passed for c in outcome.checks)
                    assert all((staging / w).is_file() for w in outcome.written)
            except StripError as caught:
                error = str(caught)
                assert 0 < len(error) < 600
                assert not [p for p in staging.rglob("*") if p.is_file()]
            assert path.read_bytes() == before
            assert not list(staging.rglob(".*"))
            if not number and not seed:
                assert edits, name
            if staging.exists():
                for left in staging.rglob("*"):
                    if left.is_file():
                        left.unlink()
