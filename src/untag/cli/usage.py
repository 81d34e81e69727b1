"""``untag usage``: who asked for, or received, a protected attribute, counted from access logs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from untag.evidence.usage.counting import Counted, Key, Row

SCHEMA: Final = "untag/usage/v1"
SHOWN: Final = 40
"""Rows that the console shows; JSON and CSV hold all."""
FOUND: Final = 1
INCOMPLETE: Final = 3
EPILOG: Final = """\
examples:
  untag usage access.log access.log.1.gz
  untag usage calls.jsonl --mapping mapping.toml --json -o usage.json
  untag usage logs/*.gz --key-file key --csv -o usage.csv

mapping.toml:
  preset = "json"
  [fields]
  client = "auth.key_id"
  request = ["body", "payload"]

exit codes: 0 no use in what was read, 1 use was found, 2 wrong call, 3 no use found and part of it not read
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.epilog = EPILOG
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("logs", nargs="+", metavar="LOG", help="access logs: plain, gzip, zstd or Parquet")
    command.add_argument("--preset", metavar="NAME", help="format of the logs (default: by their first lines)")
    command.add_argument("--mapping", metavar="FILE", help="where the fields stand, as TOML")
    command.add_argument("--key-file", metavar="FILE", help="key for the clients' pseudonyms (default: a new one)")
    command.add_argument("--show-clients", action="store_true", help="show clients as the log names them")
    command.add_argument("-p", "--policy", default="untag-core", metavar="PACK", help="policy pack")
    command.add_argument("--json", action="store_true", help="print the counts as JSON")
    command.add_argument("--csv", action="store_true", help="print the counts as CSV")
    command.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")
    command.add_argument("-j", "--jobs", type=int, default=0, metavar="N", help="processes (default: one per core)")
    command.add_argument("-q", "--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Count and print."""
    from untag.cli.attest import write  # noqa: PLC0415
    from untag.evidence.usage.counting import count  # noqa: PLC0415
    from untag.evidence.usage.mapping import load_mapping, preset  # noqa: PLC0415

    if args.mapping and args.preset:
        raise UsageError("--mapping and --preset exclude each other: a mapping file can name its preset")
    if args.key_file and args.show_clients:
        raise UsageError("--key-file and --show-clients exclude each other")
    mapping = load_mapping(Path(args.mapping)) if args.mapping else preset(args.preset) if args.preset else None
    shown = not args.quiet and sys.stderr.isatty()
    found = count(
        [Path(name) for name in args.logs],
        mapping=mapping,
        key=_key(args),
        policy=args.policy,
        jobs=args.jobs,
        progress=_say if shown else None,
    )
    if shown:
        sys.stderr.write("\r\x1b[2K")
    write(args.out, _json(found) if args.json else _csv(found) if args.csv else _console(found))
    if found.rows:
        return FOUND
    missed = found.unparsed or found.too_long or found.unreadable or found.unnamed or found.failed
    return INCOMPLETE if missed or not found.calls else 0


def _key(args: argparse.Namespace) -> bytes | None:
    if args.show_clients:
        return b""
    if not args.key_file:
        return None
    try:
        key = Path(args.key_file).read_bytes().strip()
    except OSError as error:
        raise UsageError(f"cannot read {args.key_file}: {error.strerror or error}") from error
    if len(key) < 16:  # noqa: PLR2004 - 128 bits: fewer could be tried out
        raise UsageError(f"{args.key_file} holds fewer than 16 bytes: a shorter key can be guessed")
    return key


def _say(done: int, total: int) -> None:
    sys.stderr.write(f"\r\x1b[2Kuntag: {done >> 20:,} of {total >> 20:,} MB")
    sys.stderr.flush()


def _ranked(found: Counted) -> list[tuple[Key, Row]]:
    return sorted(found.rows.items(), key=lambda item: (-item[1].count, item[0]))


def _share(count: int, found: Counted) -> float:
    return count / found.calls if found.calls else 0.0


def _console(found: Counted) -> str:
    from untag.sinks.text import plain  # noqa: PLC0415

    clients = len({key[0] for key in found.rows})
    share = f"{_share(found.dirty, found):.2%}"
    what = f"{found.dirty:,} asked for or received a protected attribute ({share}), by {clients:,} clients"
    lines = [f"{found.calls:,} calls ({found.size >> 20:,} MB): {what}"]
    if found.rows:
        lines += ["", "     count   share  first                last                 what"]
    for key, row in _ranked(found)[:SHOWN]:
        client, where, side, attribute, operation = key
        when = f"{row.first or 'no time':<20} {row.last or 'no time':<20}"
        said = f"{side} {attribute} ({operation or 'unknown'})  {plain(where)}  {plain(client)}"
        lines.append(f"{row.count:>10,} {_share(row.count, found):>7.2%}  {when} {said}")
    if len(found.rows) > SHOWN:
        lines.append(f"and {len(found.rows) - SHOWN:,} more: --json or --csv hold all")
    lines += ["", *_limits(found)]
    return "\n".join(lines) + "\n"


def _limits(found: Counted) -> list[str]:
    lines = [f"not read: {name}: {why}" for name, why in found.failed]
    if found.unparsed:
        lines.append(f"not read: {found.unparsed:,} lines with a candidate are not of the log's format")
    if found.too_long:
        lines.append(f"not read: {found.too_long:,} lines are too long")
    if found.unreadable:
        lines.append(f"not read: {found.unreadable:,} calls with a candidate have a body that cannot be understood")
    if found.unnamed:
        names = f", such as {', '.join(sorted(found.fields))}" if found.fields else ""
        lines.append(
            f"not read: {found.unnamed:,} calls speak of it in fields that the mapping does not name{names}:"
            " name them in a --mapping"
        )
    if found.undated:
        lines.append(f"{found.undated:,} of the calls have no time that could be read")
    lines.append("This is about the calls in these logs. What a log does not hold, such as bodies, is not counted.")
    return lines


def _json(found: Counted) -> str:
    import json  # noqa: PLC0415

    table: dict[str, Any] = {
        "schema": SCHEMA,
        "calls": found.calls,
        "bytes": found.size,
        "dirty": found.dirty,
        "rows": [
            {
                **dict(zip(("client", "endpoint", "side", "attribute", "operation"), key, strict=True)),
                "count": row.count,
                "share": round(_share(row.count, found), 8),
                "first": row.first or None,
                "last": row.last or None,
            }
            for key, row in _ranked(found)
        ],
        "not_read": {
            "lines_of_another_format": found.unparsed,
            "lines_too_long": found.too_long,
            "bodies_unreadable": found.unreadable,
            "calls_in_fields_unnamed": found.unnamed,
            "fields_unnamed": sorted(found.fields),
            "logs": [{"log": name, "reason": why} for name, why in found.failed],
        },
        "undated": found.undated,
    }
    return json.dumps(table, ensure_ascii=False, indent=2) + "\n"


def _csv(found: Counted) -> str:
    import csv  # noqa: PLC0415
    import io  # noqa: PLC0415

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("client", "endpoint", "side", "attribute", "operation", "count", "share", "first", "last"))
    for key, row in _ranked(found):
        writer.writerow((*map(_inert, key), row.count, f"{_share(row.count, found):.8f}", row.first, row.last))
    return out.getvalue()


def _inert(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
