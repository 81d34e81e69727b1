"""Lists of a package's files are no tables: a path says nothing about the path above it. Names that say it all still do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from untag import scan
from untag.readers.base import Text
from untag.readers.manifest import is_manifest
from untag.readers.pick import format_of

if TYPE_CHECKING:
    from pathlib import Path

SUM = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
HEX = "ab" * 32
FILES = (
    *("face/__init__.py", "face/race/__init__.py", "face/models/Race.py", "face/age.py", "face/gender.py"),
    *("face/images/ethnicity.py", "face/Uyghur/x.py", "face/Han/x.py", "face/Tibetan/x.py", "face/locale/ug.po"),
)
MANIFESTS = {
    "foo-1.0.dist-info/RECORD": lambda: "".join(f"{p},{SUM},{n}\n" for n, p in enumerate(FILES)) + "foo/RECORD,,\n",
    "SHA256SUMS": lambda: "".join(f"{HEX}  {p}\n" for p in FILES),
    "sums.txt": lambda: "".join(f"SHA256 ({p}) = {HEX}\n" for p in FILES),
    "x.egg-info/SOURCES.txt": lambda: "".join(f"{p}\n" for p in FILES),
    "installed-files.txt": lambda: "".join(f"../{p}\n" for p in FILES),
    "pkg.list": lambda: "".join(f"/usr/lib/{p}\n" for p in FILES),
    "odd": lambda: "".join(f"{HEX} *{p}\n" for p in FILES),
}
MILD = tuple(p for p in FILES if "ace" not in p.removeprefix("face/") and "ethnicity" not in p)
"""Paths in which no name says anything by itself."""
TREES = {
    "paths.json": lambda: json.dumps({"paths": [{"_path": p, "sha256": HEX} for p in MILD]}, indent=1),
    "checksum.json": lambda: json.dumps({"files": dict.fromkeys(MILD, HEX)}),
    "asset-manifest.json": lambda: json.dumps({"files": {p: f"/static/{p}" for p in MILD}}, indent=1),
}


@pytest.mark.parametrize("name", [*MANIFESTS, *TREES])
def test_files_beside_each_other_say_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((MANIFESTS | TREES)[name](), "utf-8")
    assert [d.finding for d in scan(str(tmp_path)).decisions if d.action in ("block", "warn")] == []


@pytest.mark.parametrize("name", MANIFESTS)
def test_they_are_known(name: str) -> None:
    text = MANIFESTS[name]().encode()
    assert format_of(Text((name,), text)) == "list"
    assert format_of(Text((name,), text.replace(b"\n", b"\r\n"))) == "list"


def test_a_name_that_says_it_itself_is_found(tmp_path: Path) -> None:
    (tmp_path / "RECORD").write_text(f"v/__init__.py,{SUM},0\nv/face_ethnicity_classifier.so,{SUM},9\n", "utf-8")
    found = [d.finding for d in scan(str(tmp_path)).decisions if d.action in ("block", "warn")]
    assert [(f.attribute, f.line) for f in found] == [("ethnicity", 2)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("faces.csv", "image,age,race\na.jpg,1,White\nb.jpg,2,Black\n"),
        ("labels.csv", f"image,digest,race\na.txt,{SUM},White\nb.txt,{SUM},Black\nc.txt,{SUM},Asian\n"),
        ("files.txt", "White\nBlack\nAsian\nIndian\n"),
        ("files.txt", "train/African/1.jpg\ntrain/Asian/2.jpg\ntrain/Indian/3.jpg\n"),
        ("md5.txt", f"{HEX}  train/African/1.jpg\n{HEX}  train/Asian/2.jpg\n{HEX}  train/Indian/3.jpg\n"),
        ("notes.txt", "The race of the face is stored, see a/b.c and x.y.\nIt is kept.\n"),
        ("record", "A record of what was said.\nNo path stands here.\n"),
        ("data.csv", "path,size,1\nrace,ethnicity,2\n"),
    ],
)
def test_tables_lists_of_pictures_and_prose_are_not(name: str, text: str) -> None:
    assert not is_manifest(name, text.encode())


@pytest.mark.parametrize(
    "row", [b"a" * 4000, b"\\" * 4000, b"a.a" * 1300, b"(" * 4000, b"MD5 (" + b"(" * 4000, b"0" * 9000]
)
def test_long_rows_end_soon(row: bytes) -> None:
    assert is_manifest("record", row + b"," + b"\n" + row) in (True, False)
