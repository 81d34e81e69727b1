"""A scan of all that was ever committed, against ``git log -p`` piped into ripgrep.

    python bench/history.py                  # 300 commits over 200 files of Python's own library, made once
    python bench/history.py --commits 3000

ripgrep is given two words, as a person would who looks through a history by hand; what it takes with all terms of the
lexicon, which is what untag looks for, stands beside it. The two take turns. untag interprets what it finds,
says which commit brought it in and which took it out, and reads every content in full, not its changed lines alone. The
exit code is 1 if the goal is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent))

import data
import peers
from measure import Row, at_most, once, table, turns

FILES: Final = 200
TIMES: Final = 3.0
WORDS: Final = ("race", "ethnicity")
PLANTED: Final = "class FaceAttributes:\n    age: int\n    gender: str\n    race: str\n"
CALLS: Final = ("left, n", "left, n", "left, n", "face, age")
"""What the new lines of commits say; every fourth speaks of faces, as a project does that works with them."""
ENVIRONMENT: Final = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def repository(commits: int) -> Path:
    """Make the repository: real files, and commits that each change up to twelve of them in a few places."""
    home = data.DATA / f"history-{commits}"
    if (home / "done").exists():
        return home
    chance = random.Random(1)
    library = Path(sysconfig.get_path("stdlib"))
    texts = {p.name: p.read_text("utf-8").split("\n") for p in sorted(library.glob("*.py"))[:FILES]}
    names = list(texts)
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q", "--bare", str(home)], check=True, env=ENVIRONMENT)
    writer = subprocess.Popen(
        ["git", "-C", str(home), "fast-import", "--quiet"], stdin=subprocess.PIPE, env=ENVIRONMENT
    )
    assert writer.stdin is not None
    for number in range(commits):
        changed = names if not number else chance.sample(names, chance.randint(1, 12))
        said = f"commit refs/heads/main\ncommitter a <a@example.org> {1_700_000_000 + number * 3600} +0000\ndata 1\nx\n"
        writer.stdin.write(said.encode())
        for name in changed:
            lines = texts[name]
            if number:
                _edit(lines, number, chance, planted=number == commits // 3 and name == changed[0])
            body = "\n".join(lines).encode()
            writer.stdin.write(f"M 100644 inline {name}\ndata {len(body)}\n".encode() + body + b"\n")
    writer.stdin.close()
    if writer.wait():
        raise RuntimeError("git fast-import failed")
    subprocess.run(["git", "-C", str(home), "symbolic-ref", "HEAD", "refs/heads/main"], check=True, env=ENVIRONMENT)
    subprocess.run(["git", "-C", str(home), "gc", "-q"], check=True, env=ENVIRONMENT)
    (home / "done").write_text("")
    return home


def _edit(lines: list[str], number: int, chance: random.Random, *, planted: bool) -> None:
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        if chance.random() < 0.5:
            del lines[at : at + chance.randint(1, 8)]
        lines.insert(at, f"    value_{number} = compute_{at}({chance.choice(CALLS)})")
    if planted or chance.random() < 0.002:
        lines[:0] = PLANTED.split("\n")


def searched(home: Path, rg: str, *what: str) -> list[str]:
    """Return the command that a person would give."""
    log = shlex.join(["git", "-C", str(home), "log", "-p", "--all"])
    return ["bash", "-c", f"{log} | {shlex.join([rg, '-a', '-i', '-F', '-n', '-o', *what])} > {os.devnull}"]


def main() -> int:
    """Time both and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=0, help="processes of untag (default: one a core)")
    args = parser.parse_args()
    home = repository(args.commits)
    jobs = ("--jobs", str(args.jobs)) if args.jobs else ()
    report = str(data.DATA / "report.json")
    own = peers.untag("scan", f"git:{home}", "--history", "-q", "-f", "json", "-o", report, *jobs)
    rg = peers.ripgrep()
    if not rg:
        print(f"no ripgrep to hold it against; untag alone takes {once(own)[0]:.2f} s")
        return 0
    words = [part for word in WORDS for part in ("-e", word)]
    took = turns([own, searched(home, rg, *words)], args.runs)
    name = f"history of {args.commits} commits"
    row = at_most(name, *took, TIMES, "git log -p, ripgrep, two words")
    print(f"CPU: untag {took[0].cpu:.2f} s, git and ripgrep {took[1].cpu:.2f} s", file=sys.stderr)
    terms = data.terms(data.DATA / "terms.txt")
    full = turns([searched(home, rg, "-f", str(terms))], 1, warm=False)[0]
    beside = Row(name, row.own, f"{full.wall:.2f} s with all terms", f"{took[0].wall / full.wall:.2f} ×", "", None)
    print(table([row, beside]))
    return int(row.reached is False)


if __name__ == "__main__":
    sys.exit(main())
