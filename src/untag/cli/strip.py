"""``untag strip``: take the attribute out of a copy, and prove that it is gone."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from untag.strip.base import Choice
    from untag.strip.plan import Plan
    from untag.strip.prove import Proof

LEFT: Final = 1
INCOMPLETE: Final = 3
ENDS: Final = ("SIGTERM", "SIGHUP")
EPILOG: Final = """\
examples:
  untag strip model/ --dry-run                     what would be removed, what refused, who calls it
  untag strip model/ -o clean/                     do it to a copy; the proof is clean.proof.json
  untag strip faces.onnx -o cut.onnx --class 'logits[0:7]'
  untag strip data.parquet -o out.parquet --attribute ethnicity
  untag strip sdk/ --dry-run --plan plan.json      keep the plan for review, then: --plan plan.json -o OUT

exit codes: 0 all that was asked for is removed and proved, 1 something is refused or left to a person,
2 wrong call, 3 something could not be read
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.epilog = EPILOG
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("target", metavar="TARGET", help="file or folder; it is never changed without --in-place")
    command.add_argument("-o", "--out", metavar="OUT", help="where the result goes: must not exist yet")
    command.add_argument("--dry-run", action="store_true", help="show the plan and write nothing but --plan")
    command.add_argument("--plan", metavar="FILE", help="with --dry-run write the plan; without, do the reviewed plan")
    command.add_argument("--proof", metavar="FILE", help="where the proof goes (default: OUT.proof.json)")
    command.add_argument("--attribute", action="append", metavar="NAME", help="only this attribute; repeatable")
    command.add_argument("--finding", action="append", metavar="FINGERPRINT", help="only this finding; repeatable")
    command.add_argument(
        "--output", action="append", metavar="NAME", help="this model output, column or field; repeatable"
    )
    command.add_argument(
        "--class",
        dest="classes",
        action="append",
        metavar="NAME",
        help="this class by name, or OUTPUT[0:7] where classes have no names; repeatable",
    )
    command.add_argument(
        "--renormalise", action="store_true", help="cut a softmax over kept classes too: probabilities change"
    )
    command.add_argument("--unsafe", action="store_true", help="do edits of class unsafe too: read the plan first")
    command.add_argument("--partial", action="store_true", help="do what can be done although something is refused")
    command.add_argument("--in-place", action="store_true", help="replace the changed files; a backup is kept")
    command.add_argument("-p", "--policy", default="untag-core", metavar="PACK", help="policy pack or file")
    command.add_argument("--overlay", action="append", metavar="PACK", help="a further pack on top; repeatable")
    command.add_argument("--json", action="store_true", help="print the plan or the proof as JSON")
    command.add_argument("-q", "--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Plan, and unless it is a dry run apply and prove."""
    _check(args)
    from untag.strip.plan import make_plan  # noqa: PLC0415
    from untag.strip.prove import PLAN, load, plan_document, render  # noqa: PLC0415

    reviewed = load(Path(args.plan), PLAN) if args.plan and not args.dry_run else None
    choice = _choice(args, reviewed)
    plan = make_plan(args.target, choice=choice, policy=args.policy, overlays=tuple(args.overlay or ()))
    table = plan_document(plan)
    if args.dry_run:
        if args.plan:
            _ours(Path(args.plan), PLAN)
            _write(Path(args.plan), render(table))
        sys.stdout.write(render(table)) if args.json else _print_plan(plan)
        return _code(plan)
    if reviewed is not None:
        _same(reviewed, table)
    if not plan.edits and not plan.refusals:
        what = f" of {' or '.join(choice.attributes)}" if choice.attributes else ""
        print(f"untag: nothing to remove in {plan.title}: no finding{what} that the policy blocks or warns of")
        if plan.report.gaps:
            were = "1 artifact was" if len(plan.report.gaps) == 1 else f"{len(plan.report.gaps):,} artifacts were"
            print(f"untag: {were} not read: untag scan says why; what stands there is not removed", file=sys.stderr)
        return INCOMPLETE if plan.report.gaps else 0
    return _apply(args, plan)


def _check(args: argparse.Namespace) -> None:
    if not args.dry_run and not args.out and not args.in_place:
        raise UsageError("say where the result goes: -o OUT, or --in-place; or look first: --dry-run")
    if args.out and args.in_place:
        raise UsageError("-o and --in-place exclude each other")
    if args.plan and not args.dry_run and (args.attribute or args.finding or args.output or args.classes):
        raise UsageError("a reviewed --plan holds the choice: leave out --attribute, --finding, --output and --class")
    if args.attribute:
        from untag.model import ATTRIBUTES  # noqa: PLC0415

        for name in args.attribute:
            if name not in ATTRIBUTES:
                raise UsageError(f"unknown attribute {name}; known are {', '.join(ATTRIBUTES)}")


def _choice(args: argparse.Namespace, reviewed: dict[str, Any] | None) -> Choice:
    from untag.strip.base import Choice  # noqa: PLC0415

    if reviewed is not None:
        asked = reviewed.get("choice")
        if not isinstance(asked, dict):
            raise UsageError(f"{args.plan} lacks the choice it was made with: make the plan anew")
        return Choice(
            tuple(asked.get("attributes", ())),
            tuple(asked.get("findings", ())),
            tuple(asked.get("outputs", ())),
            tuple(asked.get("classes", ())),
            bool(asked.get("renormalise")) or args.renormalise,
            bool(asked.get("unsafe")) or args.unsafe,
        )
    return Choice(
        tuple(args.attribute or ()),
        tuple(args.finding or ()),
        tuple(args.output or ()),
        tuple(args.classes or ()),
        args.renormalise,
        args.unsafe,
    )


def _same(reviewed: dict[str, Any], table: dict[str, Any]) -> None:
    """Hold a reviewed plan against the one that the bytes in hand give."""
    from untag.strip.base import StripError  # noqa: PLC0415

    if reviewed.get("files") != table["files"]:
        raise StripError("the plan was made for other bytes: make it anew with --dry-run --plan, and review it")
    for part in ("edits", "refusals"):
        if reviewed.get(part) != table[part]:
            raise StripError(f"the plan's {part} are not those of these files and this version: make it anew")


def _apply(args: argparse.Namespace, plan: Plan) -> int:
    from untag.strip.apply import apply  # noqa: PLC0415
    from untag.strip.base import RefusedError  # noqa: PLC0415
    from untag.strip.prove import PROOF, document, render  # noqa: PLC0415

    # a terminated run takes the staging folder away, as an interrupted one does, and so does one whose terminal closes
    for number in _signals(ENDS):
        signal.signal(number, signal.default_int_handler)
    out = Path(args.out) if args.out else Path(args.target)
    where = Path(args.proof) if args.proof else out.with_name(out.name + ".proof.json")
    if args.proof:
        # found out before anything is written: there is no result without its proof
        _try(where)
        if args.out and where.resolve().is_relative_to(out.resolve()):
            raise UsageError(f"--proof {where} lies in the result: name a place beside it")
    _ours(where, PROOF)
    progress = None if args.quiet or not sys.stderr.isatty() else _say
    witness = _Witness(where)
    try:
        with witness:
            proof = apply(
                plan,
                out,
                policy=args.policy,
                overlays=tuple(args.overlay or ()),
                partial=args.partial,
                in_place=args.in_place,
                progress=progress,
                proved=lambda proof: witness.write(render(document(proof))),
            )
    except RefusedError as error:
        if args.json:
            from untag.strip.prove import plan_document  # noqa: PLC0415

            sys.stdout.write(render(plan_document(plan)))
        else:
            _print_plan(plan)
        print(f"untag: {error}", file=sys.stderr)
        return LEFT
    if args.json:
        sys.stdout.write(render(document(proof)))
    else:
        _print_proof(proof, out, where)
    return _code(proof.plan)


def _signals(names: Sequence[str]) -> list[signal.Signals]:
    """Return the signals of these names that the system has and that are not ignored."""
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


class _Witness:
    """Writes the proof before the result takes its name, and takes it away if that fails.

    From then on no signal interrupts: what is left to do is short, and a result must not stand without its proof.
    """

    def __init__(self, where: Path) -> None:
        self._where = where
        self._old: bytes | None = None
        self._wrote = False
        self._handlers: dict[signal.Signals, Any] = {}

    def write(self, text: str) -> None:
        self._handlers = {number: signal.signal(number, signal.SIG_IGN) for number in _signals(("SIGINT", *ENDS))}
        self._old = self._where.read_bytes() if self._where.is_file() else None
        _write(self._where, text)
        self._wrote = True

    def __enter__(self) -> None:
        """Nothing is written yet."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None and self._wrote:
            if self._old is None:
                self._where.unlink(missing_ok=True)
            else:
                self._where.write_bytes(self._old)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    print(f"untag: {text}", file=sys.stderr)


def _code(plan: Plan) -> int:
    if plan.refusals or plan.left():
        return LEFT
    return INCOMPLETE if plan.report.gaps else 0


def _try(path: Path) -> None:
    """See that a file can be written, and leave what is there as it is."""
    probe = path.with_name(f".{path.name}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}; check the folder") from error


def _ours(path: Path, schema: str) -> None:
    """Refuse to write a plan or a proof over a file that is none."""
    from untag.errors import ConfigError  # noqa: PLC0415
    from untag.strip.prove import load  # noqa: PLC0415

    if path.is_file():
        try:
            load(path, schema)
        except ConfigError as error:
            what = schema.split("/")[1]
            raise UsageError(f"{path} exists and is no {what} of untag: name another file for the {what}") from error


def _write(path: Path, text: str) -> None:
    from untag.cli.report import put  # noqa: PLC0415

    put(path, text.encode("utf-8"))


def _print_plan(plan: Plan) -> None:
    """Show a plan to a person."""
    from untag.strip.show import plan_lines  # noqa: PLC0415

    print(*plan_lines(plan), sep="\n")


def _print_proof(proof: Proof, out: Path, where: Path) -> None:
    """Show what was done and proved."""
    from untag.strip.show import proof_lines  # noqa: PLC0415

    print(*proof_lines(proof, str(out), str(where)), sep="\n")
