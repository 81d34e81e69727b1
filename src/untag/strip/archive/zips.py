"""Zip files, wheels and jars: some members are written anew, all others are copied as they lie, packed as they were."""

from __future__ import annotations

import base64
import copy
import csv
import hashlib
import io
import shutil
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

MEMBERS: Final = 100_000
UNPACKED: Final = 8 << 30
"""Bytes of all members together: the disk has to hold them twice."""
RATIO: Final = 1_000
"""A packed member that grows by more is no model and no data: deflate itself reaches 1,032 on zeros alone."""
STEP: Final = 1 << 20
SIGNED: Final = (".SF", ".RSA", ".DSA", ".EC", "RECORD.jws", "RECORD.p7s")
"""Endings of members that sign the others: none of ours could be signed again."""
RECORD: Final = ".dist-info/RECORD"
ENCRYPTED: Final = 1


def members(path: Path, name: str) -> list[zipfile.ZipInfo]:
    """Return the members in the order in which they lie; raise `StripError` for a file that is not packed again."""
    try:
        with zipfile.ZipFile(path) as packed:
            infos = sorted(packed.infolist(), key=lambda info: info.header_offset)
            start = packed.start_dir
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise StripError(f"{name} is no sound zip ({str(error)[:80]})") from None
    if len(infos) > MEMBERS or sum(info.file_size for info in infos) > UNPACKED:
        raise StripError(
            f"{name} has more than {MEMBERS:,} members or {UNPACKED >> 30} GB: unpack it, strip the folder"
        )
    safe([info.filename for info in infos], name)
    offsets = [info.header_offset for info in infos]
    if offsets and offsets[0]:
        raise StripError(f"{name} has something before its first member: unpack it, strip the folder, pack it again")
    if len(set(offsets)) != len(offsets):
        raise StripError(f"{name} has two members in one place")
    for info, following in zip(infos, [*offsets[1:], start], strict=True):
        if info.flag_bits & ENCRYPTED:
            raise StripError(f"{name}: {info.filename} is encrypted: unpack it, strip the folder, pack it again")
        if info.header_offset + 30 + info.compress_size > following:
            raise StripError(f"{name}: {info.filename} reaches into another member")
        if info.file_size > RATIO * max(info.compress_size, STEP):
            raise StripError(f"{name}: {info.filename} grows more than {RATIO:,} times: it is not unpacked")
    signed = next((i.filename for i in infos if i.filename.endswith(SIGNED) and "/" in i.filename), "")
    if signed and (signed.upper().startswith("META-INF/") or "RECORD." in signed):
        raise StripError(f"{name} is signed ({signed}): whoever signed it strips its source and signs it again")
    return infos


def safe(names: Iterable[str], archive: str) -> None:
    """Raise `StripError` for names that lead out of a folder, or that two files would share."""
    seen: set[str] = set()
    folders: set[str] = set()
    for name in names:
        parts = PurePosixPath(name).parts
        bare = name.rstrip("/")
        if not bare or "\\" in name or "\0" in name or ":" in parts[0] or name.startswith("/") or ".." in parts:
            raise StripError(f"{archive}: the member {name[:120]!r} leads out of it")
        if name.endswith("/"):
            folders.add(bare.casefold())
            continue
        if bare.casefold() in seen:
            raise StripError(f"{archive} has the member {name[:120]!r} twice")
        seen.add(bare.casefold())
        folders.update(str(parent).casefold() for parent in PurePosixPath(bare).parents)
    if seen & folders:
        raise StripError(f"{archive}: {min(seen & folders)[:120]!r} is both a file and a folder")


def unpack(path: Path, name: str, folder: Path) -> None:
    """Write the regular members below a folder; links and special files are not written."""
    infos = members(path, name)
    try:
        with zipfile.ZipFile(path) as packed:
            for info in infos:
                kind = info.external_attr >> 28
                if info.is_dir() or kind not in (0, 8):  # 8 is a regular file of Unix
                    continue
                target = folder / info.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(info) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, STEP)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise StripError(f"{name} is no sound zip ({str(error)[:80]})") from None


def pack(path: Path, name: str, changed: Mapping[str, Path], deleted: Collection[str], out: Path) -> dict[str, str]:
    """Write the archive with some members in place of theirs, new ones at the end, and without the deleted ones.

    All others are copied with their headers, packed as they are. Returns the SHA-256 of what was copied of each.
    """
    infos = members(path, name)
    with zipfile.ZipFile(path) as packed:
        start, comment = packed.start_dir, packed.comment
        records = {i.filename: packed.read(i) for i in infos if i.filename.endswith(RECORD)}
    stops = [*(info.header_offset for info in infos[1:]), start]
    fresh = {record: _recorded(data, changed, deleted).encode() for record, data in records.items()}
    copied: dict[str, str] = {}
    known = {info.filename for info in infos}
    with path.open("rb") as source, zipfile.ZipFile(out, "w") as made:
        made.comment = comment
        for info, stop in zip(infos, stops, strict=True):
            if info.filename in deleted:
                continue
            if info.filename in changed or fresh.get(info.filename, records.get(info.filename)) != records.get(
                info.filename
            ):
                _write(made, info, changed.get(info.filename), fresh.get(info.filename, b""))
                continue
            copied[info.filename] = _copied(source, made, info, stop)
        for extra in sorted(set(changed) - known):
            _write(made, zipfile.ZipInfo(extra, (1980, 1, 1, 0, 0, 0)), changed[extra], b"")
    return copied


def _copied(source: io.BufferedReader, made: zipfile.ZipFile, info: zipfile.ZipInfo, stop: int) -> str:
    """Copy a member as it lies, header and all that stands behind its data; return the digest of these bytes."""
    target = made.fp
    assert target is not None
    twin = copy.copy(info)
    target.seek(made.start_dir)
    twin.header_offset = target.tell()
    source.seek(info.header_offset)
    left, held = stop - info.header_offset, hashlib.sha256()
    while left:
        piece = source.read(min(left, STEP))
        if not piece:
            raise StripError(f"the archive ends within {info.filename}")
        target.write(piece)
        held.update(piece)
        left -= len(piece)
    made.start_dir = target.tell()
    made.filelist.append(twin)
    made.NameToInfo[twin.filename] = twin
    made._didModify = True  # type: ignore[attr-defined]  # noqa: SLF001 - else it writes no directory
    return held.hexdigest()


def _write(made: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path | None, data: bytes) -> None:
    """Write a member anew, with name, time, rights and packing of the old one."""
    new = zipfile.ZipInfo(info.filename, info.date_time)
    new.compress_type, new.external_attr, new.comment = info.compress_type, info.external_attr, info.comment
    new.create_system = info.create_system
    new.file_size = path.stat().st_size if path is not None else len(data)
    with made.open(new, "w") as out:
        if path is None:
            out.write(data)
        else:
            with path.open("rb") as source:
                shutil.copyfileobj(source, out, STEP)


def _recorded(data: bytes, changed: Mapping[str, Path], deleted: Collection[str]) -> str:
    """Return the list of a wheel's files with the digests of those that changed; the other lines stay as they are."""
    lines, known = [], set()
    for line in data.decode("utf-8").splitlines(keepends=True):
        row = next(csv.reader([line]), [""])
        known.add(row[0] if row else "")
        if row and row[0] in deleted:
            continue
        lines.append(_line(row[0], changed[row[0]], line) if row and row[0] in changed else line)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    lines += [_line(name, path, end) for name, path in sorted(changed.items()) if name not in known]
    return "".join(lines)


def _line(name: str, path: Path, like: str) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    code = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    out = io.StringIO()
    end = like[len(like.rstrip("\r\n")) :]
    csv.writer(out, lineterminator=end).writerow([name, f"sha256={code}", path.stat().st_size])
    return out.getvalue()


def held(path: Path, name: str, folder: Path) -> dict[str, str]:  # noqa: ARG001 - as for tars
    """Return the SHA-256 of each member as it lies, with its header; what stands behind a member is its own."""
    infos = members(path, name)
    with zipfile.ZipFile(path) as packed:
        start = packed.start_dir
    stops = [*(info.header_offset for info in infos[1:]), start]
    found = {}
    with path.open("rb") as file:
        for info, stop in zip(infos, stops, strict=True):
            file.seek(info.header_offset)
            seen, left = hashlib.sha256(), stop - info.header_offset
            while left > 0 and (piece := file.read(min(left, STEP))):
                seen.update(piece)
                left -= len(piece)
            found[info.filename] = seen.hexdigest()
    return found


def read(path: Path, name: str, folder: Path) -> dict[str, str]:  # noqa: ARG001 - as for tars
    """Return the SHA-256 of what each member unpacks to, with its checksum tested."""
    found = {}
    try:
        with zipfile.ZipFile(path) as packed:
            for info in packed.infolist():
                if not info.is_dir():
                    with packed.open(info) as file:
                        seen = hashlib.sha256()
                        while piece := file.read(STEP):
                            seen.update(piece)
                    found[info.filename] = seen.hexdigest()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise StripError(f"{name} is no sound zip ({str(error)[:80]})") from None
    return found
