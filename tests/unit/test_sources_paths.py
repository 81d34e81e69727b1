"""Files and folders: order, ignore rules, links, odd files, and what changes under the hand."""

from __future__ import annotations

import mmap
import os
import random
import socket
import subprocess

import pytest

from untag.errors import ReadError, SourceError, UsageError
from untag.model import FileRef, Gap
from untag.sources import SourceOptions, resolve
from untag.sources.ignore import Rules
from untag.sources.paths import read, read_into, walk


def tree(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def names(root, **options):
    return [item.trail[0] for item in walk(str(root), **options) if isinstance(item, FileRef)]


def gaps(root):
    return [(item.trail[0], item.reason) for item in walk(str(root)) if isinstance(item, Gap)]


def test_byte_order_of_the_whole_path(tmp_path):
    files = dict.fromkeys(["a/x", "a-b", "a.c", "a0", "B", "é/ü", "z", "a/.h", "\U00010000", "\uffee", "a b/c"], b"1")
    tree(tmp_path, files)
    found = names(tmp_path)
    assert found == sorted(files, key=os.fsencode)
    assert found == names(tmp_path)


def test_git_folder_is_skipped_and_its_namesakes_are_not(tmp_path):
    tree(tmp_path, {".git/config": b"", "sub/.git/x": b"", ".github/y": b"", "a.git/z": b""})
    assert names(tmp_path, gitignore=False) == [".github/y", "a.git/z"]


def test_nested_ignore_files(tmp_path):
    tree(
        tmp_path,
        {
            ".gitignore": b"*.log\n/build/\nnode_modules\n!keep.log\n# a comment\n\nsecret\\ \n",
            "a.log": b"",
            "keep.log": b"",
            "build/x": b"",
            "sub/build/x": b"",
            "sub/.gitignore": b"!b.log\nx\n",
            "sub/b.log": b"",
            "sub/c.log": b"",
            "node_modules/keep.log": b"",
            "secret ": b"",
        },
    )
    assert names(tmp_path) == [".gitignore", "keep.log", "sub/.gitignore", "sub/b.log"]
    assert len(names(tmp_path, gitignore=False)) == 10
    source = resolve(str(tmp_path))
    list(source.items())
    assert source.ignored > 3


def test_excludes_hold_without_gitignore(tmp_path):
    tree(tmp_path, {"a.py": b"", "b.js": b"", "d/c.js": b"", ".gitignore": b"*.py"})
    assert names(tmp_path, gitignore=False, excludes=["*.js"]) == [".gitignore", "a.py"]
    assert names(tmp_path, excludes=["/d/"]) == [".gitignore", "b.js"]


PATTERNS = [
    "a", "/a", "a/", "*.x", "!*.x", "a/b", "a/*", "a/**", "**/b", "a/**/b", "!a/b", "[ab]", "[!a]", "?", "b*", "/*/b",
    "!b/", "*", "!*/", "a\\*", "**", "[a-b].x", "*b*", "/b/*.x", "!/a/b.x", "a ", "#a", "\\#a", "\\!a", "a/b/", "**/a/",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(120))
def test_ignore_rules_are_gits(tmp_path, seed):
    """Ask git itself which files of a random tree random rules leave out."""
    chance = random.Random(seed)
    parts = ["a", "b", "a.x", "b.x", "ab", "#a", "!a"]
    files = {
        "/".join(
            chance.choice(parts) + ("d" if at < depth - 1 and chance.random() < 0.2 else "") for at in range(depth)
        )
        for depth in (1, 2, 2, 3, 3)
        for _ in range(8)
    }
    files = {name for name in files if not any(other.startswith(name + "/") for other in files)}
    tree(tmp_path, dict.fromkeys(files, b""))
    lines = [chance.choice(PATTERNS) for _ in range(chance.randint(1, 6))]
    (tmp_path / ".gitignore").write_text("\n".join(lines) + "\n")
    folders = sorted(path for path in tmp_path.iterdir() if path.is_dir())
    if folders:
        (folders[0] / ".gitignore").write_text("\n".join(chance.choice(PATTERNS) for _ in range(2)) + "\n")
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, env=clean)
    listed = subprocess.run(
        ["git", "-C", str(tmp_path), "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        env=clean,
    ).stdout
    expected = sorted(name.decode() for name in listed.split(b"\0") if name)
    assert names(tmp_path) == expected, lines


def test_a_hostile_pattern_cannot_stall():
    rules = Rules.parse(["*a*a*a*a*a*a*a*a*b", "x" * 5_000, "[", "a\\"], "", None)
    assert rules is None or not rules.ignored("a" * 255)


def test_links(tmp_path):
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    tree(tmp_path, {"outside/secret": b"", "root/d/file": b""})
    (root / "in").symlink_to("d/file")
    (root / "dir").symlink_to("d")
    (root / "out").symlink_to(outside)
    (root / "outfile").symlink_to("../outside/secret")
    (root / "dangling").symlink_to("nowhere")
    (root / "loop").symlink_to("loop")
    (root / "sibling").symlink_to(str(root) + "2")
    (tmp_path / "root2").mkdir()
    assert names(root) == ["d/file"]
    assert gaps(root) == [(name, "link") for name in ("dangling", "loop", "out", "outfile", "sibling")]


def test_a_root_that_is_a_link_is_followed(tmp_path):
    tree(tmp_path, {"real/a": b"1"})
    (tmp_path / "link").symlink_to("real")
    assert names(tmp_path / "link") == ["a"]


def test_special_files(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(tmp_path)
        server.bind("sock")
        assert gaps(tmp_path) == [("fifo", "special_file"), ("sock", "special_file")]
    (item,) = resolve(str(tmp_path / "fifo")).items()
    assert item.reason == "special_file"
    with pytest.raises(ReadError) as caught:
        read(FileRef(("fifo",), str(tmp_path / "fifo"), 0))
    assert caught.value.reason in ("changed", "special_file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_permissions(tmp_path):
    tree(tmp_path, {"closed/a": b"", "b": b""})
    (tmp_path / "closed").chmod(0)
    (tmp_path / "b").chmod(0)
    try:
        assert gaps(tmp_path) == [("closed", "permission")]
        with pytest.raises(ReadError, match="permission") as caught:
            read(FileRef(("b",), str(tmp_path / "b"), 0))
        assert caught.value.reason == "permission"
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_names_that_are_no_text(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff\x1b[31m", "wb") as file:
        file.write(b"1")
    (ref,) = walk(str(tmp_path))
    assert ref.trail == ("\\xff\\x1b[31m",)
    assert read(ref).data == b"1"


def test_deep_trees(tmp_path):
    path = tmp_path
    os.chdir(tmp_path)
    for _ in range(1_200):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(path)
    found = [item for item in walk(str(tmp_path)) if isinstance(item, Gap)]
    assert all(gap.reason == "limit" for gap in found)
    for _ in range(1_200):
        os.chdir("d")
    for _ in range(1_200):
        os.chdir("..")
        os.rmdir("d")


def test_read(tmp_path, monkeypatch):
    tree(tmp_path, {"a": b"hello", "empty": b"", "big": b"x" * 5_000})
    assert read(FileRef(("a",), str(tmp_path / "a"), 0)).data == b"hello"
    assert read(FileRef(("e",), str(tmp_path / "empty"), 0)).data == b""
    monkeypatch.setattr("untag.sources.paths.IN_MEMORY", 1_000)
    big = read(FileRef(("big",), str(tmp_path / "big"), 0)).data
    assert isinstance(big, mmap.mmap)
    assert bytes(big) == b"x" * 5_000


def test_read_what_is_no_longer_there(tmp_path):
    tree(tmp_path, {"a": b"hello"})
    (tmp_path / "link").symlink_to("a")
    for name, reason in (("gone", "vanished"), ("link", "changed"), (".", "changed"), ("a/b", "vanished")):
        with pytest.raises(ReadError) as caught:
            read(FileRef((name,), str(tmp_path / name), 0))
        assert caught.value.reason == reason, name
        if name != ".":
            with pytest.raises(ReadError):
                read_into(str(tmp_path / name), bytearray(10))


@pytest.mark.parametrize("difference", [-2, 3])
def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch, difference):
    tree(tmp_path, {"a": b"hello"})
    real = os.fstat

    class Odd:
        def __init__(self, status):
            self.st_mode = status.st_mode
            self.st_size = status.st_size + difference

    monkeypatch.setattr("untag.sources.paths.os.fstat", lambda handle: Odd(real(handle)))
    with pytest.raises(ReadError) as caught:
        read(FileRef(("a",), str(tmp_path / "a"), 0))
    assert caught.value.reason == "changed"


def test_read_into(tmp_path):
    tree(tmp_path, {"a": b"hello", "empty": b"", "fits": b"x" * 9, "full": b"x" * 10, "big": b"x" * 99})
    buffer = bytearray(10)
    sizes = {name: read_into(str(tmp_path / name), buffer) for name in ("big", "full", "empty", "fits", "a")}
    assert sizes == {"big": -1, "full": -1, "empty": 0, "fits": 9, "a": 5}
    assert buffer[:5] == b"hello"


def test_resolve_titles(tmp_path, monkeypatch):
    tree(tmp_path, {"d/a": b"hello"})
    monkeypatch.chdir(tmp_path)
    for target, title in (
        ("d", "d"),
        ("./d/", "d"),
        ("d/a", "d/a"),
        (".", "."),
        (str(tmp_path / "d"), "d"),
        ("d/..", tmp_path.name),
    ):
        assert resolve(target).title == title, target
    (ref,) = resolve("d/a").items()
    assert (ref.trail, ref.size) == (("a",), 5)
    assert [item.trail for item in resolve("d").items()] == [("a",)]


@pytest.mark.parametrize("target", ["", "missing/file", "a\0b"])
def test_resolve_refuses(target):
    with pytest.raises((UsageError, SourceError)):
        resolve(target)


def test_staged_is_for_git():
    with pytest.raises(UsageError, match="git:"):
        resolve(".", SourceOptions(staged=True))
