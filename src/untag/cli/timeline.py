"""``untag timeline``: follow the releases of a series, and check a claim about them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

CODES: Final = {"holds": 0, "broken": 1, "open": 3}
EPILOG: Final = """\
series:
  pypi:NAME npm:NAME       every release of a package
  git:FOLDER               every tag of a repository
  FOLDER                   release files or folders, in the order of the versions in their names
  FILE.tar or FOLDER       image tags on disk: what docker save wrote, or an OCI layout

examples:
  untag timeline pypi:deepface
  untag timeline pypi:alibabacloud-vcs20200515 --claim no:ethnicity --since 2020-12-17
  untag timeline releases/ --format html -o timeline.html
  untag timeline saved-images.tar --claim no:any

exit codes: without a claim 0, or 3 if a release was not read; with one 0 it holds, 1 it is broken, 3 not decidable;
2 wrong call
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.epilog = EPILOG
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("series", metavar="SERIES", help="what to follow")
    command.add_argument("--claim", metavar="CLAIM", help="no:ATTRIBUTE[,ATTRIBUTE][:OPERATION], or no:any")
    command.add_argument("--since", default="", metavar="DAY", help="the claim is made from this day on: 2020-12-17")
    command.add_argument("--last", type=int, metavar="N", help="only the newest N releases")
    command.add_argument("-f", "--format", choices=("console", "json", "html"), default="console")
    command.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")
    command.add_argument("-p", "--policy", default="untag-core", metavar="PACK", help="policy pack or file")
    command.add_argument("--overlay", action="append", metavar="PACK", help="a further pack on top; repeatable")
    command.add_argument("--no-cache", action="store_true", help="scan every release anew")
    command.add_argument("-j", "--jobs", type=int, default=0, metavar="N", help="processes (default: one per core)")
    command.add_argument("-q", "--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Scan the releases, print, judge the claim."""
    import shutil  # noqa: PLC0415

    from untag.cli.attest import write  # noqa: PLC0415
    from untag.errors import UsageError  # noqa: PLC0415
    from untag.evidence import timeline_views as views  # noqa: PLC0415
    from untag.evidence.releases import releases  # noqa: PLC0415
    from untag.evidence.timeline import claim, timeline  # noqa: PLC0415
    from untag.sources import SourceOptions  # noqa: PLC0415

    if args.last is not None and args.last < 1:
        raise UsageError("--last takes a number of releases, 1 or more")
    if args.since and not args.claim:
        raise UsageError("--since goes with --claim")
    asked = claim(args.claim, args.since) if args.claim else None
    found = releases(args.series, SourceOptions(gitignore=False))
    if args.last:
        found = found[-args.last :]
    shown = not args.quiet and sys.stderr.isatty()
    made = timeline(
        args.series,
        found,
        policy=args.policy,
        overlays=tuple(args.overlay or ()),
        asked=asked,
        cache=not args.no_cache,
        jobs=args.jobs,
        progress=_say if shown else None,
    )
    if shown:
        sys.stderr.write("\r\x1b[2K")
    if args.format == "json":
        text = views.as_json(made)
    elif args.format == "html":
        from untag.evidence.timeline_page import as_html  # noqa: PLC0415

        text = as_html(made)
    else:
        text = views.console(made, shutil.get_terminal_size((100, 24)).columns)
    write(args.out, text)
    if made.verdict:
        return CODES[made.verdict.state]
    return 3 if any(release.report is None or release.hidden for release in made.releases) else 0


def _say(number: int, total: int, version: str) -> None:
    sys.stderr.write(f"\r\x1b[2Kuntag: release {number + 1} of {total}: {version[:40]}")
    sys.stderr.flush()
