"""Tar files, packed or not: some members are written anew, all others keep their blocks, byte for byte."""

from __future__ import annotations

import bz2
import copy
import gzip
import hashlib
import lzma
import shutil
import tarfile
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, cast

from untag.strip.archive.zips import MEMBERS, STEP, UNPACKED, safe
from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

BLOCK: Final = 512
END: Final = 2 * BLOCK
MARKS: Final[tuple[tuple[bytes, Any], ...]] = ((b"\x1f\x8b", gzip), (b"BZh", bz2), (b"\xfd7zXZ\0", lzma))
ERRORS: Final = (tarfile.TarError, OSError, EOFError, lzma.LZMAError, ValueError)


def packing(path: Path) -> Any:
    """Return the module that packs a tar, or nothing for one that is not packed."""
    with path.open("rb") as file:
        head = file.read(6)
    return next((module for mark, module in MARKS if head.startswith(mark)), None)


@contextmanager
def _plain(path: Path, name: str, folder: Path) -> Iterator[Path]:
    """Give the tar itself: of a packed one, a file below ``folder`` that holds it, at most `UNPACKED` bytes."""
    module = packing(path)
    if module is None:
        yield path
        return
    out = folder / ".plain.tar"
    try:
        count = 0
        with module.open(path, "rb") as source, out.open("wb") as target:
            while piece := source.read(STEP):
                count += len(piece)
                if count > UNPACKED:
                    raise StripError(f"{name} holds more than {UNPACKED >> 30} GB: unpack it, strip the folder")
                target.write(piece)
        yield out
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise StripError(f"{name} is packed in no sound way ({str(error)[:80]})") from None
    finally:
        out.unlink(missing_ok=True)


def members(path: Path, name: str) -> list[tarfile.TarInfo]:
    """Return the members of a plain tar in their order; raise `StripError` for one that is not packed again."""
    try:
        with tarfile.open(path, "r:") as packed:
            infos = packed.getmembers()
    except ERRORS as error:
        raise StripError(f"{name} is no sound tar ({str(error)[:80]})") from None
    if len(infos) > MEMBERS or sum(info.size for info in infos) > UNPACKED:
        raise StripError(
            f"{name} has more than {MEMBERS:,} members or {UNPACKED >> 30} GB: unpack it, strip the folder"
        )
    safe([info.name.removeprefix("./") + "/" * info.isdir() for info in infos if info.name not in (".", "./")], name)
    if any(info.sparse is not None for info in infos):
        raise StripError(f"{name} has sparse members: unpack it, strip the folder, pack it again")
    return infos


def unpack(path: Path, name: str, folder: Path) -> None:
    """Write the regular members below a folder; links and special files are not written."""
    with _plain(path, name, folder) as plain:
        infos = members(plain, name)
        with tarfile.open(plain, "r:") as packed:
            for info in infos:
                if not info.isreg():
                    continue
                target = folder / info.name
                target.parent.mkdir(parents=True, exist_ok=True)
                source = packed.extractfile(info)
                assert source is not None
                with target.open("wb") as out:
                    shutil.copyfileobj(source, out, STEP)
                if target.stat().st_size != info.size:
                    raise StripError(f"{name} ends within {info.name}: truncated")


def pack(path: Path, name: str, changed: Mapping[str, Path], deleted: Collection[str], out: Path) -> dict[str, str]:
    """Write the tar with some members in place of theirs, new ones at the end, and without the deleted ones.

    The blocks of all others are copied. Returns the SHA-256 of what was copied of each.
    """
    copied: dict[str, str] = {}
    module = packing(path)
    with _plain(path, name, out.parent) as plain, plain.open("rb") as source:
        infos = members(plain, name)
        known = {_called(info) for info in infos}
        with ExitStack() as stack:
            target = _target(module, out, stack)
            for info in infos:
                own = _called(info)
                if own in deleted:
                    continue
                if own in changed:
                    _write(target, info, changed[own])
                    continue
                source.seek(info.offset)
                held, left = hashlib.sha256(), _end(info) - info.offset
                while left > 0:
                    piece = source.read(min(left, STEP))
                    if not piece:
                        raise StripError(f"{name} ends within {info.name}")
                    target.write(piece)
                    held.update(piece)
                    left -= len(piece)
                copied[own] = held.hexdigest()
            for extra in sorted(set(changed) - known):
                _write(target, tarfile.TarInfo(extra), changed[extra])
            target.write(b"\0" * END)
    return copied


def _target(module: Any, out: Path, stack: ExitStack) -> IO[bytes]:
    """Open the new file, packed as the old one is. What a packer notes of itself is the same each time: no time."""
    if module is None:
        return stack.enter_context(out.open("wb"))
    if module is gzip:
        raw = stack.enter_context(out.open("wb"))
        return cast("IO[bytes]", stack.enter_context(gzip.GzipFile("", "wb", 6, raw, 0)))
    return cast("IO[bytes]", stack.enter_context(module.open(out, "wb")))


def _called(info: tarfile.TarInfo) -> str:
    """Return a member's name as it is unpacked."""
    return info.name.removeprefix("./")


def _end(info: tarfile.TarInfo) -> int:
    size = info.size if info.isreg() else 0
    return info.offset_data + -(-size // BLOCK) * BLOCK


def _write(target: IO[bytes], info: tarfile.TarInfo, path: Path) -> None:
    """Write a member anew, with name, time, owner and rights of the old one."""
    new = copy.copy(info)
    new.size = path.stat().st_size
    new.pax_headers = {key: value for key, value in info.pax_headers.items() if key != "size"}
    target.write(new.tobuf(tarfile.PAX_FORMAT if new.pax_headers else tarfile.GNU_FORMAT))
    with path.open("rb") as source:
        shutil.copyfileobj(source, target, STEP)
    target.write(b"\0" * (-new.size % BLOCK))


def held(path: Path, name: str, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each member's blocks."""
    found = {}
    with _plain(path, name, folder) as plain, plain.open("rb") as file:
        for info in members(plain, name):
            file.seek(info.offset)
            seen, left = hashlib.sha256(), _end(info) - info.offset
            while left > 0 and (piece := file.read(min(left, STEP))):
                seen.update(piece)
                left -= len(piece)
            found[_called(info)] = seen.hexdigest()
    return found


def read(path: Path, name: str, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of what each regular member holds."""
    found = {}
    with _plain(path, name, folder) as plain:
        infos = members(plain, name)
        with tarfile.open(plain, "r:") as packed:
            for info in infos:
                if info.isreg():
                    source = packed.extractfile(info)
                    assert source is not None
                    seen = hashlib.sha256()
                    while piece := source.read(STEP):
                        seen.update(piece)
                    found[_called(info)] = seen.hexdigest()
    return found
