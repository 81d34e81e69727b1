"""``untag report``: a page or a PDF for people from reports in JSON."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from untag.errors import SourceError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from untag.model import Report
    from untag.sinks.html.dossier import Dossier, Sheet, Subject

FORMATS: Final = ("html", "pdf")
_NAMES: Final = 500_000
"""Names listed of a subject: a larger tree is compared by its findings alone."""
_CHUNK: Final = 1 << 20
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?")
EPILOG: Final = """\
The report in JSON is the evidence, the page shows it: make one with untag scan TARGET --format json -o report.json.
What a report does not hold may be told: --subject computes size and digest of the scanned file, and its list of
files lets documentation be compared across languages. With several reports, the n-th --subject, --source and
--fetched belong to the n-th report.

examples:
  untag report report.json -o report.html
  untag report report.json -o report.pdf --subject sdk-3.6.3.whl --source https://pypi.org/ --fetched 2026-11-22
  untag report old.json new.json -o both.html
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415 - a plain scan does without

    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = EPILOG
    command.add_argument("reports", nargs="+", metavar="REPORT.json", help="what untag scan --format json wrote")
    command.add_argument("-o", "--output", required=True, metavar="FILE", help="FILE.html or FILE.pdf")
    command.add_argument("-f", "--format", choices=FORMATS, help="where the name of FILE does not say")
    command.add_argument(
        "--subject", action="append", metavar="FILE", help="the scanned file or folder: size, digest, list of files"
    )
    command.add_argument("--source", action="append", metavar="TEXT", help="where it came from")
    command.add_argument("--fetched", action="append", metavar="DATE", help="when it was fetched, ISO 8601")
    command.add_argument("--font-path", action="append", metavar="FOLDER", help="more fonts for a PDF")


def run(args: argparse.Namespace) -> int:
    """Read the reports, write the page or the PDF."""
    form = args.format or Path(args.output).suffix.lstrip(".").lower()
    if form not in FORMATS:
        raise UsageError(f"cannot tell the format of {args.output}: name it .html or .pdf, or give --format")
    told = {name: getattr(args, name) or [] for name in ("subject", "source", "fetched")}
    for name, values in told.items():
        if len(values) > len(args.reports):
            raise UsageError(f"--{name} was given {len(values)} times for {len(args.reports)} reports: one a report")
    sheets = []
    for number, name in enumerate(args.reports):
        one = {what: values[number] if number < len(values) else "" for what, values in told.items()}
        sheets.append(_sheet(name, one["subject"], one["source"], one["fetched"]))
    write(_dossier(sheets), form, args.output, fonts=args.font_path or ())
    return 0


def write_scanned(report: Report, form: str, output: str | None, targets: Sequence[str] = ()) -> None:
    """Write the page or the PDF of a scan that was just made; ``scan --format html|pdf`` ends here.

    ``targets`` are those of the scan, as they were called: the files of a single one are listed, so that a
    translation without a finding is known to exist.
    """
    from untag.evidence.languages import compare  # noqa: PLC0415 - start-up time is a feature
    from untag.nouns import replace  # noqa: PLC0415
    from untag.sinks.html.dossier import sheet  # noqa: PLC0415

    made = sheet(report)
    known = _listing(targets[0], report) if len(targets) == 1 and Path(targets[0]).exists() else []
    made = replace(made, compared=compare(report, made.decisions, known))
    write(_dossier([made]), form, output)


def write(dossier: Dossier, form: str, output: str | None, fonts: Sequence[str] = ()) -> None:
    """Write a dossier whole or not at all, or to standard output; warn of what a PDF could not show."""
    if form == "pdf" and output is None and sys.stdout.isatty():
        raise UsageError("a PDF is no text for a terminal: name a file with --output")
    if form == "pdf":
        from untag.sinks.pdf import render as typeset  # noqa: PLC0415

        made = typeset(dossier, rules=_rules(), fonts=fonts)
        for text in made.warnings:
            print(f"untag: {text}", file=sys.stderr)
        data = made.data
    else:
        import io  # noqa: PLC0415

        from untag.sinks.html.page import render  # noqa: PLC0415

        out = io.StringIO()
        render(dossier, out, rules=_rules())
        data = out.getvalue().encode("utf-8", "backslashreplace")
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    put(Path(output), data)


def put(target: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file, whole or not at all; a device or a pipe is written to."""
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(data)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot write {target}: {told}; check the folder") from error


def _sheet(name: str, subject: str, source: str, fetched: str) -> Sheet:
    """Return one report with what was told of it."""
    from untag.evidence.languages import compare  # noqa: PLC0415
    from untag.nouns import replace  # noqa: PLC0415
    from untag.sinks.html.dossier import sheet  # noqa: PLC0415
    from untag.sinks.html.received import received  # noqa: PLC0415

    if fetched and not _DATE.fullmatch(fetched):
        raise UsageError(f"--fetched {fetched} is no date: write it as 2026-11-22 or 2026-11-22T07:45:00Z")
    report, file = received(_read(name), Path(name).name)
    told = _subject(subject, source, fetched)
    stated = {one.sha256 for one in report.subjects}
    if told.sha256 and stated and told.sha256 not in stated:
        raise UsageError(
            f"--subject {subject} is not what {Path(name).name} is about: its SHA-256 is {told.sha256}, and the report"
            f" states {min(stated)}"
        )
    known = _listing(subject, report) if subject else []
    made = sheet(report, file, told)
    return replace(made, compared=compare(report, made.decisions, known))


def _read(name: str) -> bytes:
    """Return the bytes of a report, read once: what is shown is what the digest is of."""
    from untag.sinks.html.received import LARGEST  # noqa: PLC0415

    try:
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"report {name} cannot be read: {error.strerror or error}") from error


def _subject(name: str, source: str, fetched: str) -> Subject:
    """Return what is told of the subject, with the digest and size of a file."""
    from untag.sinks.html.dossier import Subject  # noqa: PLC0415

    if not name:
        return Subject(source=source, fetched=fetched)
    path = Path(name)
    shown = path.resolve().name
    if path.is_dir():
        return Subject(name=f"{shown} (a folder: it has no digest of its own)", source=source, fetched=fetched)
    import hashlib  # noqa: PLC0415

    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise SourceError(f"subject {name} cannot be read: {error.strerror or error}; check --subject") from error
    return Subject(shown, digest.hexdigest(), size, source, fetched)


def _listing(name: str, report: Report) -> list[tuple[str, ...]]:
    """Return the trails of the files of a subject as a scan of it names them; empty where they cannot be listed."""
    if Path(name).is_dir():
        found: list[tuple[str, ...]] = []
        for folder, folders, files in os.walk(name):
            folders.sort()
            inner = os.path.relpath(folder, name).replace(os.sep, "/")
            found += [(file if inner == "." else f"{inner}/{file}",) for file in sorted(files)]
            if len(found) > _NAMES:
                return []
        return found
    import tarfile  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    outer = Path(name).name
    try:
        if zipfile.is_zipfile(name):
            with zipfile.ZipFile(name) as packed:
                names = [info.filename for info in packed.infolist() if not info.is_dir()]
        else:
            with tarfile.open(name) as tape:
                names = [member.name.removeprefix("./") for member in tape if member.isreg()]
    except (OSError, ValueError, EOFError, NotImplementedError, zipfile.BadZipFile, tarfile.TarError):
        return []
    # a subject that is not what the report names would pair documents of two different things
    named = any(decision.finding.trail[0] == outer for decision in report.decisions)
    return [(outer, inner) for inner in names] if named and len(names) <= _NAMES else []


def _dossier(sheets: list[Sheet]) -> Dossier:
    from untag.sinks.html.dossier import Dossier  # noqa: PLC0415

    return Dossier(tuple(sheets))


def _rules() -> dict[str, str]:
    """Return the name of each rule."""
    from untag.interpret.rules import CATALOGUE  # noqa: PLC0415

    return {rule.id: rule.name for rule in CATALOGUE.values()}
