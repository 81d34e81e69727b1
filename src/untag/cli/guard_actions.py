"""``untag guard check``, ``filter`` and ``log``: the guard at the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.cli.guard_setup import gate_of, log_of, settings_of
from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from untag.guard.log import Checked

BROKEN: Final = 1
"""A log whose chain is broken."""
FAULTY: Final = 2
"""A line that could not be judged."""
CHUNK: Final = 1 << 16
LINE: Final = 64 << 20
"""Bytes of the longest line: above the cap of a body, so that the cap itself is what speaks."""


def check(args: argparse.Namespace) -> int:
    """Judge JSON Lines, one verdict a line."""
    from untag.guard.check import checked  # noqa: PLC0415

    settings = settings_of(args)
    dump = _dumps()
    code = 0
    with _source(args.file) as source:
        write = sys.stdout.write
        while line := source.readline(LINE):
            if not line.strip():
                continue
            answer, judged = checked(line, settings, bodies=args.show_bodies)
            if not judged:
                code = FAULTY
            write(dump(answer) + "\n")
            if line[-1:] != b"\n" and len(line) == LINE:
                _skip(source)
    sys.stdout.flush()
    return code


def _skip(source: Any) -> None:
    while piece := source.readline(LINE):
        if piece.endswith(b"\n"):
            return


def _dumps() -> Callable[[Any], str]:
    import json  # noqa: PLC0415

    encoder = json.JSONEncoder(ensure_ascii=False)

    def dump(value: Any) -> str:
        # a lone surrogate, which JSON can hold and UTF-8 cannot
        text = encoder.encode(value)
        return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()

    return dump


class _source:  # noqa: N801 - a context manager
    """Standard input or a file, in bytes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> Any:
        if self._name == "-":
            self._file: Any = sys.stdin.buffer
            return self._file
        try:
            self._file = Path(self._name).open("rb")
        except OSError as error:
            raise UsageError(f"{self._name} cannot be read: {error.strerror or error}") from error
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._name != "-":
            self._file.close()


def filtered_lines(args: argparse.Namespace) -> int:
    """Clean JSON Lines from standard input to standard output."""
    from untag.guard.filter import Counts, filtered  # noqa: PLC0415

    gate = gate_of(args, log_of(args, args.log))
    counts = Counts()
    out = sys.stdout.buffer

    def told(number: int, action: str) -> None:
        what = "refused" if action == "refuse" else "withheld, it could not be judged"
        print(f"untag: event {number}: {what}", file=sys.stderr)

    try:
        for line in filtered(
            iter(lambda: sys.stdin.buffer.readline(LINE), b""), gate, counts, route=args.route, told=told
        ):
            out.write(line)
            out.flush()
    finally:
        gate.tally()
        if gate.log:
            gate.log.close()
    said = f"{counts.read} read, {counts.passed} passed, {counts.changed} changed, {counts.refused} refused"
    print(f"untag: {said}, {counts.failed} withheld", file=sys.stderr)
    return FAULTY if counts.failed else 0


def verified(args: argparse.Namespace) -> int:
    """Verify the chain of each log that was named."""
    from untag.guard.fleet import logs_of  # noqa: PLC0415
    from untag.guard.log import rotated, verify  # noqa: PLC0415

    paths = [Path(name) for name in args.files]
    chains = [paths]
    if len(paths) == 1 and not paths[0].suffix.removeprefix(".").isdigit():
        # one chain for each process that wrote
        chains = [[*rotated(path), path] for path in logs_of(paths[0])]
    code = 0
    for chain in chains:
        try:
            result = verify(chain)
        except OSError as error:
            raise UsageError(f"{error.filename}: the log cannot be read: {error.strerror or error}") from error
        if len(chains) > 1:
            print(f"{chain[-1]}:")
        print(_told(result))
        if result.fault or not result.records:
            code = BROKEN
    return code


def _told(result: Checked) -> str:
    if result.fault:
        sound = f"; sound before it: {result.records} records" if result.records else ""
        return f"BROKEN at {result.where}: {result.fault}{sound}"
    if not result.records:
        return "EMPTY: no record to verify"
    lines = [f"OK: {result.records} records, {result.first} to {result.last}", f"head {result.head}"]
    if result.first > 1:
        lines.append(f"records 1 to {result.first - 1} stand in files that were not given")
    if result.torn:
        lines.append(f"a last line of {result.torn} bytes was never finished (a crash); all before it is sound")
    return "\n".join(lines)
