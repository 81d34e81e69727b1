"""Parts of structured files: laid out as a text, judged like one, and never lost to an error that comes after."""

from contextlib import nullcontext

import pytest

from untag import scan
from untag.engine import Scanner
from untag.errors import ReadError
from untag.limits import Budget
from untag.match import store
from untag.model import Blob, Gap, Scope
from untag.packages import Packages
from untag.readers.base import Part
from untag.structured import Sheaf, places, told

LEXICON = store.load()
MODEL = Scope("model", "faces", (), "reads images of faces", Scope("file", "m.bin"))
OUTPUTS = Scope("outputs", "", ("age_output", "gender_output", "race_output"), "", MODEL)


class Reader:
    """A reader that says what it is told to say."""

    name, version, formats = "made", 1, ("made",)

    def __init__(self, *items, error=None):
        self.items, self.error = items, error

    def claims(self, head, name, tail):
        return True

    def parts(self, blob, budget, deadline):
        yield from self.items
        if self.error is not None:
            raise self.error


def outputs():
    return [Part(name, "member", OUTPUTS, f"output {name} float32[1, 5]") for name in OUTPUTS.members]


def judged(*items, error=None):
    scanner = Scanner(LEXICON, None, Packages())
    scanner._structured(Reader(*items, error=error), Blob(("m.bin",), b"\0"), 0)
    return scanner.take()


def test_parts_are_judged_in_their_scope():
    tally = judged(*outputs())
    assert [(f.attribute, f.route, f.line) for f in tally.findings] == [("race", ("model faces", "race_output"), 0)]
    assert tally.coverage.parsed == 1
    assert tally.readers == {("made", 1)}


@pytest.mark.parametrize("error", [ReadError("truncated", "ends early"), MemoryError()])
def test_what_was_said_before_an_error_is_kept(error):
    scanner = Scanner(LEXICON, None, Packages())
    items = []
    with pytest.raises(MemoryError) if isinstance(error, MemoryError) else nullcontext():
        items += told(Reader(*outputs(), error=error), Blob(("m.bin",), b"\0"), Budget(), LEXICON.anchors)
    if isinstance(error, ReadError):
        assert [i.reason for i in items if isinstance(i, Gap)] == ["truncated"]
        scanner._sheaf(next(i for i in items if isinstance(i, Sheaf)))
        assert scanner.take().findings


def test_what_is_said_of_a_scope_stands_above_it_once():
    sheaf = Sheaf(("m.bin",))
    for part in outputs():
        sheaf.add(part)
    assert sheaf.text().data.count(b"reads images of faces") == 1


def test_tables_are_not_near_each_other():
    sheaf = Sheaf(("book.xlsx",))
    for name in ("alarms", "people"):
        sheaf.add(Part("name", "member", Scope("table", name, ("name",))))
    assert b"\n" * 8 in sheaf.text().data


def test_a_file_of_plain_strings_is_parsed_only_where_an_anchor_stands():
    reader = Reader()
    reader.verbatim = ("utf-8",)
    assert places(reader, Blob(("a",), b"\0age\0gender\0"), LEXICON.anchors) == []
    assert places(reader, Blob(("a",), b"\0age\0ethnicity\0"), LEXICON.anchors)
    assert places(Reader(), Blob(("a",), b""), LEXICON.anchors) is None


@pytest.mark.parametrize(
    ("folders", "found"),
    [(("African", "Asian", "Caucasian", "Indian"), True), (("happy", "sad", "angry", "neutral"), False)],
)
def test_folders_of_pictures_are_labels(tmp_path, folders, found):
    for folder in folders:
        inner = tmp_path / "faces" / "train" / folder
        inner.mkdir(parents=True)
        for i in range(8):
            (inner / f"{i:04}.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    report = scan(str(tmp_path))
    assert bool([d for d in report.decisions if d.action in ("block", "warn")]) is found


def test_ocr_is_asked_for_scan_by_scan(tmp_path):
    from untag.readers.artifacts.documents import ocr

    (tmp_path / "a.txt").write_text("nothing\n")
    try:
        scan(str(tmp_path), ocr=True)
        assert ocr.asked()
        scan(str(tmp_path))
        assert not ocr.asked()
    finally:
        ocr.ask(on=False)
