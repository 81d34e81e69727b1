"""Timelines and comparisons: what appears, disappears, moves, and what a claim is worth."""

import io
import json
import os
import stat
import subprocess
import sys
import threading
import zipfile

import pytest

from untag import scan
from untag.errors import SourceError, UsageError
from untag.evidence import timeline as lines
from untag.evidence.matching import match
from untag.evidence.releases import Release, natural, releases
from untag.evidence.timeline import claim, timeline
from untag.evidence.timeline_page import as_html
from untag.evidence.timeline_views import as_json, console
from untag.sinks import json_v1
from untag.sources import SourceOptions, npm

CLEAN = "public class FaceObject {\n  private Integer genderCode;\n  private Integer ageUpLimit;\n}\n"
DIRTY = (
    "public class FaceObject {\n  private Integer genderCode;\n  private Integer ageUpLimit;\n"
    "  private String ethicCode; // 民族\n}\n"
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """Keep the reports of these tests to themselves, and the lexicon where it is."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(lines, "cache_folder", lambda: str(folder))


def pack(folder, version, text, name="sdk/FaceObject.java", year=2020):
    path = folder / f"vendor-sdk-{version}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (year, 6, 1, 0, 0, 0)), text)
    return path


@pytest.fixture
def series(tmp_path):
    folder = tmp_path / "releases"
    folder.mkdir()
    pack(folder, "1.9.0", CLEAN, year=2019)
    pack(folder, "1.10.0", DIRTY, year=2020)
    pack(folder, "2.0.0", DIRTY, name="core/model/FaceObject.java", year=2021)
    pack(folder, "3.0.0", CLEAN, year=2022)
    return folder


def follow(folder, **more):
    return timeline("sdk", releases(str(folder), SourceOptions()), **more)


def test_a_statement_survives_a_move_and_ends(series):
    found = follow(series)
    assert [r.version for r in found.releases] == ["1.9.0", "1.10.0", "2.0.0", "3.0.0"]
    assert [r.date for r in found.releases] == ["2019-06-01", "2020-06-01", "2021-06-01", "2022-06-01"]
    ethic = [s for s in found.statements if s.first.finding.attribute == "ethnicity"]
    assert ethic
    for statement in ethic:
        assert [bool(cell) for cell in statement.cells] == [False, True, True, False]


def test_the_second_run_scans_nothing(series):
    assert follow(series).scanned == 4
    again = follow(series)
    assert again.scanned == 0
    assert as_json(again) == as_json(follow(series, cache=False)).replace('"scanned": 4', "")


def test_another_scanner_scans_anew(series, monkeypatch):
    """Weights, word lists and libraries decide findings as the version does."""
    assert follow(series).scanned == 4
    monkeypatch.setattr(lines, "identity", lambda: "other weights")
    assert follow(series).scanned == 4
    assert follow(series).scanned == 0


@pytest.mark.parametrize(
    ("text", "since", "state", "words"),
    [
        ("no:ethnicity", "", "broken", ["holds in 1.9.0", "broken in 1.10.0 to 2.0.0", "holds from 3.0.0"]),
        ("no:ethnicity", "2022-01-01", "holds", ["not claimed in 1.9.0 to 2.0.0", "holds from 3.0.0"]),
        (
            "no:ethnicity",
            "2020-12-17",
            "broken",
            ["not claimed in 1.9.0 to 1.10.0", "broken in 2.0.0", "holds from 3.0.0"],
        ),
        ("no:religion", "", "holds", ["holds from 1.9.0"]),
        ("no:any:trains", "", "holds", ["holds from 1.9.0"]),
    ],
)
def test_claims(series, text, since, state, words):
    verdict = follow(series, asked=claim(text, since)).verdict
    assert verdict.state == state
    assert list(verdict.lines) == words


def test_a_release_is_no_older_than_the_one_before_it(series):
    """Members can be dated back: what follows a release that the claim covers is covered too."""
    pack(series, "4.0.0", DIRTY, year=2001)
    verdict = follow(series, asked=claim("no:ethnicity", "2022-01-01")).verdict
    assert list(verdict.states) == ["before", "before", "before", "holds", "broken"]


def test_two_files_of_one_name_are_told_apart(tmp_path):
    """A vendor's package often holds an older package of its own, with the same files."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("sdk/FaceObject.java", DIRTY)
    with zipfile.ZipFile(tmp_path / "sdk-1.0.zip", "w") as archive:
        archive.writestr("sdk/FaceObject.java", DIRTY)
        archive.writestr("old/sdk-0.9.zip", inner.getvalue())
    found = follow(tmp_path)
    text = console(found, 160)
    assert "infers ethnicity: sdk/FaceObject.java › " in text or "declares ethnicity: sdk/FaceObject.java › " in text
    assert ": sdk-0.9.zip › sdk/FaceObject.java › " in text
    assert "sdk-0.9.zip" in as_html(found)


def test_what_is_unread_is_open(series):
    with zipfile.ZipFile(series / "vendor-sdk-4.0.0.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt", (2023, 1, 1, 0, 0, 0)), "x" * 100)
    data = bytearray((series / "vendor-sdk-4.0.0.zip").read_bytes())
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    (series / "vendor-sdk-4.0.0.zip").write_bytes(data)
    verdict = follow(series, asked=claim("no:ethnicity", "2022-01-01")).verdict
    assert verdict.state == "open"
    assert verdict.lines[-1] == "not decidable in 4.0.0: 1 with unread parts"


@pytest.mark.parametrize("name", ["sdk-9.0.zip", "sdk-9.0.whl", "sdk-9.0.tar.gz", "sdk-9.0.tgz", "sdk-9.0.tar.zst"])
def test_an_answer_in_place_of_an_archive_stays_open(series, name):
    """What failed to download is often a page that says so, under the name of the release."""
    (series / name).write_text("<html><h1>404 Not Found</h1></html>", "utf-8")
    found = follow(series, asked=claim("no:any"))
    assert found.verdict.states[-1] == "open"
    assert "no archive" in found.releases[-1].missing
    (series / name).write_bytes(b"")
    assert follow(series, asked=claim("no:any")).verdict.states[-1] == "open"


def test_a_release_that_cannot_be_had_stays_open(series):
    def gone():
        raise SourceError("the registry has no file of it")

    rows = [*releases(str(series), SourceOptions()), Release("5.0.0", "2024-01-01", "index", gone)]
    found = timeline("sdk", rows, asked=claim("no:ethnicity", "2022-01-01"))
    assert found.verdict.lines[-1] == "not decidable in 5.0.0: 1 not to be had"
    assert "the registry has no file of it" in console(found)
    assert "?" in console(found)


def test_a_release_without_a_date_is_not_covered_by_a_dated_claim(series):
    rows = [Release(r.version, "", "", r.get) for r in releases(str(series), SourceOptions())]
    verdict = timeline("sdk", rows, asked=claim("no:ethnicity", "2020-01-01")).verdict
    assert verdict.state == "open"
    assert "without a date" in verdict.lines[0]
    assert timeline("sdk", rows, asked=claim("no:ethnicity")).verdict.state == "broken"


def test_wrong_claims():
    for text in ("ethnicity", "no:", "no:colour", "no:race:dances", "yes:race"):
        with pytest.raises(UsageError):
            claim(text)
    for day in ("yesterday", "2020-13-45", "20201217", "2020-W51-4"):
        with pytest.raises(UsageError, match="is no day"):
            claim("no:race", day)


def test_orders():
    versions = ["1.10.0", "1.9.0", "1.9", "2.0rc1", "2.0", "20200101"]
    assert sorted(versions, key=natural) == ["1.9", "1.9.0", "1.10.0", "2.0rc1", "2.0", "20200101"]
    assert sorted(["1.0.0", "1.0.0-rc.10", "1.0.0-rc.9", "0.9.9"], key=npm.order) == [
        "0.9.9",
        "1.0.0-rc.9",
        "1.0.0-rc.10",
        "1.0.0",
    ]


def test_no_series(tmp_path):
    with pytest.raises(UsageError, match="no series"):
        releases("nowhere", SourceOptions())
    with pytest.raises(SourceError, match="holds no release"):
        releases(str(tmp_path), SourceOptions())
    with pytest.raises(UsageError, match="all releases"):
        releases("pypi:deepface==0.0.1", SourceOptions())


def git(folder, *words):
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout


def test_tags_of_a_repository(tmp_path):
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.email", "a@example.org")
    git(tmp_path, "config", "user.name", "a")
    for version, text in (("v1", DIRTY), ("v2", CLEAN)):
        (tmp_path / "FaceObject.java").write_text(text, "utf-8")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", version)
        git(tmp_path, "tag", version)
    found = timeline("git", releases(f"git:{tmp_path}", SourceOptions()), asked=claim("no:ethnicity"))
    assert [r.version for r in found.releases] == ["v1", "v2"]
    assert list(found.verdict.lines) == ["broken in v1", "holds from v2"]


def test_the_page_is_inert_and_whole(series):
    pack(series, "9.0.0-<script>alert(1)", DIRTY, name="a/<img src=x>.java", year=2023)
    page = as_html(follow(series, asked=claim("no:ethnicity")))
    assert "<script" not in page
    assert "<img" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "&lt;img src=x&gt;" in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    # a chart says what its bars are, and a cell says aloud what it shows
    chart = page.partition("<svg")[2].partition("</svg>")[0]
    assert all(f">{version}</text>" in chart for version in ("1.9.0", "1.10.0", "3.0.0"))
    assert 'class="key"' in page
    assert '<span class="sr">block</span>' in page
    assert " hidden>" not in page


def test_json_has_every_release(series):
    table = json.loads(as_json(follow(series, asked=claim("no:ethnicity"))))
    assert table["schema"] == "untag/timeline/v1"
    assert [r["version"] for r in table["releases"]] == ["1.9.0", "1.10.0", "2.0.0", "3.0.0"]
    assert table["claim"]["releases"]["2.0.0"] == "broken"
    assert all(len(r["digest"]) == 64 for r in table["releases"])


def decisions(tmp_path, name, **files):
    folder = tmp_path / name
    for path, text in files.items():
        full = folder / path.replace("__", "/")
        full.parent.mkdir(parents=True, exist_ok=True)
        full.with_suffix(".java").write_text(text, "utf-8")
    return scan(str(folder)).decisions


def test_matching(tmp_path):
    old = decisions(tmp_path, "old", a__Face=DIRTY)
    same = match(old, old)
    assert not same.appeared
    assert not same.gone
    assert not any(pair.moved or pair.changes() for pair in same.pairs)
    moved = match(old, decisions(tmp_path, "new", b__Face=DIRTY))
    assert not moved.appeared
    assert all(pair.moved for pair in moved.pairs)
    renamed = match(old, decisions(tmp_path, "other", a__Face=DIRTY.replace("FaceObject", "FaceRecord")))
    assert not renamed.appeared
    assert match(old, ()).gone == old
    assert match((), old).appeared == old


def untag(*words, cwd):
    return subprocess.run([sys.executable, "-m", "untag", *words], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_programs(series):
    home = series.parent
    done = untag("timeline", "releases", "--claim", "no:ethnicity", cwd=home)
    assert done.returncode == 1
    assert "broken in 1.10.0 to 2.0.0" in done.stdout
    assert "holds from 3.0.0" in done.stdout
    assert (
        untag("timeline", "releases", "--claim", "no:religion", "-f", "html", "-o", "t.html", cwd=home).returncode == 0
    )
    assert (home / "t.html").read_text("utf-8").startswith("<!doctype html>")
    assert untag("timeline", "releases", "--since", "2020-01-01", cwd=home).returncode == 2
    for number in ("0", "-1"):
        assert "--last takes" in untag("timeline", "releases", "--last", number, cwd=home).stderr
    assert untag("timeline", "nowhere", cwd=home).returncode == 2
    old, new = "releases/vendor-sdk-1.9.0.zip", "releases/vendor-sdk-1.10.0.zip"
    worse = untag("compare", old, new, cwd=home)
    assert worse.returncode == 1
    assert "appeared" in worse.stdout
    assert untag("compare", new, old, cwd=home).returncode == 0
    table = json.loads(untag("compare", old, new, "--json", cwd=home).stdout)
    assert table["schema"] == "untag/comparison/v1"
    assert table["appeared"]
    untag("scan", old, "-f", "json", "-o", "old.json", cwd=home)
    assert untag("compare", "old.json", new, cwd=home).returncode == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("words", [("timeline", "."), ("compare", "old.json", "new.json")])
def test_a_pipe_or_a_device_is_written_to_and_never_replaced(series, words):
    """As root, ``-o /dev/null`` would otherwise put a file in the place of the device."""
    for name, version in (("old", "1.9.0"), ("new", "1.10.0")):
        report = scan(str(series / f"vendor-sdk-{version}.zip"))
        out = io.StringIO()
        json_v1.render(report, out)
        (series.parent / f"{name}.json").write_text(out.getvalue(), "utf-8")
    pipe = series.parent / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    target = ["releases"] if words[0] == "timeline" else list(words[1:])
    run = [sys.executable, "-m", "untag", words[0], *target, "-o", "pipe"]
    subprocess.run(run, cwd=series.parent, capture_output=True, timeout=60, check=False)
    reader.join(10)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert got
    assert len(got[0]) > 100


@pytest.mark.registry
def test_a_real_package():
    """By hand: 1.0.0 of the client SDK names no ethnic field; 2.0.9, uploaded on 2020-12-21, and 3.6.3 do."""
    try:
        rows = releases("pypi:alibabacloud-vcs20200515", SourceOptions())
    except SourceError as error:
        pytest.skip(f"no package registry: {error}")
    chosen = [r for r in rows if r.version in ("1.0.0", "2.0.9", "3.6.3")]
    verdict = timeline("vcs", chosen, asked=claim("no:ethnicity", "2020-12-17")).verdict
    assert verdict.states == ("before", "broken", "broken")
