"""``untag scan``: find where software profiles pictured people."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from untag.config import Config
    from untag.model import Report
    from untag.policy.waivers import Waiver

FORMATS = ("console", "json", "sarif", "markdown", "junit", "gitlab", "html", "pdf")
EPILOG = """\
targets:
  PATH                     a file or a folder
  -                        standard input
  pypi:NAME[==VERSION]     a package, downloaded and unpacked, never installed or run
  npm:NAME[@VERSION]       the same for npm
  git:PATH[@REVISION]      the tree of a revision; with --staged, what is about to be committed;
                           with --history, all that was ever committed
  postgresql:// mysql://   a live database, read-only: catalogue, comments and samples (extra databases)
  s3: gs: az: hf: http(s): files that lie elsewhere, streamed (s3, gs and az: extra remote)

examples:
  untag scan .
  untag scan pypi:deepface==0.0.103
  untag scan vendor-sdk.zip --format sarif -o untag.sarif
  untag scan git:. --staged --fail-on warn
"""


def _jobs(text: str) -> int:
    count = int(text)
    if not 0 < count <= 1024:  # noqa: PLR2004 - see untag.config
        raise ValueError(text)
    return count


OPTIONS: Final[tuple[tuple[tuple[str, ...], dict[str, Any]], ...]] = (
    (("-f", "--format"), {"choices": FORMATS, "help": "output format (default: console)"}),
    (("-o", "--output"), {"metavar": "FILE", "help": "write to FILE instead of standard output"}),
    (("-p", "--policy"), {"metavar": "PACK", "help": "policy pack or file (default: untag-core)"}),
    (("--overlay",), {"action": "append", "metavar": "PACK", "help": "apply a further pack on top; repeatable"}),
    (
        ("--fail-on",),
        {"choices": ("block", "warn", "inform"), "help": "least action that fails (default: block)"},
    ),
    (
        ("--min-confidence",),
        {"choices": ("high", "medium", "low"), "help": "leave out findings below (default: low)"},
    ),
    (("--baseline",), {"metavar": "FILE", "help": "findings in FILE are known and exempt"}),
    (("--write-baseline",), {"metavar": "FILE", "help": "write the findings to FILE and exit 0"}),
    (("--config",), {"metavar": "FILE", "help": "configuration to use instead of the nearest untag.toml"}),
    (("--exclude",), {"action": "append", "metavar": "GLOB", "help": "leave out paths, as .gitignore would"}),
    (("--no-gitignore",), {"action": "store_true", "help": "scan what .gitignore leaves out, too"}),
    (
        ("--no-inline-waivers",),
        {"action": "store_true", "help": "waivers in comments of the scanned files do not count"},
    ),
    (("--ocr",), {"action": "store_true", "help": "read the text in pictures and scanned pages (extra ocr)"}),
    (("--staged",), {"action": "store_true", "help": "with git:PATH, scan what is staged"}),
    (("--history",), {"action": "store_true", "help": "with git:PATH, scan all that was ever committed"}),
    (("--no-cache",), {"action": "store_true", "help": "scan anew, though no byte changed since the last scan"}),
    (("-j", "--jobs"), {"type": _jobs, "metavar": "N", "help": "processes (default: one per core)"}),
    (("-v", "--verbose"), {"action": "store_true", "help": "show every finding and every reason"}),
    (("-q", "--quiet"), {"action": "store_true", "help": "no progress"}),
    (("--colour", "--color"), {"choices": ("auto", "always", "never"), "default": "auto"}),
)
"""The options as `argparse` takes them; `quick` reads the plain ones of the same table."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = EPILOG
    command.add_argument("targets", nargs="+", metavar="TARGET", help="what to scan; see below")
    for names, how in OPTIONS:
        command.add_argument(*names, **how)


def quick(words: Sequence[str]) -> argparse.Namespace | None:
    """Return what the parser would make of plain words, or None for a call that only the parser understands.

    Loading `argparse` and building a parser takes as long as scanning a hundred files. Whole
    names of options with their values apart, and targets that stand together, are plain;
    all else, and everything that is wrong, is left to the parser.
    """
    known = {name: (names, how) for names, how in OPTIONS for name in names}
    made: dict[str, Any] = {_dest(names): _default(how) for names, how in OPTIONS}
    targets: list[str] = []
    ended = False
    rest = iter(words)
    for word in rest:
        if word == "-" or not word.startswith("-"):
            if ended:
                return None
            targets.append(word)
            continue
        ended = bool(targets)
        if word not in known:
            return None
        names, how = known[word]
        place = _dest(names)
        if how.get("action") == "store_true":
            made[place] = True
            continue
        value = next(rest, None)
        if value is None or (value.startswith("-") and value != "-") or value not in how.get("choices", (value,)):
            return None
        try:
            read = how.get("type", str)(value)
        except ValueError:
            return None
        made[place] = [*(made[place] or ()), read] if how.get("action") == "append" else read
    return cast("argparse.Namespace", SimpleNamespace(**made, **_asked(targets))) if targets else None


def _asked(targets: list[str]) -> dict[str, Any]:
    return {"targets": targets, "version": False, "command": "scan", "run": run}


def _dest(names: tuple[str, ...]) -> str:
    return next(name for name in names if name.startswith("--"))[2:].replace("-", "_")


def _default(how: dict[str, Any]) -> object:
    return how.get("default", False if how.get("action") == "store_true" else None)


def run(args: argparse.Namespace) -> int:
    """Scan and print the report."""
    from untag.match import store  # noqa: PLC0415
    from untag.policy.baseline import Baseline, load_baseline, write  # noqa: PLC0415
    from untag.scan import scan  # noqa: PLC0415
    from untag.sources import SourceOptions  # noqa: PLC0415

    if not args.quiet and sys.stderr.isatty():
        store.announce = _announce
    config = _config(args)
    baseline_path = _path(args.baseline) if args.baseline else config.baseline
    writing = args.write_baseline is not None
    baseline = Baseline()
    if baseline_path and not writing:
        baseline = load_baseline(baseline_path, str(args.baseline or baseline_path))
    progress = None if args.quiet else _progress()
    report = scan(
        args.targets,
        policy=args.policy or config.policy,
        overlays=tuple(args.overlay or ()) or config.overlays,
        waivers=config.waivers,
        baseline=baseline,
        fail_on=args.fail_on or config.fail_on,
        min_confidence=args.min_confidence or config.min_confidence,
        options=SourceOptions(
            gitignore=config.gitignore and not args.no_gitignore,
            excludes=(*config.exclude, *(args.exclude or ())),
            staged=args.staged,
            history=args.history,
        ),
        jobs=args.jobs or config.jobs,
        progress=progress,
        inline_waivers=config.inline_waivers and not args.no_inline_waivers,
        ocr=config.ocr or args.ocr,
        cache=not args.no_cache,
    )
    if progress:
        progress.close()
    if writing:
        write(_path(args.write_baseline), report.decisions)
        print(f"untag: baseline written to {args.write_baseline}", file=sys.stderr)
        return 0
    write_report(report, args.format or config.format, args.output, args)
    return report.exit_code()


def _announce() -> None:
    print("untag: compiling the lexicon, once for this machine; this takes half a minute", file=sys.stderr)


class Defaults:
    """What `untag.config.Config` says where no file says otherwise, without the cost of loading a parser."""

    policy = "untag-core"
    overlays: tuple[str, ...] = ()
    fail_on = "block"
    exclude: tuple[str, ...] = ()
    gitignore = True
    baseline: Path | None = None
    format = "console"
    jobs = 0
    min_confidence = "low"
    inline_waivers = True
    ocr = False
    waivers: tuple[Waiver, ...] = ()


def _config(args: argparse.Namespace) -> Config | Defaults:
    """Return the configuration that applies."""
    if args.config:
        from untag.config import read_config  # noqa: PLC0415 - most folders have none, and it is slow to load

        return read_config(_existing(args.config))
    for target in () if args.quiet else args.targets:
        own = os.path.join(target.removeprefix("git:"), "untag.toml")
        if os.path.isfile(own) and not os.path.samefile(os.path.dirname(own), os.curdir):
            print(
                f"untag: {own} does not count: a tree does not configure its own scan; is it yours, give --config",
                file=sys.stderr,
            )
    if not _configured(os.curdir):
        return Defaults()
    from untag.config import load_config  # noqa: PLC0415

    return load_config(_path(os.curdir))


def _configured(start: str) -> bool:
    """Whether a file that may hold a configuration stands at or above ``start``, not beyond its repository."""
    folder = os.path.abspath(start)
    while True:
        if os.path.exists(os.path.join(folder, "untag.toml")) or _mentions(os.path.join(folder, "pyproject.toml")):
            return True
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return False
        folder = above


def _mentions(path: str) -> bool:
    """Whether a ``pyproject.toml`` may have a table of ours; one that cannot be read is left to the real reader."""
    try:
        with open(path, "rb") as f:
            return b"tool.untag" in f.read().replace(b" ", b"").replace(b'"', b"")
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def _path(name: str) -> Path:
    from pathlib import Path  # noqa: PLC0415 - slow to load

    return Path(name)


def _existing(name: str) -> Path:
    path = _path(name)
    if not path.is_file():
        raise UsageError(f"configuration {name} is no file: check --config")
    return path


def write_report(report: Report, form: str, output: str | None, args: argparse.Namespace) -> None:
    """Render a report to a file, whole or not at all, or to standard output."""
    if form in ("html", "pdf"):
        from untag.cli.report import write_scanned  # noqa: PLC0415 - few scans end in a page

        write_scanned(report, form, output, args.targets)
        return
    if output is None:
        _use_utf8(sys.stdout)
        _render(report, form, sys.stdout, args)
        return
    if os.path.exists(output) and not os.path.isfile(output):
        # a device or a pipe is written to: replacing it would take it away (/dev/null, as root)
        try:
            with open(output, "w", encoding="utf-8", newline="\n") as out:
                _render(report, form, out, args)
        except OSError as error:
            raise UsageError(f"cannot write {output}: {error.strerror or error}; check the path") from error
        return
    folder, name = os.path.split(os.path.normpath(output))
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as out:
            _render(report, form, out, args)
        os.replace(temporary, output)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise UsageError(f"cannot write {output}: {error.strerror or error}; check the folder") from error


def _render(report: Report, form: str, out: TextIO, args: argparse.Namespace) -> None:
    from untag.sinks import sink  # noqa: PLC0415

    options: dict[str, object] = {}
    if form == "console":
        options = {"colour": _colour(args, out), "width": _width(), "verbose": args.verbose, "rules": catalogue()}
    elif form == "sarif":
        options = {"rules": catalogue()}
    elif form == "junit":
        options = {"fail_on": args.fail_on or "block"}
    sink(form)(report, out, **options)


def catalogue() -> dict[str, object]:
    """Return what a sink shows of each rule."""
    from untag.interpret.rules import CATALOGUE  # noqa: PLC0415
    from untag.sinks.base import RuleInfo  # noqa: PLC0415

    return {rule.id: RuleInfo(rule.id, rule.name, rule.summary(), rule.page(), "") for rule in CATALOGUE.values()}


def _use_utf8(out: TextIO) -> None:
    """Write other scripts whatever the locale says."""
    reconfigure = getattr(out, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _colour(args: argparse.Namespace, out: TextIO) -> bool:
    if args.colour != "auto":
        return bool(args.colour == "always")
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.isatty()


def _width() -> int:
    import shutil  # noqa: PLC0415

    return shutil.get_terminal_size((100, 24)).columns


class _Meter:
    """Progress on a terminal: files done, rate, time left; nothing until a second has passed."""

    def __init__(self) -> None:
        import time  # noqa: PLC0415

        self._now = time.monotonic
        self._start = self._now()
        self._last = self._start
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        now = self._now()
        if now - self._last < (0.2 if self._shown else 1.0):
            return
        self._last = now
        rate = done / (now - self._start)
        left = (total - done) / rate if rate else 0
        all_in = (
            f" of {total:,} files, {rate:,.0f} a second, {left:,.0f} s left"
            if total
            else f" files, {rate:,.0f} a second"
        )
        sys.stderr.write(f"\r\x1b[2Kuntag: {done:,}{all_in}")
        sys.stderr.flush()
        self._shown = True

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def _progress() -> _Meter | None:
    return _Meter() if sys.stderr.isatty() else None
