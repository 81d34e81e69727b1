"""Make the data that the benches read: real source files of this machine, the same bytes on each run.

Text comes from what is installed here (Python's library and packages, C headers, Node
modules, documentation), because the density of hits decides a scanner's speed and
invented text has none. Where a machine has too little, files are repeated with their
numbers changed, so that no cache of a term or token gains from the repetition.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import site
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
DATA: Final = HERE / "data"
CORPUS: Final = HERE.parent / "tests" / "corpus"
MB: Final = 1_000_000
TEXT: Final = frozenset(
    [
        ".py",
        ".pyi",
        ".js",
        ".mjs",
        ".cjs",
        ".ts",
        ".tsx",
        ".c",
        ".h",
        ".hpp",
        ".cc",
        ".cpp",
        ".md",
        ".rst",
        ".json",
        ".txt",
        ".html",
        ".css",
        ".yaml",
        ".yml",
        ".toml",
        ".cfg",
        ".ini",
        ".pyx",
        ".sh",
        ".xml",
        ".csv",
        ".go",
        ".rs",
        ".java",
        ".sql",
        ".proto",
        ".cs",
        ".php",
        ".rb",
    ]
)
BINARY: Final = (".so", ".a", ".o", ".pyc", ".exe", ".dll", ".bin")
LARGEST: Final = 2 * MB
"""Bytes above which a file of the machine is not taken: a tree of source has few such."""
FILES: Final = 30_000
TREE: Final = 300 * MB
SHARE: Final = 6
"""Every so many-th labelled file of the tests goes into the full tree: one file in 300, more than real trees have."""


def roots() -> list[Path]:
    """Return the folders of this machine that hold source and documentation."""
    found = [Path(sysconfig.get_path("stdlib")), *map(Path, site.getsitepackages()), Path(sys.base_prefix, "include")]
    found += [Path(p) for p in ("/usr/include", "/usr/lib/node_modules", "/usr/lib/python3", "/usr/share")]
    return [p for p in dict.fromkeys(p.resolve() for p in found) if p.is_dir()]


def sources(endings: frozenset[str] | tuple[str, ...], largest: int) -> list[Path]:
    """Return the files with one of the endings, shuffled by a fixed seed so that any prefix is a fair mix."""
    seen: dict[Path, None] = {}
    for root in roots():
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                if name.endswith(tuple(endings)) and not path.is_symlink() and 0 < path.stat().st_size <= largest:
                    seen[path] = None
    paths = list(seen)
    random.Random(7).shuffle(paths)
    return paths


def varied(body: bytes, number: int) -> bytes:
    """Return a text with its digits turned by ``number``; the first copy stays as it is."""
    if not number:
        return body
    turned = bytes(48 + (i + number) % 10 for i in range(10))
    return body.translate(bytes.maketrans(b"0123456789", turned))


def texts(paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield names and bodies without end: the files of the machine, then again with changes."""
    number = 0
    while True:
        for path in paths:
            try:
                body = path.read_bytes()
            except OSError:
                continue
            if b"\0" not in body:
                yield path.name, varied(body, number)
        number += 1


def tree(scale: float, times: int = 1) -> Path:
    """Make the tree: at least 30,000 text files and 300 MB, some hundred to a folder, and the labelled corpus once."""
    home = DATA / f"tree-{scale:g}-{times}"
    if (home / ".git").exists():
        return home
    wanted, size = int(FILES * scale * times), int(TREE * scale * times)
    count = total = 0
    for name, body in texts(sources(frozenset(TEXT), LARGEST)):
        folder = home / f"part{count // 2000:03}" / f"lib{count // 100 % 20:02}"
        if count % 100 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{count % 100:02}_{name}").write_bytes(body)
        count, total = count + 1, total + len(body)
        if count >= wanted and total >= size:
            break
    _corpus(home / "vision", round(SHARE / scale / times) or 1)
    (home / ".git").mkdir()  # where the search for a configuration ends
    return home


def _corpus(home: Path, share: int) -> None:
    """Put every so many-th labelled file of the tests beside the rest, so that there are findings to report."""
    labelled = [p for p in sorted(CORPUS.rglob("*")) if p.is_file() and "files" in p.parts]
    for path in labelled[::share]:
        copy = home / path.relative_to(CORPUS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())


def small(files: int = 300, size: int = 3_700_000) -> Path:
    """Make the repository of 300 files."""
    home = DATA / f"repository-{files}"
    if (home / ".git").exists():
        return home
    mean = size // files
    count = total = 0
    for name, body in texts(sources(frozenset((".py", ".md", ".json", ".toml", ".js")), 60_000)):
        if total + len(body) > mean * (count + 6):
            continue
        folder = home / f"pkg{count // 30}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{count % 30:02}_{name}").write_bytes(body)
        count, total = count + 1, total + len(body)
        if count == files:
            break
    (home / ".git").mkdir()
    return home


LEVELS: Final = ("INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR")
SAYS: Final = (
    "request served path=/api/v1/{a}/{b} status=200 bytes={c} duration_ms={d}",
    "worker {b} picked up job {a}-{c} from queue default",
    "user session {a}{c} refreshed, language=tr-TR agent=Mozilla/5.0 (X11; Linux x86_64)",
    "cache miss key=profile:{c} shard={d} falling back to database",
    "GET /static/js/app.{a}.js HTTP/1.1 304 0",
    "camera {b} frame {c} detections={d} latency={a}",
    "slow query ({d} ms): SELECT id, name, city FROM customers WHERE region = {b} LIMIT {d}",
    "Traceback (most recent call last): File /srv/app/handlers/face.py line {d} in handle",
)
RARE: Final = (
    "possible data race on counter {b}: retrying in {d} ms",
    "geo lookup: country=TH locale=Thai session {a}",
    "face capture {a}: age=31 gender=f ethnicity=unset camera {b}",
)
"""Lines that hold a term, one in `SELDOM`: a gigabyte of real logs was measured to have some thousand hits."""
SELDOM: Final = 2_000


def log(size: int) -> Path:
    """Make one log file of at least ``size`` bytes."""
    path = DATA / f"log-{size // MB}.log"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = random.Random(3)
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        second = written = 0
        while written < size:
            lines = []
            for _ in range(20_000):
                second += rng.random() < 0.2
                stamp = f"2026-03-{second // 86400 % 28 + 1:02}T{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.{rng.randrange(1000):03}Z"
                says = rng.choice(SAYS if rng.randrange(SELDOM) else RARE).format(
                    a=f"{rng.randrange(1 << 32):08x}",
                    b=rng.randrange(64),
                    c=rng.randrange(1 << 24),
                    d=rng.randrange(900),
                )
                lines.append(f"{stamp} {rng.choice(LEVELS)} [svc-{rng.randrange(8)}] {says}\n")
            written += out.write("".join(lines).encode())
    part.replace(path)
    return path


def binaries(size: int) -> Path:
    """Make a folder of compiled files: shared objects, archives, byte code; repeated until there is enough."""
    home = DATA / f"binaries-{size // MB}"
    if (home / ".git").exists():
        return home
    home.mkdir(parents=True, exist_ok=True)
    paths = sources(BINARY, 80 * MB)
    paths += [p for p in sorted(Path("/usr/lib").rglob("*.so*")) if p.is_file() and not p.is_symlink()]
    total = count = 0
    while total < size and paths:
        for path in paths:
            body = path.read_bytes()
            if path.suffix == ".pyc" and count % 5:
                count += 1
                continue
            (home / f"{count:05}_{path.name}").write_bytes(body)
            count, total = count + 1, total + len(body)
            if total >= size:
                break
    (home / ".git").mkdir()
    return home


def archives(size: int, *, kind: str) -> tuple[Path, Path]:
    """Make a zip or tar.gz of at least ``size`` unpacked bytes of text files, and return it with its unpacked tree."""
    path = DATA / f"archive-{size // MB}.{kind}"
    home = DATA / f"archive-{size // MB}"
    if not (home / ".git").exists():
        total = count = 0
        for name, body in texts(sources(frozenset(TEXT), LARGEST)):
            folder = home / f"dir{count // 200:03}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{count:05}_{name}").write_bytes(body)
            count, total = count + 1, total + len(body)
            if total >= size:
                break
        (home / ".git").mkdir()
    if path.exists():
        return path, home
    members = [p for p in sorted(home.rglob("*")) if p.is_file()]
    part = path.with_suffix(".part")
    if kind == "zip":
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as made:
            for member in members:
                made.writestr(zipfile.ZipInfo(str(member.relative_to(home))), member.read_bytes(), zipfile.ZIP_DEFLATED)
    else:
        with (
            part.open("wb") as raw,
            gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|") as made,
        ):
            for member in members:
                info = tarfile.TarInfo(str(member.relative_to(home)))
                info.size = member.stat().st_size
                with member.open("rb") as body:
                    made.addfile(info, body)
    part.replace(path)
    return path, home


def terms(path: Path) -> Path:
    """Write the literal terms that a general search is given: the lexicon's anchors, one a line."""
    from untag.lexicon import compile as patterns  # noqa: PLC0415
    from untag.lexicon.load import load  # noqa: PLC0415

    found = dict.fromkeys(t.text for t in load() if patterns.is_anchor(t))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{t}\n" for t in found), "utf-8")
    return path


if __name__ == "__main__":
    print(json.dumps({"tree": str(tree(float(sys.argv[1]) if sys.argv[1:] else 1.0))}))
