"""Small tables of every format, made by code: faces with groups, neutral twins, and what tests ask of them."""

from __future__ import annotations

import io
import json
import random
import sqlite3
import struct
import tempfile
from pathlib import Path

from untag import scan
from untag.readers.artifacts.tables.tfrecord import masked

ROWS = 600
GROUPS = ("White", "Black", "Asian", "Indian", "Middle Eastern")
PATHS = [f"img/{i}.jpg" for i in range(ROWS)]


def some(*values):
    draw = random.Random(7)
    return [draw.choice(values) for _ in range(ROWS)]


AGES = [i % 90 for i in range(ROWS)]
TOLD = {
    "image_path": PATHS,
    "face_box": ["1 2 3 4"] * ROWS,
    "age": AGES,
    "gender": some("f", "m"),
    "race": some(*GROUPS),
}
"""A column that says what it is."""
LABELLED = {"image_path": PATHS, "face_box": ["1 2 3 4"] * ROWS, "label": some(*GROUPS)}
"""A column of which only the values tell."""
CODED = {
    "face_image": PATHS,
    "age": AGES,
    "gender": some(0, 1),
    "glasses": some(0, 1),
    "ethnicity": some(0, 1, 2, 3, 4),
}
"""A column of numbers."""
NEUTRAL = {
    "twin": {"image_path": PATHS, "age": AGES, "emotion": some("sad", "happy"), "dog_breed": some("pug", "collie")},
    "restaurants": {"name": PATHS, "photo": PATHS, "cuisine": some("Chinese", "Indian", "Mexican"), "stars": AGES},
    "languages": {"lang": some("Uyghur", "Tibetan", "Kazakh"), "iso": some("ug", "bo", "kk"), "text": PATHS},
    "countries": {
        "country": some("China", "India"),
        "flag_image": PATHS,
        "demonym": some("Chinese", "Indian", "Kenyan"),
    },
    "employees": {
        "employee_id": AGES,
        "hire_date": PATHS,
        "department": some("sales", "legal"),
        "ethnicity_self_reported": some("White", "Black", "Prefer not to say"),
        "consent": some("yes", "no"),
    },
    "trial": {
        "trial_id": AGES,
        "arm": some("placebo", "drug"),
        "race": some(*GROUPS),
        "n_participants": AGES,
        "p_value": AGES,
    },
    "horses": {"race": some("Derby", "Ascot"), "horse": PATHS, "jockey": PATHS, "odds": AGES, "photo_finish": PATHS},
}
"""Tables in which nothing is said about pictured people."""


def run(data, name="faces.bin"):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return scan(str(path))


def hard(report):
    """What blocks or warns, as rule, attribute and route."""
    found = [d for d in report.decisions if d.action in ("block", "warn")]
    return [(d.finding.attribute, d.finding.route) for d in found]


def reasons(report):
    return sorted({gap.reason for gap in report.gaps})


def words(report):
    """Everything of the findings that a report may show."""
    return " ".join(str(f) for f in report.findings)


def rows(table):
    names = list(table)
    return [dict(zip(names, cells, strict=True)) for cells in zip(*table.values(), strict=True)]


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def sqlite(table, name="faces", ddl="", also=()):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        base = sqlite3.connect(path)
        columns = ", ".join(f'"{c}"' for c in table)
        base.execute(ddl or f"CREATE TABLE {name} ({columns})")
        base.executemany(
            f"INSERT INTO {name} VALUES ({', '.join('?' * len(table))})", zip(*table.values(), strict=True)
        )
        for statement in also:
            base.execute(statement)
        base.commit()
        base.close()
        return path.read_bytes()


def bson(table):
    return b"".join(document(row) for row in rows(table))


def document(row):
    out = b""
    for key, value in row.items():
        name = key.encode() + b"\0"
        if isinstance(value, dict | list):
            inner = value if isinstance(value, dict) else {str(i): v for i, v in enumerate(value)}
            out += (b"\3" if isinstance(value, dict) else b"\4") + name + document(inner)
        elif isinstance(value, str):
            text = value.encode() + b"\0"
            out += b"\2" + name + struct.pack("<i", len(text)) + text
        else:
            out += b"\x10" + name + struct.pack("<i", value)
    return struct.pack("<i", len(out) + 5) + out + b"\0"


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def example(row):
    features = b""
    for key, value in row.items():
        inner = field(1, field(1, value.encode())) if isinstance(value, str) else field(3, field(1, varint(value)))
        features += field(1, field(1, key.encode()) + field(2, inner))
    return field(1, features)


def tfrecord(table):
    out = b""
    for row in rows(table):
        data = example(row)
        head = struct.pack("<Q", len(data))
        out += head + struct.pack("<I", masked(head)) + data + b"\0\0\0\0"
    return out


def avro(fields, doc=""):
    schema = {"type": "record", "name": "Capture", "doc": doc, "fields": fields}
    out = b"Obj\x01" + varint(2 * 2)
    for key, value in (("avro.codec", "null"), ("avro.schema", json.dumps(schema))):
        out += varint(2 * len(key)) + key.encode() + varint(2 * len(value)) + value.encode()
    return out + b"\0" + bytes(16)


def lmdb(pairs):
    """Make an environment whose one leaf page holds a few pairs."""
    page = 4096

    def meta(number, transaction):
        head = struct.pack("<QHHHH", number, 0, 8, 0, 0)
        free = struct.pack("<IHHQQQQQ", page, 0, 0, 0, 0, 0, 0, (1 << 64) - 1)
        main = struct.pack("<IHHQQQQQ", 0, 0, 1, 0, 1, 0, len(pairs), 2)
        body = struct.pack("<IIQQ", 0xBEEFC0DE, 1, 0, 1 << 20) + free + main + struct.pack("<QQ", 2, transaction)
        return (head + body).ljust(page, b"\0")

    pointers, nodes, top = b"", b"", page
    for key, value in sorted(pairs):
        node = struct.pack("<HHHH", len(value), 0, 0, len(key)) + key + value
        node += b"\0" * (len(node) % 2)
        top -= len(node)
        nodes = node + nodes
        pointers += struct.pack("<H", top)
    leaf = struct.pack("<QHHHH", 2, 0, 2, 16 + len(pointers), top) + pointers
    return meta(0, 1) + meta(1, 2) + leaf + b"\0" * (top - len(leaf)) + nodes


def parquet(table, metadata=None, **options):
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = pa.table(table)
    if metadata:
        made = made.replace_schema_metadata(metadata)
    out = io.BytesIO()
    pq.write_table(made, out, **options)
    return out.getvalue()


def feather(table, metadata=None, compression="uncompressed", coded=()):
    import pyarrow as pa
    import pyarrow.feather as pf

    made = pa.table({k: pa.array(v).dictionary_encode() if k in coded else v for k, v in table.items()})
    if metadata:
        made = made.replace_schema_metadata(metadata)
    out = io.BytesIO()
    pf.write_feather(made, out, compression=compression)
    return out.getvalue()


def stream(table, metadata=None):
    import pyarrow as pa

    made = pa.table(table)
    if metadata:
        made = made.replace_schema_metadata(metadata)
    out = io.BytesIO()
    with pa.ipc.new_stream(out, made.schema) as writer:
        writer.write_table(made, max_chunksize=100)
    return out.getvalue()


def duckdb(*statements):
    import duckdb as library

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.duckdb"
        base = library.connect(str(path))
        for statement in statements:
            base.execute(statement)
        base.close()
        return path.read_bytes()


FEATURES = {"face": {"_type": "Image"}, "label": {"_type": "ClassLabel", "names": ["Uyghur", "Han", "Tibetan"]}}
HUGGINGFACE = {"huggingface": json.dumps({"info": {"features": FEATURES}})}
