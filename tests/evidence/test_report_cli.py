"""``untag report`` and ``scan --format html|pdf`` as a person runs them."""

import hashlib
import io
import json
import tarfile
import zipfile

import pytest
from html_values import decision, many, report

from untag.cli import main
from untag.cli.report import write_scanned
from untag.sinks.html.dossier import canonical


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.json").write_bytes(canonical(many()))
    return tmp_path


def test_a_page_is_written_whole(folder):
    assert main(["report", "r.json", "-o", "out.html"]) == 0
    assert (folder / "out.html").read_text("utf-8").endswith("</html>\n")
    assert sorted(p.name for p in folder.iterdir()) == ["out.html", "r.json"]


def test_the_digest_is_of_the_bytes_on_disk(folder):
    data = (folder / "r.json").read_bytes().replace(b'"schema"', b' "schema"')
    (folder / "r.json").write_bytes(data)
    assert main(["report", "r.json", "-o", "out.html"]) == 0
    text = (folder / "out.html").read_text("utf-8")
    assert hashlib.sha256(data).hexdigest() in text
    assert "not byte for byte" in text


def test_what_is_told_of_the_subject_stands_on_the_page(folder):
    (folder / "sdk.zip").write_bytes(b"PK no zip, only bytes")
    told = ["--subject", "sdk.zip", "--source", "https://example.org/sdk.zip", "--fetched", "2026-11-22T07:45:00Z"]
    assert main(["report", "r.json", "-o", "out.html", *told]) == 0
    text = (folder / "out.html").read_text("utf-8")
    for wanted in (
        hashlib.sha256(b"PK no zip, only bytes").hexdigest(),
        "https://example.org/sdk.zip",
        "2026-11-22T07:45:00Z",
        "(21 bytes)",
    ):
        assert wanted in text
    assert "not stated" not in text


def test_what_the_report_states_of_its_subject_stands_on_the_page(folder):
    """A scan of one file states its digest: it is shown untold, and held against what is told."""
    with zipfile.ZipFile(folder / "sdk.zip", "w") as packed:
        packed.writestr("FaceObject.java", "class FaceObject { int age; String ethicCode; }")
    digest = hashlib.sha256((folder / "sdk.zip").read_bytes()).hexdigest()
    assert main(["scan", "sdk.zip", "--format", "json", "-o", "own.json"]) == 1
    assert digest in (folder / "own.json").read_text("utf-8")
    assert main(["report", "own.json", "-o", "out.html", "--source", "a disk", "--fetched", "2026-11-22"]) == 0
    text = (folder / "out.html").read_text("utf-8")
    assert digest in text
    assert "a disk" in text
    assert "2026-11-22" in text
    assert "not stated" not in text
    assert main(["report", "own.json", "-o", "same.html", "--subject", "sdk.zip"]) == 0
    (folder / "other.zip").write_bytes(b"other bytes")
    assert main(["report", "own.json", "-o", "other.html", "--subject", "other.zip"]) == 2
    assert not (folder / "other.html").exists()


def test_several_scanned_files_are_named_with_their_digests(folder):
    for name in ("a.java", "b.java"):
        (folder / name).write_text(f"class FaceObject {{ int age; String ethicCode; }} // {name}", "utf-8")
    assert main(["scan", "a.java", "b.java", "--format", "json", "-o", "own.json"]) == 1
    assert main(["report", "own.json", "-o", "out.html"]) == 0
    text = (folder / "out.html").read_text("utf-8")
    for name in ("a.java", "b.java"):
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() in text


@pytest.mark.parametrize("kind", ["zip", "tar", "folder"])
def test_the_names_in_the_subject_are_compared_across_languages(folder, kind):
    outer = "sdk.zip" if kind != "folder" else ""
    trail = (outer, "docs/zh/face.md") if outer else ("docs/zh/face.md",)
    (folder / "r.json").write_bytes(canonical(report(decision(operation="documents", trail=trail))))
    names = ["docs/zh/face.md", "docs/en/face.md"]
    if kind == "zip":
        with zipfile.ZipFile(folder / "sdk.zip", "w") as packed:
            for name in names:
                packed.writestr(name, "x")
    elif kind == "tar":
        with tarfile.open(folder / "sdk.zip", "w:gz") as tape:
            for name in names:
                tape.addfile(tarfile.TarInfo(name), io.BytesIO())
    else:
        for name in names:
            (folder / "sdk.zip" / name).parent.mkdir(parents=True)
            (folder / "sdk.zip" / name).write_text("x")
    assert main(["report", "r.json", "-o", "out.html", "--subject", "sdk.zip"]) == 0
    text = (folder / "out.html").read_text("utf-8")
    assert "1 capability stated in one language, with no finding in another" in text
    assert "docs/en/face.md" in text


def test_a_subject_that_is_something_else_lists_nothing(folder):
    with zipfile.ZipFile(folder / "unrelated.zip", "w") as packed:
        packed.writestr("docs/en/face.md", "x")
    assert main(["report", "r.json", "-o", "out.html", "--subject", "unrelated.zip"]) == 0
    assert "A report lists only documents with findings" in (folder / "out.html").read_text("utf-8")


def test_two_reports_make_one_page(folder):
    (folder / "s.json").write_bytes(canonical(report(target="second")))
    assert main(["report", "r.json", "s.json", "-o", "out.html", "--source", "here", "--source", "there"]) == 0
    text = (folder / "out.html").read_text("utf-8")
    for wanted in ("Targets compared", "here", "there", "second"):
        assert wanted in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.json", "-o", "out.html"], "none.json cannot be read"),
        (["r.json", "-o", "out.docx"], "name it .html or .pdf"),
        (["r.json", "-o", "out"], "name it .html or .pdf"),
        (["r.json", "-o", "no/such/out.html"], "cannot write no/such/out.html"),
        (["r.json", "-o", "out.html", "--fetched", "yesterday"], "is no date"),
        (["r.json", "-o", "out.html", "--subject", "none.whl"], "none.whl cannot be read"),
        (["r.json", "-o", "out.html", "--source", "a", "--source", "b"], "2 times for 1 reports"),
        (["bad.json", "-o", "out.html"], "bad.json is not JSON"),
        (["old.json", "-o", "out.html"], "not a report of schema"),
        (["cut.json", "-o", "out.html"], "cut.json is not JSON"),
        ([".", "-o", "out.html"], "cannot be read"),
    ],
)
def test_a_wrong_call_is_said_and_writes_nothing(folder, capsys, words, says):
    (folder / "bad.json").write_text("not json")
    (folder / "old.json").write_text(json.dumps({"schema": "untag/report/v0"}))
    (folder / "cut.json").write_bytes((folder / "r.json").read_bytes()[:900])
    before = sorted(p.name for p in folder.iterdir())
    assert main(["report", *words]) == 2
    assert says in capsys.readouterr().err
    assert sorted(p.name for p in folder.iterdir()) == before


def test_a_failed_page_leaves_the_old_one(folder):
    (folder / "out.html").write_text("old")
    (folder / "r.json").write_text("{}")
    assert main(["report", "r.json", "-o", "out.html"]) == 2
    assert (folder / "out.html").read_text() == "old"


def test_the_format_may_be_given(folder):
    assert main(["report", "r.json", "-o", "out.txt", "--format", "html"]) == 0
    assert (folder / "out.txt").read_bytes().startswith(b"<!doctype html>")


def test_a_scan_makes_the_page_of_its_own_report(folder):
    (folder / "src").mkdir()
    (folder / "src" / "face.java").write_text("class FaceObject { int age; int gender; String ethicCode; }\n")
    assert main(["scan", "src", "-q", "-f", "json", "-o", "s.json"]) == 1
    assert main(["scan", "src", "-q", "-f", "html", "-o", "s.html"]) == 1
    text = (folder / "s.html").read_text("utf-8")
    assert hashlib.sha256((folder / "s.json").read_bytes()).hexdigest() in text
    assert "coded field ethicCode" in text


def test_a_scan_prints_its_page(folder, capfdbinary):
    (folder / "a.py").write_text("x = 1\n")
    assert main(["scan", "a.py", "-q", "--format", "html"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"<!doctype html>")


def test_a_pdf_is_written(folder):
    pytest.importorskip("typst", reason="the extra report is not installed")
    assert main(["report", "r.json", "-o", "out.pdf"]) == 0
    assert (folder / "out.pdf").read_bytes().startswith(b"%PDF-")


def test_a_page_of_a_scan_knows_the_files_of_its_target(folder):
    """What ``scan --format html`` calls: a translation in which nothing was found is known to exist."""
    for language in ("zh", "en"):
        path = folder / "docs" / language / "face.md"
        path.parent.mkdir(parents=True)
        path.write_text("face", "utf-8")
    made = report(decision(operation="documents", trail=("zh/face.md",)))
    write_scanned(made, "html", "a.html", ["docs"])
    assert "en/face.md" in (folder / "a.html").read_text("utf-8")
    write_scanned(made, "html", "b.html")
    assert "en/face.md" not in (folder / "b.html").read_text("utf-8")
