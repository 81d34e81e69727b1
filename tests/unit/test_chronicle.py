"""Many versions of a file, one statement: when it came, when it went, and that nothing is lost by reading less."""

from __future__ import annotations

import os
import random
import subprocess
from datetime import date

import pytest

from untag.chronicle import scan_history, title
from untag.engine import Scanner
from untag.errors import SourceError
from untag.match import store
from untag.packages import Packages
from untag.policy.waivers import Waiver
from untag.sources.history import Stay, history, stays

FACE = b"class FaceObject:\n    age: int\n    gender: str\n    race: str\n\n\ndef predict_race(face_image):\n    return 0\n"
NEUTRAL = b"class FaceObject:\n    age: int\n    emotion: str\n    dog_breed: str\n"
NAMES = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME")
CLEAN = {
    **os.environ,
    **dict.fromkeys(NAMES, "Erika Mustermann"),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_COMMITTER_DATE": "2024-03-01T23:00:00+0900",
}


def git(root, *arguments):
    done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=CLEAN)
    return done.stdout.decode().strip()


def commit(root, files=(), removed=()):
    for name, data in dict(files).items():
        (root / name).write_bytes(data)
    for name in removed:
        (root / name).unlink()
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a subject that nobody prints", "--allow-empty")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root


def scanner():
    return Scanner(store.load(), None, Packages(""))


def read(root):
    return scan_history(str(root), scanner())


def told(tally):
    return {(f.trail, f.rule): f.because[-1].text for f in tally.findings}


def in_full(root):
    whole = scanner()
    for item in history(str(root)):
        whole.feed(item)
    return whole.take()


def test_what_came_and_went(repository):
    commit(repository, {"face.py": NEUTRAL})
    two = commit(repository, {"face.py": FACE})
    commit(repository, {"face.py": b"# a note\n" + FACE})
    four = commit(repository, {"face.py": NEUTRAL + b"\n# new\n"})
    tally = read(repository)
    assert tally.findings
    for finding in tally.findings:
        said = finding.because[-1]
        assert (said.kind, said.weight) == ("history", 0.0)
        assert said.text == (
            f"brought in by commit {two[:12]} of 2024-03-01, taken out by commit {four[:12]} of 2024-03-01; "
            "in 2 versions of the file"
        )
        assert finding.trail == ("face.py",)
    assert len({f.fingerprint for f in tally.findings}) == len(tally.findings)
    assert "Erika" not in str(tally)
    assert "subject" not in str(tally)
    assert (tally.coverage.files, tally.coverage.parsed, tally.gaps) == (4, 4, [])


def test_what_is_still_there_and_what_is_elsewhere(repository):
    one = commit(repository, {"face.py": FACE})
    commit(repository, {"b.txt": b"x"})
    assert set(told(read(repository)).values()) == {
        f"brought in by commit {one[:12]} of 2024-03-01, still there; in 1 version of the file"
    }
    git(repository, "checkout", "-qb", "side")
    two = commit(repository, {"side.py": FACE.replace(b"FaceObject", b"FaceRecord")})
    git(repository, "checkout", "-q", "main")
    said = {trail: text for (trail, _), text in told(read(repository)).items()}
    assert said[("side.py",)].startswith(
        f"brought in by commit {two[:12]} of 2024-03-01, never taken out of its branch"
    )


def test_went_and_came_again(repository):
    one = commit(repository, {"face.py": FACE})
    commit(repository, removed=["face.py"])
    commit(repository, {"face.py": FACE + b"\n# again\n"})
    last = commit(repository, {"face.py": NEUTRAL})
    for text in told(read(repository)).values():
        assert one[:12] in text
        assert f"taken out by commit {last[:12]}" in text


def test_a_neutral_history_is_silent(repository):
    commit(repository, {"face.py": NEUTRAL})
    commit(repository, {"face.py": NEUTRAL + b"\n"})
    tally = read(repository)
    assert (tally.findings, tally.gaps) == ([], [])
    assert tally.coverage.files == 2


def test_archives_and_other_encodings_are_read_too(repository, tmp_path):
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("src/face.py", FACE)
    commit(repository, {"sdk.zip": packed.getvalue(), "wide.py": FACE.decode().encode("utf-16")})
    commit(repository, removed=["sdk.zip", "wide.py"])
    assert {f.trail for f in read(repository).findings} == {("sdk.zip", "src/face.py"), ("wide.py",)}


def test_several_processes_find_the_same(repository):
    commit(repository, {f"face{n}.py": FACE for n in range(3)})
    commit(repository, {f"face{n}.py": FACE + b"# %d\n" % n for n in range(9)})
    one = read(repository)
    three = scan_history(str(repository), scanner(), jobs=3)
    assert {(f.trail, f.fingerprint, f.because) for f in three.findings} == {
        (f.trail, f.fingerprint, f.because) for f in one.findings
    }
    assert (three.coverage, three.gaps, three.readers) == (one.coverage, [], one.readers)


def test_a_worker_that_dies_is_a_gap(repository, monkeypatch):
    commit(repository, {f"face{n}.py": FACE + b"# %d\n" % n for n in range(9)})
    parent = os.getpid()
    feed = Scanner.feed
    monkeypatch.setattr(
        Scanner, "feed", lambda self, item, *more: os._exit(9) if os.getpid() != parent else feed(self, item, *more)
    )
    tally = scan_history(str(repository), scanner(), jobs=2)
    assert tally.findings
    assert [g.reason for g in tally.gaps] == ["crashed"]


def test_waivers_come_from_the_version_that_is_shown(repository, monkeypatch):
    commit(repository, {"face.py": FACE})
    commit(repository, {"face.py": FACE + b"\n# new\n"})
    feed = Scanner.feed

    def waived(self, item, *more):
        feed(self, item, *more)
        line = self.tally.findings[-1].line
        self.tally.waivers.append(
            Waiver("jane", "audit", date(2099, 1, 1), origin="x", attribute="race", trail=item.trail, line=line)
        )

    monkeypatch.setattr(Scanner, "feed", waived)
    assert len(read(repository).waivers) == 1


def test_reading_less_loses_nothing(repository):
    random_of = random.Random(7)
    lines = [b"import os", *(b"def f%d(a):\n    return a + %d\n" % (n, n) for n in range(60))]
    planted = [
        b"class Face:\n    age: int\n    race: str",
        b"ethnicity = model.predict(face_image)",
        b"# face detector",
        b"x = 1",
    ]
    for _ in range(25):
        for _ in range(3):
            at = random_of.randrange(len(lines))
            if random_of.random() < 0.4:
                del lines[at]
            else:
                lines.insert(at, random_of.choice(planted))
        commit(repository, {"face.py": b"\n".join(lines)})
    whole, less = in_full(repository), read(repository)
    assert {(f.trail, f.fingerprint) for f in less.findings} == {(f.trail, f.fingerprint) for f in whole.findings}
    assert less.coverage == whole.coverage


def test_most_versions_are_not_read_again(repository, monkeypatch):
    other = b"\n".join(b"def f%d(a):\n    return a + %d\n" % (n, n) for n in range(60))
    for number in range(12):
        commit(repository, {"face.py": FACE + other + b"\n\nVALUE = %d\n" % number})
    fed = []
    feed = Scanner.feed
    monkeypatch.setattr(Scanner, "feed", lambda self, item, *more: fed.append(item) or feed(self, item, *more))
    tally = read(repository)
    assert len(fed) == 1
    assert tally.findings[0].because[-1].text.endswith("still there; in 12 versions of the file")


def test_a_shallow_clone_says_so(repository, tmp_path):
    commit(repository, {"face.py": FACE})
    commit(repository, {"face.py": NEUTRAL})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", "shallow")
    tally = read(tmp_path / "shallow")
    assert [g.reason for g in tally.gaps] == ["truncated"]


def test_commits_that_cannot_be_told_lose_no_finding(repository, monkeypatch):
    commit(repository, {"face.py": FACE})

    def broken(*_):
        raise SourceError("git log failed")

    monkeypatch.setattr("untag.chronicle.stays", broken)
    tally = read(repository)
    assert tally.findings
    assert [g.reason for g in tally.gaps] == ["corrupt"]


def test_no_repository(tmp_path):
    with pytest.raises(SourceError):
        read(tmp_path)
    assert title(f"git:{tmp_path}") == f"git:{tmp_path.name} --history"


def test_stays_of_groups(repository):
    one = commit(repository, {"a": b"1"})
    commit(repository, {"a": b"2"})
    three = commit(repository, {"a": b"3"})
    names = [git(repository, "rev-parse", f"HEAD~{n}:a") for n in (2, 1, 0)]
    found = stays(str(repository), {"old": names[:2], "all": names, "none": ["1" * 40]})
    assert found == {
        "old": Stay(one, "2024-03-01", three, "2024-03-01", there=False),
        "all": Stay(one, "2024-03-01", "", "", there=True),
        "none": Stay("", "", "", "", there=False),
    }
    assert stays(str(repository), {}) == {}
