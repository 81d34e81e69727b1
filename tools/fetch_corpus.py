"""Lay out labelled files of public packages, which the repository names but does not hold.

    python tools/fetch_corpus.py tests/corpus/real.jsonl tests/corpus/.real

Each label's `source` is ``pypi:name==version:path`` or ``npm:name@version:path``; its file lands
at OUT/<id>/<path>. Packages are unpacked, never installed, built or run, and kept in untag's own
download cache. Says what it could not reach and ends with 0: scoring goes by what is there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path, PurePosixPath

from untag import limits
from untag.errors import UntagError
from untag.model import Blob, FileRef, Gap
from untag.readers.containers import HEAD, TAIL, containers_for
from untag.sources import resolve
from untag.sources.paths import read


def members(package: str, wanted: set[str]) -> dict[str, bytes]:
    """Return the wanted files of a package, by their path inside it."""
    found: dict[str, bytes] = {}
    for item in resolve(package).items():
        if isinstance(item, Gap):
            continue
        collect(read(item) if isinstance(item, FileRef) else item, wanted, found, limits.Budget())
    return found


def collect(blob: Blob, wanted: set[str], found: dict[str, bytes], budget: limits.Budget, depth: int = 0) -> None:
    """Take the wanted members of an archive, and of the tar inside a tgz."""
    data = blob.data
    for container in containers_for(bytes(data[:HEAD]), blob.trail[-1], bytes(data[-TAIL:])):
        for member in container.members(blob, budget):
            if isinstance(member, Gap):
                continue
            path = PurePosixPath(member.trail[-1])
            for name in (str(path), str(PurePosixPath(*path.parts[1:]))):
                if name in wanted:
                    found.setdefault(name, bytes(member.data))
            if depth < 1 and path.suffix in (".tar", ".whl"):
                collect(member, wanted, found, budget, depth + 1)


def main() -> int:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("labels", type=Path)
    args.add_argument("out", type=Path)
    opt = args.parse_args()
    items = [json.loads(line) for line in opt.labels.read_text("utf-8").splitlines() if line.strip()]
    packages: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        scheme, spec, path = item["source"].split(":", 2)
        if not (opt.out / item["id"] / path).exists():
            packages[f"{scheme}:{spec}"][path].append(item["id"])
    for package, paths in sorted(packages.items()):
        try:
            found = members(package, set(paths))
        except UntagError as error:
            print(f"not reached: {package}: {error}", file=sys.stderr)
            continue
        for path, ids in paths.items():
            if path not in found:
                print(f"not in {package}: {path}", file=sys.stderr)
                continue
            for name in ids:
                target = opt.out / name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(found[path])
    there = sum((opt.out / item["id"] / item["source"].split(":", 2)[2]).exists() for item in items)
    print(f"{there} of {len(items)} labelled files in {opt.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
