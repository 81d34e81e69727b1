"""One pool of sound small files, made by code, for the fuzz target of single readers: each reader takes those that it claims.

`tests/readers/test_fuzz_reach.py` holds that each reader has one from which it tells something: a reader without
a seed would be fuzzed in name only.
"""

from __future__ import annotations

import base64
import io
import sys
from functools import cache
from pathlib import Path

for folder in ("readers", "properties"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))

TEXT = [("h", "Face"), ("p", "识别 the face of a person."), ("t", [["field", "type"], ["race", "int"]])]
SHEETS = {"S": [["face", "race"], ["a.jpg", "b"]]}
TEXTS: dict[str, str] = {
    "voc.xml": "<annotation><object><name>face</name><attributes><attribute><name>race</name><value>a</value>"
    "</attribute></attributes><bndbox><xmin>1</xmin></bndbox></object></annotation>",
    "studio.json": '[{"data": {"image": "a.jpg"}, "annotations": [{"result": [{"from_name": "race", "to_name": "img",'
    ' "value": {"choices": ["White", "Black"]}}]}]}]',
    "dataset_infos.json": '{"d": {"features": {"image": {"_type": "Image"}, "race": {"names": ["White", "Black"], "_type": "ClassLabel"}}}}',
    "index.json": '{"mappings": {"properties": {"face": {"type": "dense_vector"}, "race": {"type": "keyword"}}}}',
    "coco.json": '{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "bbox": [1, 2, 3, 4],'
    ' "attributes": {"race": "White"}, "caption": "a man"}], "categories": [{"id": 1, "name": "Uyghur", "supercategory": "person"}]}',
    "README.md": "---\ndataset_info:\n  features:\n  - name: image\n    dtype: image\n  - name: race\n    dtype:\n      class_label:\n"
    "        names:\n          '0': White\n          '1': Black\n---\n# Faces\n",
    "dump.sql": "-- PostgreSQL database dump\nCREATE TABLE faces (\n    id integer,\n    image text,\n    race text\n);\n"
    "COPY faces (id, image, race) FROM stdin;\n1\ta.jpg\tWhite\n2\tb.jpg\tBlack\n\\.\n"
    "INSERT INTO `faces` VALUES (1,'a.jpg','White'),(2,'b.jpg','Black');\n",
    "labels.txt": "White\nBlack\nAsian\nIndian\n",
    "label_map.pbtxt": "item {\n  id: 1\n  name: 'White'\n}\nitem {\n  id: 2\n  display_name: 'Black'\n}\n",
    "data.yaml": "train: images/train\nval: images/val\nnc: 3\nnames: [car, Uyghur, Han]\n",
    "data2.yaml": "path: .\ntrain: a\nnames:\n  0: car\n  1: Uyghur\n",
    "captions.txt": "image,caption\na.jpg,an asian man\nb.jpg,a black woman\n",
    "words.txt": "".join(f"word{i}\nUyghur\n" for i in range(200)),
    "faces.csv": "image,age,gender,race\na.jpg,1,m,White\nb.jpg,2,f,Black\n",
    "bulk.ndjson": '{"index": {"_index": "faces"}}\n{"image": "a.jpg", "bbox": [1], "race": "White"}\n',
    "empty.unknown": "race = 1\n",
}
"""Small texts of the formats that the property tests do not hold."""


def _pixel() -> bytes:
    return base64.b64decode(
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    )


def _documents() -> dict[str, bytes]:
    import document_files as make

    return {
        "a.docx": make.docx(TEXT), "a.pptx": make.pptx(TEXT), "a.xlsx": make.xlsx(SHEETS), "a.odt": make.odt(TEXT),
        "a.ods": make.ods(SHEETS), "a.odp": make.odp(TEXT), "a.epub": make.epub(TEXT), "a.rtf": make.rtf(TEXT),
        "a.eml": make.eml(TEXT), "a.doc": make.doc(TEXT), "a.xls": make.xls(SHEETS), "a.ppt": make.ppt(TEXT),
        "a.pdf": make.pdf(TEXT), "attached.pdf": make.pdf(TEXT, attachments={"a.txt": b"race"}), "a.png": _pixel(),
    }  # fmt: skip


def _tables() -> dict[str, bytes]:
    import table_files as made
    from test_tables_laws import READERS, few, valid

    out = {f"a.{name}": valid(name) for name in READERS}
    table = few(made.TOLD)
    out["plain.parquet"] = made.parquet(table, compression="none", use_dictionary=False)
    out["coded.parquet"] = made.parquet(few(made.CODED), made.HUGGINGFACE, compression="gzip")
    out["zstd.parquet"] = made.parquet(table, compression="zstd")
    out["stream.arrow"] = made.stream(table)
    out["lz4.feather"] = made.feather(table, compression="lz4")
    out["a.duckdb"] = made.duckdb("CREATE TABLE faces (image TEXT, race TEXT)", "INSERT INTO faces VALUES ('a', 'b')")
    out["live"] = (
        b'\0untag-table/1\n{"name": "faces", "doc": "of faces", "rows": 2, "kind": "table", "columns": [{"name": "race",'
        b' "kind": "enum(\'a\',\'b\')", "doc": "", "classes": [], "values": ["a", "b"], "sampled": true, "seen": 2}],'
        b' "checks": [[["race"], "race IN (\'a\', \'b\')"]]}'
    )
    return out


def _weights() -> dict[str, bytes]:
    import tensor_files as made
    from test_tensors_scan import made as all_of

    out = dict(all_of("race"))
    out["a.npy"] = made.npy(made.GROUPS)
    out["bare.h5"] = made.hdf5_bare(["race_head"], made.keras_config())
    try:
        import h5py
    except ImportError:
        return out
    body = io.BytesIO()
    with h5py.File(body, "w") as file:
        file.attrs["model_config"] = made.keras_config()
        file.attrs["classes"] = ["White", "Black"]
        file.create_group("race_head").create_dataset("kernel", data=[1.0, 2.0])
        file.create_dataset("labels", data=["White", "Black"])
    return out | {"a.h5": body.getvalue()}


def _programs() -> dict[str, bytes]:
    import native_made as native
    from test_programs_formats import FORMS, build
    from test_programs_images import FORMS as IMAGES

    out = {f"program.{form}": build(form, planted=True) for form in FORMS} | {f"{k}.tar": v for k, v in IMAGES.items()}
    return out | {
        "a.so": native.elf(native.PLANTED),
        "big.so": native.elf(native.PLANTED, long=False, big=True),
        "a.dll": native.pe(native.PLANTED, version=None),
        "a.dylib": native.macho_thin(native.PLANTED, trie=("_a", "_ab")),
        "fat.dylib": native.macho_fat(native.PLANTED),
    }


@cache
def pool() -> dict[str, bytes]:
    """Return every seed by the name of its file."""
    from model_bytes import PROTECTED, VALID
    from model_texts import TEXTS as MODELS
    from reader_sources import HOSTS, filled
    from test_containers_laws import SEEDS

    return {
        **{name: make(PROTECTED) for name, make in VALID.items()},
        **{name: make(PROTECTED).encode() for name, make in MODELS.items()},
        **_documents(), **_tables(), **_weights(), **_programs(), **SEEDS,
        **{name: filled(name, "race") for name in HOSTS},
        **{name: text.encode() for name, text in TEXTS.items()},
    }  # fmt: skip


def names() -> tuple[str, ...]:
    """Return the readers of ``untag readers``, in its order."""
    from untag.readers import TEXT_READERS
    from untag.readers.artifacts import DOORS
    from untag.readers.containers import CONTAINERS

    return tuple(one.name for one in (*CONTAINERS, *DOORS, *TEXT_READERS))


def seeds_of(reader: str) -> dict[str, bytes]:
    """Return what a reader claims of the pool, as inputs of ``fuzz_each.py``: a text stands behind its file's name."""
    from fuzz_each import claimed, texts

    if reader in texts():
        told = {name: data for name, data in pool().items() if _is_text(data)}
        given = {
            name + mark: f"{name}{mark}\n".encode() + data for name, data in told.items() for mark in ("", "*", "**")
        }
    else:
        given = pool()
    return {name: data for name, data in given.items() if claimed(reader, data)}


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False
