"""The releases of a series, oldest first: of a package, a folder of files, the tags of a repository or of images.

Each knows its version, when it came out where that is known and by whom, and how to get at its bytes.
"""

from __future__ import annotations

import re
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from untag.errors import SourceError, UsageError
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from untag.evidence.images import Tagged
    from untag.sources import SourceOptions

VERSION: Final = re.compile(r"(?<![A-Za-z0-9])v?(\d+(?:[._]\d+)+(?:[-._]?(?:a|b|rc|alpha|beta|post|dev)\.?\d*)?|\d{8})")
NUMBERS: Final = re.compile(r"(\d+)")
NEWEST: Final = 50_000
"""Members of an archive whose dates are looked at."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a series."""

    version: str
    date: str
    """ISO day, empty when nothing states one."""
    dated_by: str
    """``index``, ``archive`` (its newest member: it came out no earlier), ``tag``, ``image``, or empty."""
    get: Callable[[], tuple[str, str]]
    """Returns the target to scan and the digest of its bytes; raises `SourceError` where they cannot be had."""
    packed: Callable[[], AbstractContextManager[str]] | None = None
    """Makes the target for as long as it is scanned, where it is no file of its own."""


def releases(series: str, options: SourceOptions) -> list[Release]:
    """Return the releases of a series; raise `UsageError` or `SourceError` where it is none."""
    if series.startswith("pypi:"):
        return _pypi(series.removeprefix("pypi:"), options)
    if series.startswith("npm:"):
        return _npm(series.removeprefix("npm:"), options)
    if series.startswith("git:"):
        return _tags(series.removeprefix("git:") or ".", options)
    from untag.evidence.images import is_layout  # noqa: PLC0415 - loads where it is used

    path = Path(series)
    if path.is_file() or is_layout(path):
        return _images(path)
    if path.is_dir():
        return _folder(path)
    raise UsageError(
        f"{series} is no series of releases: write pypi:NAME, npm:NAME, git:FOLDER (its tags), a folder of releases, "
        "or images on disk"
    )


def _images(path: Path) -> list[Release]:
    """Return the images of an OCI layout or of what ``docker save`` wrote, in the order of their versions."""
    from untag.evidence.images import images  # noqa: PLC0415 - loads where it is used

    found = images(path)
    several = len({tag.rpartition(":")[0] for image in found for tag in image.tags if ":" in tag}) > 1
    made = []
    for image in found:
        name = _tag(image, whole=several)
        made.append(
            Release(
                name,
                image.day,
                "image" if image.day else "",
                lambda one=image: (one.title, one.digest()),  # type: ignore[misc]
                image.packed,
            )
        )
    numbered = all(VERSION.search(release.version) for release in made)
    dated = all(release.date for release in made)
    if numbered:
        return sorted(made, key=lambda release: natural(release.version))
    return sorted(made, key=lambda release: release.date) if dated else made


def _tag(image: Tagged, *, whole: bool) -> str:
    """Return the tag of an image: one with a version before others, its digest where it has none."""
    from untag.evidence.images import SHORT  # noqa: PLC0415

    tags = sorted(image.tags, key=lambda tag: (VERSION.search(tag) is None, tag))
    if not tags:
        blob = next(iter(image.members), "")
        return f"untagged {blob.rpartition('/')[2][:SHORT]}"
    name = tags[0]
    # the name of a host may have a port: a tag stands behind the last slash
    short = name.rpartition("/")[2].rpartition(":")[2]
    return name if whole else short or name


def _pypi(name: str, options: SourceOptions) -> list[Release]:
    from untag.sources import pypi  # noqa: PLC0415 - loads where it is used

    if "==" in name:
        raise UsageError(f"a timeline is about all releases: write pypi:{name.partition('==')[0]}")
    listing = pypi.listed(pypi.parse(name)[0], options)
    # each file's name is read once, and not again for each release
    links: dict[str, list[pypi.Link]] = {}
    for link in listing.links:
        _, version = pypi.choose([link._replace(yanked=False)], listing.project, "")
        links.setdefault(version, []).append(link)

    def get(version: str) -> tuple[str, str]:
        path, digest, _ = pypi.fetch(f"{name}=={version}", options, listing._replace(links=links[version]))
        return str(path), digest

    return [_made(version, moment, lambda v=version: get(v)) for version, moment in pypi.releases(listing)]  # type: ignore[misc]


def _npm(name: str, options: SourceOptions) -> list[Release]:
    from untag.sources import npm  # noqa: PLC0415 - loads where it is used

    if "@" in name[1:]:
        raise UsageError(f"a timeline is about all releases: write npm:{name[: name.index('@', 1)]}")
    document = npm.document_of(npm.parse(name)[0], options, whole=True)

    def get(version: str) -> tuple[str, str]:
        path, digest, _ = npm.fetch(f"{name}@{version}", options, document)
        return str(path), digest

    return [_made(version, moment, lambda v=version: get(v)) for version, moment in npm.releases(document[1])]  # type: ignore[misc]


def _made(version: str, moment: str, get: Callable[[], tuple[str, str]]) -> Release:
    day = moment[:10] if re.match(r"\d{4}-\d\d-\d\d", moment) else ""
    return Release(version, day, "index" if day else "", get)


def _folder(root: Path) -> list[Release]:
    """Return the files and folders of a folder, each a release, in the order of the versions in their names."""
    found = []
    for entry in sorted(root.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        version = VERSION.search(entry.name)
        day = _newest(entry) if entry.is_file() else ""
        found.append(
            Release(
                version[1] if version else entry.name,
                day,
                "archive" if day else "",
                lambda path=entry: (str(_whole(path)), _digest(path)),  # type: ignore[misc]
            )
        )
    if not found:
        raise SourceError(f"{root} holds no release: put the release files into it")
    return sorted(found, key=lambda release: natural(release.version))


MAGIC: Final = (
    ((".zip", ".whl", ".jar", ".aar", ".apk", ".egg", ".nupkg"), (b"PK\x03\x04", b"PK\x05\x06")),
    ((".gz", ".tgz", ".crate"), (b"\x1f\x8b",)),
    ((".bz2", ".tbz"), (b"BZh",)),
    ((".xz", ".txz"), (b"\xfd7zXZ",)),
    ((".zst",), (b"\x28\xb5\x2f\xfd",)),
    ((".7z",), (b"7z\xbc\xaf",)),
)
"""Endings of names, and what a file with such a name begins with."""


def _whole(path: Path) -> Path:
    """Return the path of a release; raise `SourceError` for a file that is no archive although its name says so.

    What failed to download is often a page that says so, under the release's name: clean, and no release.
    """
    wanted = next((magic for ends, magic in MAGIC if path.name.lower().endswith(ends)), None)
    if wanted is None or path.is_dir():
        return path
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise SourceError(f"cannot read {path.name}: {error.strerror or error}") from error
    if not head.startswith(wanted) and not zipfile.is_zipfile(path):
        raise SourceError(f"{path.name} is no archive, although its name says so: fetch it again")
    return path


def natural(version: str) -> list[tuple[bool, int, str]]:
    """Return what sorts 1.10 after 1.9, and 1.0rc1 before 1.0."""
    rows = []
    for part in NUMBERS.split(version.replace("_", ".")):
        if part.isdigit():
            rows.append((True, int(part), ""))
        elif part.strip(".-"):
            rows.append((False, 0, part))
    return [*rows, (True, -1, "")]


def _newest(path: Path) -> str:
    """Return the day of an archive's newest member: the release came out no earlier. Empty for what is none."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                dates = [info.date_time[:3] for info in archive.infolist()[:NEWEST]]
            newest = max(dates, default=(0, 0, 0))
            return f"{newest[0]:04}-{newest[1]:02}-{newest[2]:02}" if newest > (1980, 1, 1) else ""
        with tarfile.open(path) as archive_:
            times = [member.mtime for member, _ in zip(archive_, range(NEWEST), strict=False)]
        return datetime.fromtimestamp(max(times), UTC).date().isoformat() if times and max(times) > 1 else ""
    except (OSError, ValueError, tarfile.TarError, zipfile.BadZipFile, EOFError, OverflowError, NotImplementedError):
        return ""


def _digest(path: Path) -> str:
    from untag.evidence.statement import digest_of  # noqa: PLC0415 - hashes when asked

    try:
        return next(iter(digest_of(path).values()))
    except OSError as error:
        raise SourceError(f"cannot read {path.name}: {error.strerror or error}") from error


def _tags(folder: str, options: SourceOptions) -> list[Release]:
    """Return the tags of a repository in the order of their dates."""
    from untag.sources.git import GitSource  # noqa: PLC0415 - loads where it is used

    found = []
    for name, day, digest in GitSource(f"git:{folder}", options).tags():
        found.append(Release(name, day, "tag", lambda n=name, d=digest: (f"git:{folder}@{n}", d)))  # type: ignore[misc]
    if not found:
        raise SourceError(f"{folder} has no tags: a timeline of commits is untag scan git:{folder} --history")
    return found
