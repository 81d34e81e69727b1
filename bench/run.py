"""`make bench`: untag against what the field uses, as ratios in one run.

    python bench/run.py                     # everything, some minutes
    python bench/run.py --scale 0.1         # a tenth of the data, about a minute
    python bench/run.py --only tree,startup
    python bench/run.py --skip growth,huge

Every bench gives ripgrep the same literal terms: the anchors of the lexicon, which is
all that untag itself looks for in every byte. Seconds are of this machine; ratios carry
over. The exit code is 1 when a goal that was measured is not reached.
"""

from __future__ import annotations

import argparse
import compileall
import os
import random
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).parent))

import data
import peers
from measure import Row, Took, at_most, faster, once, sampled, seconds, table, turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MB: Final = data.MB


class Bench:
    """What all benches share."""

    def __init__(self, scale: float, runs: int) -> None:
        self.scale = scale
        self.runs = runs
        self.rg = peers.ripgrep()
        self.terms = data.terms(data.DATA / "terms.txt")

    def against(self, name: str, target: Path, goal: float, peer: list[str] | None = None, of: str = "ripgrep") -> Row:
        """Scan a target in turn with a peer, ripgrep over the same target unless given."""
        own = peers.scan(target)
        if not self.rg:
            return faster(name, turns([own], self.runs)[0], None, goal, of)
        took = turns([own, peer or peers.search(self.rg, self.terms, target)], self.runs)
        return faster(name, took[0], took[1], goal, of)


def startup(bench: Bench) -> Iterator[Row]:
    """The program alone, and a whole scan of 300 files, against an empty interpreter."""
    folder = data.small()
    compiled()
    bare = [sys.executable, "-c", "pass"]
    once(peers.scan(folder))
    commands = [bare, peers.untag("--version"), peers.scan(folder), peers.scan(folder, "--no-cache")]
    empty, version, scan, anew = turns(commands, 15)
    yield at_most("untag --version", version, empty, 2, "python -c pass")
    yield at_most("300 files, warm", scan, empty, 6, "python -c pass")
    yield Row("300 files, read anew", seconds(anew.wall), "python -c pass", f"{anew.wall / empty.wall:.1f} ×", "", None)
    if bench.rg:
        yield faster("300 files, warm", scan, turns([peers.search(bench.rg, bench.terms, folder)], 3)[0], 8)
    for name, command in (
        ("detect-secrets", peers.detect_secrets(folder)),
        ("semgrep, 20 terms", peers.semgrep(folder, bench.terms)),
    ):
        if command is None:
            yield Row(f"300 files beside {name}", seconds(scan.wall), "skipped: not installed", "", "", None)
        else:
            took = turns([command], 1, warm=False)[0]
            yield Row(
                f"300 files beside {name}",
                seconds(scan.wall),
                seconds(took.wall),
                f"{took.wall / scan.wall:.0f} ×",
                "",
                None,
            )


def compiled() -> None:
    """Compile our modules, as the installation of a wheel does, whatever this environment says of byte code."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    found = find_spec("untag")
    if found and found.origin:
        compileall.compile_dir(Path(found.origin).parent, quiet=1)


def tree(bench: Bench) -> Iterator[Row]:
    """Source files of this machine, findings and JSON included."""
    folder = data.tree(bench.scale)
    count = sum(1 for p in folder.rglob("*") if p.is_file())
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    yield bench.against(f"tree: {count:,} files, {size / MB:.0f} MB", folder, 4)
    peak = memory(peers.scan(folder))
    if peak:
        yield Row("tree: memory of a worker", f"{peak / MB:.0f} MB", "", "", "≤ 100 MB", peak <= 100 * MB)


def memory(command: list[str]) -> int:
    """Return the private memory of the largest process of a command: shared pages are counted once, in the parent."""
    try:
        import psutil  # noqa: PLC0415 - of the bench group
    except ImportError:
        return 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    parent = psutil.Process(process.pid)

    def peak() -> int:
        try:
            return max(p.memory_full_info().uss for p in (parent, *parent.children()))
        except (psutil.Error, ValueError):
            return 0

    return sampled(peak, process)


def log(bench: Bench) -> Iterator[Row]:
    """One large log file."""
    yield bench.against(f"log of {1000 * bench.scale:.0f} MB", data.log(int(1000 * MB * bench.scale)), 4)


def binaries(bench: Bench) -> Iterator[Row]:
    """Shared objects, archives and byte code."""
    yield bench.against(f"{500 * bench.scale:.0f} MB of binaries", data.binaries(int(500 * MB * bench.scale)), 10)


def archives(bench: Bench) -> Iterator[Row]:
    """A zip, against ripgrep over the unpacked tree, which spares it the unpacking; a tar.gz, against ``rg -z``."""
    size = int(240 * MB * max(bench.scale, 0.2))
    made, unpacked = data.archives(size, kind="zip")
    peer = peers.search(bench.rg, bench.terms, unpacked) if bench.rg else None
    yield bench.against(f"zip of {size / MB:.0f} MB", made, 6, peer, "ripgrep on the unpacked files")
    made, _ = data.archives(size, kind="tar.gz")
    peer = peers.search(bench.rg, bench.terms, made, "-z") if bench.rg else None
    yield bench.against(f"tar.gz of {size / MB:.0f} MB", made, 6, peer, "ripgrep -z")


def interpretation(bench: Bench) -> Iterator[Row]:
    """Time in interpretation for each place of a term that it looked at, on the tree, in one process.

    Looked at are the proposals of the anchors in all files, and those of the context words in the
    files that are interpreted. The cost for each accepted anchor alone is given beside it.
    """
    from untag.engine import Scanner  # noqa: PLC0415
    from untag.match import store  # noqa: PLC0415
    from untag.match.engine import Finder  # noqa: PLC0415
    from untag.packages import Packages  # noqa: PLC0415
    from untag.sources import SourceOptions, resolve  # noqa: PLC0415

    folder = data.tree(bench.scale)
    scanner = Scanner(store.load(), None, Packages(str(folder)))
    spent = accepted = looked = 0.0
    inner, judge = scanner._interpret, Finder.judge  # noqa: SLF001 - a stopwatch is no caller

    def timed(text: object, hits: list[object]) -> None:
        nonlocal spent, accepted
        start = time.process_time()
        inner(text, hits)  # type: ignore[arg-type]
        spent += time.process_time() - start
        accepted += len(hits)

    def counted(self: Finder, body: bytes, proposals: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
        nonlocal looked
        looked += len(proposals)
        return judge(self, body, proposals)

    scanner._interpret = timed  # type: ignore[method-assign, assignment]  # noqa: SLF001
    Finder.judge = counted  # type: ignore[method-assign]
    try:
        scanner.run(resolve(str(folder), SourceOptions(gitignore=False)).items())
    finally:
        Finder.judge = judge  # type: ignore[method-assign]
    mean = spent / looked * 1e6
    detail = f"{looked:,.0f} places looked at; {spent / max(accepted, 1) * 1e6:.0f} µs for each of {accepted:,.0f} accepted anchors"
    yield Row("interpretation a hit", f"{mean:.1f} µs", detail, "", "≤ 15 µs", mean <= 15)


def growth(bench: Bench) -> Iterator[Row]:
    """1, 2, 4 and 8 times the tree, from the same files: CPU time a byte must stay the same.

    What a scan of one file costs (start, databases, workers) is taken off: it does not grow.
    """
    base = bench.scale * 0.25
    costs = []
    one = next(p for p in sorted(data.tree(base, 1).rglob("*")) if p.is_file())
    fixed = turns([peers.scan(one)], 5)[0].cpu
    for times in (1, 2, 4, 8):
        folder = data.tree(base, times)
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        took: Took = turns([peers.scan(folder)], bench.runs)[0]
        costs.append((took.cpu - fixed) / size)
    worst = max(abs(c / costs[0] - 1) for c in costs[1:])
    text = " : ".join(f"{c / costs[0]:.2f}" for c in costs)
    yield Row("growth 1:2:4:8 of the tree", text, "CPU a byte, first = 1", f"{worst:.0%}", "≤ 15 %", worst <= 0.15)


def huge(bench: Bench) -> Iterator[Row]:
    """A single text file of 2 GB in constant memory."""
    size = int(2000 * MB * bench.scale)
    part, whole = (memory(peers.scan(data.log(n))) for n in (max(size // 8, 20 * MB), size))
    if not whole:
        yield Row("memory", "", "skipped: psutil is not installed", "", "constant", None)
        return
    name = f"a text of {size / MB:.0f} MB: memory"
    yield Row(name, f"{whole / MB:.0f} MB", f"{part / MB:.0f} MB for an eighth", "", "≤ 100 MB", whole <= 100 * MB)


def oracle(bench: Bench) -> Iterator[Row]:  # noqa: ARG001 - as the others
    """The engines against plain Python that says what a match is, on files of the labelled corpus."""
    from untag.lexicon import compile as patterns  # noqa: PLC0415
    from untag.lexicon.check import oracle as slow  # noqa: PLC0415
    from untag.match import hyper, store  # noqa: PLC0415

    far = b"\n" * hyper.SCOUTED
    lexicon = store.load()
    terms = list(lexicon.terms)
    chosen = [t for t in terms if patterns.is_anchor(t)]
    paths = sorted(p for p in data.CORPUS.rglob("*") if p.is_file() and "files" in p.parts)
    wrong = matches = 0
    for path in random.Random(11).sample(paths, 12):
        body = path.read_bytes()[:4_000].decode("utf-8", "ignore").encode()
        own = {(terms[i].text, terms[i].kind, terms[i].attribute, s, e) for i, s, e in lexicon.anchors.find(body)}
        large = {(i, s - len(far), e - len(far)) for i, s, e in lexicon.anchors.find(far + body)}
        wrong += {(terms[i].text, terms[i].kind, terms[i].attribute, s, e) for i, s, e in large} != own
        true = {(t.text, t.kind, t.attribute, s, e) for t, s, e in slow(chosen, body)}
        wrong += own != true
        matches += len(true)
    yield Row(
        "engine against the oracle", f"{wrong} files differ", f"{matches} matches in 12 files", "", "0", wrong == 0
    )


BENCHES: Final[dict[str, Callable[[Bench], Iterator[Row]]]] = {
    f.__name__: f for f in (startup, tree, log, binaries, archives, interpretation, growth, huge, oracle)
}


def main() -> int:
    """Run the chosen benches and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full sizes (default: 1)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command (default: 3)")
    parser.add_argument("--only", default=",".join(BENCHES), help=f"names, from {', '.join(BENCHES)}")
    parser.add_argument("--skip", default="", help="names to leave out")
    parser.add_argument("--clean", action="store_true", help="delete the data and make it anew")
    args = parser.parse_args()
    names = [n for n in args.only.split(",") if n and n not in args.skip.split(",")]
    unknown = set(names) - BENCHES.keys()
    if unknown:
        parser.error(f"no bench named {', '.join(sorted(unknown))}")
    if args.clean:
        shutil.rmtree(data.DATA, ignore_errors=True)
    bench = Bench(args.scale, args.runs)
    rows: list[Row] = []
    for name in names:
        print(f"… {name}", file=sys.stderr, flush=True)
        rows += BENCHES[name](bench)
    print(table(rows))
    return int(any(row.reached is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
