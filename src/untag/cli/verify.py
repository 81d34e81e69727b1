"""``untag verify``: hold a signed statement against the bytes in hand."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from untag.evidence.keyless import Signer
    from untag.model import Report

REFUSED: Final = 1
EPILOG: Final = """\
steps, each of which refuses alone:
  1 envelope   2 signatures   3 statement   4 subject   5 policy   6 age   7 coverage   8 status   9 rescan

examples:
  untag verify model.att.json model.onnx --key vendor.pub
  untag verify sdk.att.json sdk.zip --key vendor.pub --key auditor.pub --threshold 2 --rescan
  untag verify sdk.sigstore.json sdk.zip --identity release@example.org --issuer https://accounts.example.org

A Sigstore bundle is verified without a network, from the root of trust that the library brings or --trusted-root names.

exit codes: 0 every step passed, 1 a step refused, 2 wrong call
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.epilog = EPILOG
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("attestation", metavar="ATTESTATION", help="the signed envelope")
    command.add_argument("subjects", nargs="*", metavar="FILE", help="what it is about, all of it")
    command.add_argument("--key", action="append", metavar="FILE", help="trusted public key as PEM; repeatable")
    command.add_argument("--identity", metavar="WHO", help="in place of a key: who signed a Sigstore bundle, whole")
    command.add_argument("--issuer", metavar="URL", help="who vouched for the identity, whole")
    command.add_argument("--trusted-root", metavar="FILE", help="root of trust of Sigstore as JSON")
    command.add_argument("--threshold", type=int, default=1, metavar="N", help="how many keys must have signed")
    command.add_argument("-p", "--policy", default="untag-core", metavar="PACK", help="least strict policy accepted")
    command.add_argument("--max-age", type=int, default=365, metavar="DAYS", help="oldest statement (default: 365)")
    command.add_argument("--min-lexicon", default="", metavar="DATE", help="oldest lexicon, such as 2026.11.22")
    command.add_argument("--allow-unread", action="store_true", help="accept that parts were not read")
    command.add_argument("--no-waivers", action="store_true", help="refuse a scan in which waivers were in force")
    command.add_argument(
        "--accept",
        action="append",
        choices=("clean", "incomplete", "blocked"),
        help="a status that passes (default: clean); repeatable",
    )
    command.add_argument("--rescan", action="store_true", help="repeat the scan and compare")
    command.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Verify, and say which step refused."""
    from untag.cli.attest import held, in_utf8  # noqa: PLC0415
    from untag.evidence import envelope  # noqa: PLC0415
    from untag.evidence.statement import WORDING  # noqa: PLC0415
    from untag.evidence.verify import Demands, StepError, now_utc, verify  # noqa: PLC0415
    from untag.sinks.text import plain  # noqa: PLC0415

    signer = _signer(args)
    if not args.key and signer is None:
        raise UsageError("no trusted key: give --key FILE.pub; an attestation without a key proves nothing")
    if args.threshold < 1 or args.max_age < 1:
        raise UsageError("--threshold and --max-age take numbers of 1 or more")
    try:
        data = Path(args.attestation).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {args.attestation}: {error.strerror or error}") from error
    subjects = [held(name) for name in args.subjects]
    demands = Demands(
        keys=tuple(envelope.load_public(Path(name)) for name in args.key or ()),
        signer=signer,
        threshold=args.threshold,
        policy=args.policy,
        max_age=timedelta(days=args.max_age),
        min_lexicon=args.min_lexicon,
        allow_unread=args.allow_unread,
        accept=tuple(args.accept or ("clean",)),
        allow_waivers=not args.no_waivers,
        rescan=(lambda predicate: _again(predicate, subjects)) if args.rescan else None,
    )
    in_utf8()
    try:
        verified = verify(data, subjects, demands, now_utc())
    except StepError as error:
        if args.json:
            _json({"verified": False, "step": error.step, "reason": str(error)})
        print(f"untag: not verified: {plain(str(error))}", file=sys.stderr)
        return REFUSED
    if args.json:
        _json({"verified": True, "steps": dict(verified.steps), "predicate": verified.predicate})
        return 0
    for name, text in verified.steps:
        print(f"  ✓ {name:<12} {plain(text)}")
    # our own words: a statement is not asked what it is worth
    print(f"verified: {WORDING}")
    return 0


def _signer(args: argparse.Namespace) -> Signer | None:
    """Return whose keyless signature is trusted, if that is asked for."""
    from untag.evidence.keyless import Signer  # noqa: PLC0415

    if not (args.identity or args.issuer or args.trusted_root):
        return None
    if not (args.identity and args.issuer):
        raise UsageError("--identity and --issuer go together: an identity is worth what vouches for it")
    if args.key or args.threshold != 1:
        raise UsageError("--identity excludes --key and --threshold: a Sigstore bundle has one signature, by no key")
    return Signer(args.identity, args.issuer, Path(args.trusted_root) if args.trusted_root else None)


def _again(predicate: dict[str, Any], subjects: list[Path]) -> Report:
    """Repeat the scan of the one subject with the attested policy."""
    from untag.cli.attest import OPTIONS, rescanned  # noqa: PLC0415
    from untag.evidence.statement import AttestError  # noqa: PLC0415

    if len(subjects) != 1:
        raise AttestError("a scan of several subjects cannot be repeated: they were scanned together")
    if predicate["options"] != list(OPTIONS):
        raise AttestError("the options of the scan are not stated: it was made from a report, and cannot be repeated")
    return rescanned(str(subjects[0]), predicate["policy"]["id"], tuple(predicate["policy"]["overlays"]))


def _json(table: dict[str, Any]) -> None:
    import json  # noqa: PLC0415

    sys.stdout.write(json.dumps(table, ensure_ascii=False, indent=2) + "\n")
