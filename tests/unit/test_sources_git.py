"""Git: revisions and the index, and repositories that try to run something."""

from __future__ import annotations

import os
import subprocess

import pytest

from untag.errors import SourceError, UsageError
from untag.model import Blob, Gap
from untag.sources import SourceOptions, resolve

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
    return subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, env=CLEAN
    ).stdout.decode()


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "d").mkdir()
    (root / "d" / "b.txt").write_bytes(b"bee")
    (root / "a-c").write_bytes(b"sea")
    (root / "é x").write_bytes(b"")
    (root / "link").symlink_to("d/b.txt")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    return root


def read(target, **options):
    items = list(resolve(target, SourceOptions(**options)).items())
    return [(item.trail[0], bytes(item.data)) for item in items if isinstance(item, Blob)], [
        (item.trail[0], item.reason) for item in items if isinstance(item, Gap)
    ]


FIRST = [("a-c", b"sea"), ("d/b.txt", b"bee"), ("é x", b"")]


def test_head_and_revisions(repository):
    (repository / "a-c").write_bytes(b"changed")
    assert read(f"git:{repository}") == (FIRST, [])
    git(repository, "commit", "-qam", "two")
    assert read(f"git:{repository}")[0][0] == ("a-c", b"changed")
    assert read(f"git:{repository}@HEAD~1") == (FIRST, [])
    assert read(f"git:{repository / 'd'}") == ([("b.txt", b"bee")], [])


def test_origin_and_title(repository, monkeypatch):
    blob = next(iter(resolve(f"git:{repository}").items()))
    assert blob.origin.startswith("git:")
    assert resolve(f"git:{repository}").title == "git:repo@HEAD"
    monkeypatch.chdir(repository)
    assert resolve("git:.@main").title == "git:repo@main"


def test_staged(repository):
    (repository / "a-c").write_bytes(b"staged")
    (repository / "new").write_bytes(b"added")
    git(repository, "add", "-A")
    git(repository, "rm", "-q", "d/b.txt")
    (repository / "new").write_bytes(b"later, not staged")
    assert read(f"git:{repository}", staged=True) == ([("a-c", b"staged"), ("new", b"added")], [])


def test_staged_before_the_first_commit(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_bytes(b"1")
    git(tmp_path, "add", "a")
    assert read(f"git:{tmp_path}", staged=True) == ([("a", b"1")], [])


def test_submodules_are_told(repository):
    commit = git(repository, "rev-parse", "HEAD").strip()
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/sub")
    git(repository, "commit", "-qm", "sub")
    assert read(f"git:{repository}")[1] == [("vendor/sub", "link")]


def test_a_missing_object_is_a_gap(repository):
    name = git(repository, "rev-parse", "HEAD:a-c").strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    blobs, gaps = read(f"git:{repository}")
    assert blobs == FIRST[1:]
    assert gaps == [("a-c", "vanished")]


def test_nothing_of_the_repository_runs(repository, tmp_path):
    mark = tmp_path / "ran"
    evil = tmp_path / "evil.sh"
    evil.write_text(f"#!/bin/sh\ntouch {mark}\n")
    evil.chmod(0o755)
    for key in (
        "core.fsmonitor", "core.sshCommand", "core.pager", "pager.ls-tree", "diff.external", "diff.evil.textconv", "core.gitProxy",
        "filter.evil.smudge", "filter.evil.clean", "core.editor", "alias.ls-tree", "credential.helper", "core.alternateRefsCommand",
    ):  # fmt: skip
        git(repository, "config", key, str(evil))
    git(repository, "config", "extensions.partialClone", "origin")
    git(repository, "config", "remote.origin.promisor", "true")
    git(repository, "config", "protocol.ext.allow", "always")
    git(repository, "config", "remote.origin.url", f"ext::{evil}")
    (repository / ".gitattributes").write_text("* filter=evil diff=evil\n")
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        path = repository / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(evil.read_text())
        path.chmod(0o755)
    name = git(repository, "rev-parse", "HEAD:a-c").strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    mark.unlink(missing_ok=True)
    read(f"git:{repository}")
    read(f"git:{repository}", staged=True)
    assert not mark.exists()


def test_large_objects_are_mapped(repository, monkeypatch):
    monkeypatch.setattr("untag.sources.git.IN_MEMORY", 2)
    assert read(f"git:{repository}") == (FIRST, [])


def test_errors(repository, tmp_path):
    (tmp_path / "plain").mkdir()
    with pytest.raises(SourceError, match="not in a git repository"):
        resolve(f"git:{tmp_path / 'plain'}")
    with pytest.raises(SourceError, match="no such folder"):
        resolve(f"git:{tmp_path / 'missing'}")
    with pytest.raises(SourceError, match="unknown revision"):
        resolve(f"git:{repository}@nonsense")
    with pytest.raises(UsageError, match="no revision"):
        resolve(f"git:{repository}@--output=/tmp/x")
    with pytest.raises(UsageError, match="leave out the revision"):
        resolve(f"git:{repository}@HEAD", SourceOptions(staged=True))
    with pytest.raises(SourceError, match="git is not installed"):
        resolve(f"git:{repository}", SourceOptions(environ={"PATH": str(tmp_path)}))


def test_an_at_sign_in_the_folder(repository, tmp_path):
    odd = tmp_path / "re@po"
    repository.rename(odd)
    assert read(f"git:{odd}") == (FIRST, [])
    assert read(f"git:{odd}@main") == (FIRST, [])
