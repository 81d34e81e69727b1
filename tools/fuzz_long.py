"""Give every reader its own ten minutes of fuzzing, over as many sittings as it takes.

    python tools/fuzz_long.py                    go on where the last sitting ended, until every reader has its time
    python tools/fuzz_long.py --show             what each reader has had
    python tools/fuzz_long.py --only onnx,pdf --seconds 1200
    nice -n 19 python tools/fuzz_long.py &       for days in the background; Ctrl-C or SIGTERM loses nothing

The reader with the least time goes next, a slice at a time. What each had stands in ``.cache/fuzz/long.json``, the inputs
that led somewhere new beside it, one folder a reader, so that a slice begins where the last one ended. An input that makes a
reader crash, hang or take more memory than its cap is written to ``.cache/fuzz/crash-READER-…`` and ends the slice: the
reader waits until the file is gone. Made a test by ``tests/fuzz/corpus/each`` (its first line is the reader's name), it
is replayed for ever. A reader's time counts for its code as it stands: ``--anew`` forgets all times. The exit code
is 1 while a crash stands open.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "tests" / "fuzz" / "fuzz_each.py"
HOME: Final = ROOT / ".cache" / "fuzz"
STATE: Final = HOME / "long.json"
GOAL: Final = 600
"""Seconds for each reader: what every reader must stand without a crash, a hang or memory over its cap."""
SLICE: Final = 150
"""Seconds at once: a sitting that ends too early loses no more than this."""
MEMORY: Final = 1_024
"""Mebibytes of one process, of which the instrumented program and its libraries take a third."""
HANG: Final = 30
"""Seconds for one input: the deadline of a reader is ten, and a shared machine is slow."""
INPUT: Final = 65_536
"""Bytes of the largest input."""
_LAST: Final = re.compile(r"^#\d+\s.*?cov: (\d+)", re.MULTILINE)


def names() -> list[str]:
    sys.path.insert(0, str(TARGET.parent))
    from reader_seeds import names as known

    return list(known())


def load(*, anew: bool) -> dict[str, dict[str, Any]]:
    state: dict[str, dict[str, Any]] = {}
    if STATE.exists() and not anew:
        state = json.loads(STATE.read_text("utf-8"))
    for name in names():
        state.setdefault(name, {"seconds": 0, "inputs": 0, "claimed": 0, "told": 0, "blocks": 0})
    return state


def save(state: dict[str, dict[str, Any]]) -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    part = STATE.with_suffix(".part")
    part.write_text(json.dumps(state, indent=1, sort_keys=True), "utf-8")
    part.replace(STATE)


def crashes(reader: str) -> list[Path]:
    return sorted(HOME.glob(f"crash-{reader}-*"))


class Stopped(Exception):  # noqa: N818 - it is no error
    """A signal to end came in."""


def run(reader: str, seconds: int, one: dict[str, Any]) -> None:
    """Fuzz one reader and add what it had to its entry."""
    folder = HOME / "each" / reader
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="untag-fuzz-") as made:
        target = [sys.executable, str(TARGET), "--reader", reader]
        subprocess.run([*target, "--seeds", f"{made}/seeds"], check=True, stdout=subprocess.DEVNULL)
        log, count = Path(made, "log"), Path(made, "count")
        with log.open("wb") as out:
            start = time.monotonic()
            process = subprocess.Popen(
                [
                    *target,
                    *("--count", str(count)),
                    f"-max_total_time={seconds}",
                    f"-timeout={HANG}",
                    f"-report_slow_units={HANG}",
                    f"-rss_limit_mb={MEMORY}",
                    f"-max_len={INPUT}",
                    f"-artifact_prefix={HOME}/crash-{reader}-",
                    "-print_final_stats=1",
                    str(folder),
                    f"{made}/seeds",
                ],
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
            try:
                process.wait(seconds + 6 * HANG)
            except subprocess.TimeoutExpired:
                (HOME / f"crash-{reader}-does-not-end").write_bytes(b"")
            except Stopped:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(HANG)
                except subprocess.TimeoutExpired:
                    process.kill()
                raise
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
                reached = json.loads(count.read_text("utf-8")) if count.exists() else {}
                _note(one, log.read_text("utf-8", "replace"), reached, min(time.monotonic() - start, seconds))


def _note(one: dict[str, Any], said: str, reached: dict[str, int], seconds: float) -> None:
    one["seconds"] = round(one["seconds"] + seconds)
    for key, name in (("inputs", "all"), ("claimed", "claimed"), ("told", "told")):
        one[key] += reached.get(name, 0)
    if done := _LAST.findall(said):
        one["blocks"] = max(one["blocks"], int(done[-1]))
    if crashed := re.search(r"^ ===.*|^==\d+== ERROR.*|^\s*\w*(?:Error|Exception)\b.*", said, re.MULTILINE):
        one["said"] = crashed[0].strip()[:200]


def show(state: dict[str, dict[str, Any]]) -> None:
    print(f"{'reader':14} {'seconds':>7} {'inputs':>10} {'claimed':>10} {'told':>10} {'blocks':>7}")
    for name, one in state.items():
        bad = f"  {len(crashes(name))} open: {one.get('said', '')}" if crashes(name) else ""
        line = f"{name:14} {one['seconds']:7} {one['inputs']:10,} {one['claimed']:10,} {one['told']:10,} {one['blocks']:7,}"
        print(line + bad)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print what each reader has had, and run nothing")
    parser.add_argument("--only", default="", help="readers, with commas between them")
    parser.add_argument("--seconds", type=int, default=GOAL, help=f"time for each reader ({GOAL})")
    parser.add_argument("--anew", action="store_true", help="forget the times, keep the inputs")
    args = parser.parse_args()
    state = load(anew=args.anew)
    chosen = [name for name in args.only.split(",") if name] or list(state)
    if unknown := set(chosen) - set(state):
        parser.error(f"no such reader: {', '.join(sorted(unknown))}; see untag readers")

    def stop(*_: object) -> None:
        raise Stopped

    if not args.show:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        try:
            while left := [n for n in chosen if state[n]["seconds"] < args.seconds and not crashes(n)]:
                reader = min(left, key=lambda n: state[n]["seconds"])
                run(reader, min(SLICE, args.seconds - state[reader]["seconds"]), state[reader])
                save(state)
                one = state[reader]
                print(f"{reader}: {one['seconds']} s, {one['inputs']:,} inputs, {one['told']:,} told", flush=True)
        except Stopped:
            save(state)
    show({name: state[name] for name in chosen})
    return int(any(crashes(name) for name in chosen))


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
