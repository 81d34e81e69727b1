"""``untag attest``: sign what a scan found, so that others can check it."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from untag.model import Report

EPILOG: Final = """\
examples:
  untag attest --new-key untag.key                     a new key, and untag.key.pub for those who verify
  untag attest model.onnx --key untag.key -o model.att.json
  untag attest report.json --subject sdk.zip --key untag.key -o sdk.att.json
  untag attest clean.onnx --proof clean.onnx.proof.json --key untag.key -o clean.att.json
  untag attest model.onnx --format cyclonedx -o bom.json
  untag verify model.att.json model.onnx --key untag.key.pub

The statement says what was found in what was read, and never that a product does not profile.
A key with a password is opened with the one in UNTAG_KEY_PASSWORD.
"""
HEAD: Final = 4096
"""Bytes in which a report says what it is."""
OPTIONS: Final = ("--no-gitignore", "--no-inline-waivers")
"""How a target is scanned for its attestation: all of it, and nothing in it may waive."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.epilog = EPILOG
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("target", nargs="?", metavar="REPORT|TARGET", help="a report as JSON, or a file or folder")
    command.add_argument("--key", action="append", metavar="FILE", help="private Ed25519 key as PEM; repeatable")
    command.add_argument("--new-key", metavar="FILE", help="make a key and end")
    command.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")
    command.add_argument(
        "--subject", action="append", metavar="FILE", help="what a report is about; repeatable (default: the target)"
    )
    command.add_argument("--proof", action="append", metavar="FILE", help="proof of a strip to include; repeatable")
    command.add_argument("--expires", type=int, metavar="DAYS", help="the statement ends after DAYS")
    command.add_argument(
        "--format",
        choices=("dsse", "statement", "cyclonedx"),
        default="dsse",
        help="signed envelope (default), the bare statement, or a CycloneDX bill of materials",
    )
    command.add_argument("-p", "--policy", default="untag-core", metavar="PACK", help="policy pack for the scan")
    command.add_argument("--overlay", action="append", metavar="PACK", help="a further pack on top; repeatable")


def run(args: argparse.Namespace) -> int:
    """Scan or read the report, make the statement, sign it."""
    from untag.evidence import envelope  # noqa: PLC0415

    if args.new_key:
        print(f"untag: key {envelope.new_key(Path(args.new_key))}", file=sys.stderr)
        print(f"untag: keep {args.new_key} to yourself, give {args.new_key}.pub to who verifies", file=sys.stderr)
        return 0
    if not args.target:
        raise UsageError("name a report, a file or a folder: untag attest TARGET --key FILE")
    if args.format == "dsse" and not args.key:
        raise UsageError("no key: give --key FILE, or make one with untag attest --new-key FILE")
    password = os.environ.get("UNTAG_KEY_PASSWORD", "").encode() or None
    keys = [envelope.load_private(Path(name), password) for name in args.key or ()]
    report, subjects, options = _found(args)
    table = _statement(args, report, subjects, options)
    if args.format == "dsse":
        from untag.evidence.statement import canonical  # noqa: PLC0415

        text = envelope.seal(canonical(table), keys)
    elif args.format == "cyclonedx":
        from untag.evidence.cyclonedx import bill  # noqa: PLC0415

        text = bill(table, subjects)
    else:
        import json  # noqa: PLC0415

        text = json.dumps(table, ensure_ascii=False, indent=2) + "\n"
    write(args.out, text)
    return 0


def _found(args: argparse.Namespace) -> tuple[Report, list[Path], tuple[str, ...]]:
    """Return the report, what it is about, and the options of its scan."""
    path = Path(args.target)
    if is_report(path):
        from untag.sinks.json_v1 import load  # noqa: PLC0415

        if not args.subject:
            raise UsageError("a report holds no digest of what it is about: name that with --subject FILE")
        return load(path), [Path(name) for name in args.subject], ("unknown",)
    if args.subject:
        raise UsageError("--subject goes with a report; a target is its own subject")
    return rescanned(args.target, args.policy, tuple(args.overlay or ())), [path], OPTIONS


def is_report(path: Path) -> bool:
    """Say whether a file is a report of ours."""
    try:
        with path.open("rb") as file:
            return b'"untag/report/v1"' in file.read(HEAD)
    except OSError:
        return False


def rescanned(target: str, policy: str, overlays: tuple[str, ...]) -> Report:
    """Scan a target as an attestation does: all of it, waivers inside it not counted."""
    from untag.scan import scan  # noqa: PLC0415
    from untag.sources import SourceOptions  # noqa: PLC0415

    options = SourceOptions(gitignore=False)
    return scan(target, policy=policy, overlays=overlays, options=options, inline_waivers=False)


def _statement(
    args: argparse.Namespace, report: Report, subjects: list[Path], options: tuple[str, ...]
) -> dict[str, Any]:
    from untag.evidence.statement import statement  # noqa: PLC0415
    from untag.evidence.verify import now_utc  # noqa: PLC0415

    made = now_utc()
    if args.expires is not None and args.expires < 1:
        raise UsageError("--expires takes a number of days, 1 or more")
    return statement(
        report,
        subjects,
        made=made,
        expires=made + timedelta(days=args.expires) if args.expires else None,
        options=options,
        proofs=[Path(name) for name in args.proof or ()],
    )


def write(out: str | None, text: str) -> None:
    """Write a text to a file, whole or not at all, or to standard output."""
    if out is None:
        sys.stdout.write(text)
        return
    path = Path(out)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_text(text, "utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"cannot write {out}: {error.strerror or error}; check the folder") from error
