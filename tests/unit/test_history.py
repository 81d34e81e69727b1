"""Git history: every content once, when it came and went, and repositories that lie or try to run something."""

from __future__ import annotations

import os
import subprocess

import pytest

from untag.errors import SourceError
from untag.model import Blob, Gap
from untag.sources.history import Lifetime, history, lifetimes

CLEAN = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(root, *arguments):
    return (
        subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=CLEAN)
        .stdout.decode()
        .strip()
    )


def commit(root, files, removed=()):
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    for name in removed:
        (root / name).unlink()
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x", "--allow-empty")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root


def read(root):
    items = list(history(str(root)))
    return {bytes(i.data): i for i in items if isinstance(i, Blob)}, [
        (i.trail, i.reason) for i in items if isinstance(i, Gap)
    ]


def life(root, found, content):
    name = found[content].origin
    return lifetimes(str(root), [name])[name.removeprefix("git:")]


def test_what_was_ever_committed_is_read_once(repository):
    one = commit(repository, {"face.py": b"race", "same.py": b"race", "keep.txt": b"keep"})
    two = commit(repository, {"face.py": b"age"})
    three = commit(repository, {}, removed=["same.py"])
    found, gaps = read(repository)
    assert (set(found), gaps) == ({b"race", b"keep", b"age"}, [])
    assert found[b"race"].trail in (("face.py",), ("same.py",))
    assert life(repository, found, b"race") == Lifetime(one, three)
    assert life(repository, found, b"age") == Lifetime(two, "")
    assert life(repository, found, b"keep") == Lifetime(one, "")


def test_came_went_and_came_again(repository):
    one = commit(repository, {"a": b"x"})
    commit(repository, {"a": b"y"})
    commit(repository, {"a": b"x"})
    four = commit(repository, {"a": b"z"})
    found, _ = read(repository)
    assert life(repository, found, b"x") == Lifetime(one, four)


def test_branches_tags_stashes_and_merges(repository):
    commit(repository, {"a": b"base"})
    git(repository, "checkout", "-qb", "side")
    side = commit(repository, {"b": b"on the side"})
    git(repository, "checkout", "-q", "main")
    commit(repository, {"c": b"main"})
    git(repository, "merge", "-q", "--no-edit", "side")
    git(repository, "branch", "-D", "side")
    git(repository, "checkout", "-q", "--detach")
    away = commit(repository, {"d": b"tagged"})
    git(repository, "tag", "-m", "t", "v1")
    git(repository, "checkout", "-q", "main")
    (repository / "a").write_bytes(b"stashed")
    git(repository, "stash", "-q")
    found, gaps = read(repository)
    assert set(found) == {b"base", b"on the side", b"main", b"tagged", b"stashed"}
    assert not gaps
    assert life(repository, found, b"on the side") == Lifetime(side, "")
    assert life(repository, found, b"tagged") == Lifetime(away, "")


def test_a_merge_that_brings_its_own(repository):
    commit(repository, {"a": b"1\n"})
    git(repository, "checkout", "-qb", "side")
    commit(repository, {"a": b"2\n"})
    git(repository, "checkout", "-q", "main")
    commit(repository, {"a": b"3\n"})
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "-q", "side")
    merged = commit(repository, {"a": b"resolved\n"})
    found, _ = read(repository)
    assert life(repository, found, b"resolved\n") == Lifetime(merged, "")
    assert life(repository, found, b"2\n").last == merged


def test_odd_names(repository):
    odd = "a" * 40  # like the id of a commit
    one = commit(repository, {odd: b"1", "new\nline": b"2", " sp ace": b"3", "é": b"4", ":100644 x": b"5", "b": b"6"})
    found, gaps = read(repository)
    assert set(found) == {b"1", b"2", b"3", b"4", b"5", b"6"}
    assert not gaps
    assert {life(repository, found, content) for content in found} == {Lifetime(one, "")}
    assert all("\n" not in item.trail[0] for item in found.values())


def test_a_folder_of_a_repository_and_nothing(repository, tmp_path):
    assert list(history(str(repository))) == []
    assert lifetimes(str(repository), []) == {}
    commit(repository, {"d/a": b"1", "b": b"2"})
    assert set(read(repository / "d")[0]) == {b"1", b"2"}
    assert set(read(f"git:{repository}")[0]) == {b"1", b"2"}
    for wrong in (tmp_path, tmp_path / "none"):
        with pytest.raises(SourceError):
            list(history(str(wrong)))
    assert lifetimes(str(repository), ["1" * 40, "0" * 40]) == {"1" * 40: Lifetime("", "")}


def test_large_and_empty_contents(repository):
    large = os.urandom(40 << 20)
    commit(repository, {"large": large, "empty": b"", "after": b"after"})
    found, gaps = read(repository)
    assert set(found) == {large, b"", b"after"}
    assert not gaps


def test_a_shallow_clone_is_a_gap(repository, tmp_path):
    commit(repository, {"a": b"1"})
    commit(repository, {"a": b"2"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", "shallow")
    found, gaps = read(tmp_path / "shallow")
    assert set(found) == {b"2"}
    assert gaps == [(("shallow",), "truncated")]


def test_missing_and_damaged_objects(repository):
    commit(repository, {"a": b"1", "b": b"2"})
    name = git(repository, "rev-parse", "HEAD:a")
    path = repository / ".git" / "objects" / name[:2] / name[2:]
    path.unlink()
    found, gaps = read(repository)
    assert (set(found), gaps) == ({b"2"}, [(("repo",), "vanished")])
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    path = repository / ".git" / "objects" / tree[:2] / tree[2:]
    path.chmod(0o644)
    path.write_bytes(b"no tree")
    assert read(repository)[1]


HOSTILE = """
[core]
    fsmonitor = "touch {0}"
    hooksPath = {1}
    sshCommand = touch {0}
    pager = touch {0}
    alternateRefsCommand = touch {0}
[pager]
    log = touch {0}
[diff]
    external = touch {0}
[diff "evil"]
    textconv = touch {0}
    command = touch {0}
[filter "evil"]
    smudge = touch {0}
    clean = touch {0}
    process = touch {0}
[log]
    showSignature = true
[gpg]
    program = {1}/gpg
[credential]
    helper = "!touch {0}"
"""


def test_nothing_of_the_repository_runs(repository, tmp_path):
    mark, hooks = tmp_path / "ran", tmp_path / "hooks"
    hooks.mkdir()
    for name in ("gpg", "post-checkout", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {mark}\n")
        (hooks / name).chmod(0o755)
    commit(repository, {"a.txt": b"1", ".gitattributes": b"* diff=evil filter=evil\n"})
    one = git(repository, "rev-parse", "HEAD")
    with (repository / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(mark, hooks))
    found, gaps = read(repository)
    assert b"1" in found
    assert not gaps
    assert life(repository, found, b"1") == Lifetime(one, "")
    assert not mark.exists()


def test_replaced_and_grafted_commits_are_seen_as_they_are(repository):
    commit(repository, {"a": b"hidden"})
    second = commit(repository, {"a": b"shown"})
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "grafts").write_text(second + "\n")
    found, _ = read(repository)
    assert set(found) == {b"hidden", b"shown"}
    (repository / ".git" / "info" / "grafts").unlink()
    git(repository, "replace", git(repository, "rev-parse", "HEAD~1:a"), git(repository, "rev-parse", "HEAD:a"))
    assert b"hidden" in read(repository)[0]


def test_the_reading_can_be_stopped(repository):
    commit(repository, {f"f{n}": b"%d" % n for n in range(300)})
    items = history(str(repository))
    assert isinstance(next(items), Blob)
    items.close()
