"""``untag attest``: sign what a scan found, so that others can check it."""

from __future__ import annotations

import os
import re
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
  untag attest pypi:deepface==0.0.103 --key untag.key -o deepface.att.json
  untag attest report.json --subject sdk.zip --key untag.key -o sdk.att.json
  untag attest clean.onnx --proof clean.onnx.proof.json --key untag.key -o clean.att.json
  untag attest model.onnx --keyless -o model.sigstore.json         asks Sigstore, and is public for ever
  untag attest model.onnx --format cyclonedx -o bom.json
  untag verify model.att.json model.onnx --key untag.key.pub

The statement says what was found in what was read, and never that a product does not profile.
A key with a password is opened with the one in UNTAG_KEY_PASSWORD.
"""
HEAD: Final = 4096
"""Bytes in which a report says what it is."""
REPORT: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"schema"\s*:\s*"untag/')
"""How a report of any schema begins."""
OPTIONS: Final = ("--no-gitignore", "--no-inline-waivers")
"""How a target is scanned for its attestation: all of it, and nothing in it may waive."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.epilog = EPILOG
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument(
        "target", nargs="?", metavar="REPORT|TARGET", help="a report as JSON, a file, a folder or a package"
    )
    command.add_argument("--key", action="append", metavar="FILE", help="private Ed25519 key as PEM; repeatable")
    command.add_argument("--new-key", metavar="FILE", help="make a key and end")
    command.add_argument("--keyless", action="store_true", help="sign as an identity, with Sigstore: uses the network")
    command.add_argument("--identity-token", metavar="FILE", help="token of the identity (default: ask, or a CI's own)")
    command.add_argument("--trust-config", metavar="FILE", help="another instance of Sigstore, as JSON")
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
    if args.format == "dsse" and not (args.key or args.keyless):
        raise UsageError("no key: give --key FILE, or make one with untag attest --new-key FILE")
    if args.keyless and (args.key or args.format != "dsse"):
        raise UsageError("--keyless excludes --key and other formats: what it writes is a Sigstore bundle")
    if not args.keyless and (args.identity_token or args.trust_config):
        raise UsageError("--identity-token and --trust-config go with --keyless")
    password = os.environ.get("UNTAG_KEY_PASSWORD", "").encode() or None
    keys = [envelope.load_private(Path(name), password) for name in args.key or ()]
    report, subjects, options = _found(args)
    table = _statement(args, report, subjects, options)
    if args.keyless:
        text = _keyless(args, table)
    elif args.format == "dsse":
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


def _keyless(args: argparse.Namespace, table: dict[str, Any]) -> str:
    """Sign a statement with Sigstore, after saying what that makes public."""
    from shlex import quote  # noqa: PLC0415

    from untag.evidence import keyless  # noqa: PLC0415
    from untag.evidence.statement import canonical  # noqa: PLC0415

    if any("sha256" not in row["digest"] for row in table["subject"]):
        raise UsageError("Sigstore takes no digest of a folder: pack it and attest the archive, or sign with --key")
    raw = None
    if args.identity_token:
        try:
            raw = Path(args.identity_token).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"cannot read {args.identity_token}: {error}") from error
        if not raw:
            raise UsageError(f"{args.identity_token} is empty: it must hold the token of an identity")
    print(
        "untag: Sigstore is asked; who signs, and the digest of the statement, stand in a public log for ever",
        file=sys.stderr,
    )
    asked = keyless.instance(Path(args.trust_config) if args.trust_config else None)
    identity = keyless.token(raw, asked.vouches, ask=sys.stderr.isatty())
    text, who = keyless.sealed(canonical(table), asked, identity)
    named = f"--identity {quote(who.identity)} --issuer {quote(who.issuer)}"
    print(f"untag: signed; untag verify takes it with {named}", file=sys.stderr)
    return text


def _found(args: argparse.Namespace) -> tuple[Report, list[Path], tuple[str, ...]]:
    """Return the report, what it is about, and the options of its scan."""
    path = Path(args.target)
    if is_report(path):
        if not args.subject:
            raise UsageError(
                "a report is no file that can be compared later: name what it is about with --subject FILE"
            )
        report = load_report(path)
        subjects = [held(name) for name in args.subject]
        _about(report, subjects)
        return report, subjects, ("unknown",)
    if args.subject:
        raise UsageError("--subject goes with a report; a target is its own subject")
    path = held(args.target)
    if not path.exists():
        raise UsageError(f"cannot attest {args.target}: name a file, a folder, a report, pypi:NAME or npm:NAME")
    return rescanned(str(path), args.policy, tuple(args.overlay or ())), [path], OPTIONS


def held(name: str) -> Path:
    """Return the path of what is attested: of a package, that of the archive which the registry has."""
    if not name.startswith(("pypi:", "npm:")):
        return Path(name)
    from untag.model import FileRef  # noqa: PLC0415
    from untag.sources import SourceOptions, resolve  # noqa: PLC0415

    found = [item for item in resolve(name, SourceOptions()).items() if isinstance(item, FileRef)]
    return Path(found[0].path)


def _about(report: Report, subjects: list[Path]) -> None:
    """Raise `UsageError` for a subject whose digest is none of those that the report states."""
    from untag.evidence.statement import digest_of  # noqa: PLC0415

    stated = {one.sha256 for one in report.subjects}
    for path in subjects if stated else ():
        own = digest_of(path).get("sha256")
        if own not in stated:
            raise UsageError(f"{path} is not what the report is about: it states the SHA-256 {min(stated)}")


def load_report(path: Path) -> Report:
    """Return the report that a file holds; one that speaks against itself is refused."""
    from untag.sinks.html.received import LARGEST, received  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"report {path} cannot be read: {error.strerror or error}") from error
    return received(data, path.name)[0]


def is_report(path: Path) -> bool:
    """Say whether a file is a report of ours; one of another schema is refused when it is read, and never scanned."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    return b'"untag/report/v1"' in head or REPORT.match(head) is not None


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
    """Write a text to a file, whole or not at all, to a device or a pipe as it is, or to standard output."""
    if out is None:
        in_utf8()
        sys.stdout.write(text)
        return
    from untag.cli.report import put  # noqa: PLC0415

    put(Path(out), text.encode("utf-8", "backslashreplace"))


def in_utf8() -> None:
    """Let standard output take every character, whatever the terminal or the pipe was set to."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
