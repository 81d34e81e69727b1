"""The tags of images on disk as releases: an OCI layout, in a folder or a tar, and what ``docker save`` writes.

Each image is taken out alone, with its configuration and its layers, into a tar that the readers know; the bytes are
those of the layout, and a blob that has not the digest by which it is named is refused.

Sources of the forms: the OCI image layout and image index specifications; the ``manifest.json`` of ``docker save``.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from untag.errors import SourceError
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import IO

MOST: Final = 4 << 20
"""Bytes of a manifest or a configuration; registries take no larger ones."""
MEMBERS: Final = 100_000
"""Members of a tar: an image has a handful."""
IMAGES: Final = 1_024
"""Images of one layout."""
DEEP: Final = 4
"""Indexes inside each other: of platforms, of attestations."""
CHUNK: Final = 1 << 20
DIGEST: Final = re.compile(r"(sha256|sha512):([0-9a-f]{64}|[0-9a-f]{128})")
BLOB: Final = re.compile(r"blobs/(sha256|sha512)/([0-9a-f]+)")
NAMES: Final = ("org.opencontainers.image.ref.name", "io.containerd.image.name")
"""Annotations that hold the tag of an entry of an index."""
SHORT: Final = 12
"""Hexadecimal digits of a digest that stands in place of a tag."""
EPOCH: Final = "1980-01-02"
"""A day before this is the zero of a reproducible build, and says nothing."""


class Holder(Protocol):
    """What holds the blobs."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes] | None]:
        """Give the bytes of a member, or None where there is none."""


class Folder:
    """A layout that lies in a folder; links are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes] | None]:
        """See `Holder.open`."""
        path = self._root
        linked = False
        for part in name.split("/"):
            path = path / part
            linked = linked or part in ("", ".", "..") or path.is_symlink()
        if linked or not path.is_file():
            yield None
            return
        with path.open("rb") as file:
            yield file


class Tar:
    """A layout in a tar; links lead to its own members alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._members: dict[str, tarfile.TarInfo] = {}
        with tarfile.open(path) as tape:
            for member in tape:
                self._members[member.name.removeprefix("./")] = member
                if len(self._members) > MEMBERS:
                    raise SourceError(f"{path} has more than {MEMBERS:,} members: an image has a handful")

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes] | None]:
        """See `Holder.open`."""
        member = self._members.get(name)
        if member is None:
            yield None
            return
        with tarfile.open(self._path) as tape:
            try:
                file = tape.extractfile(member)
            except (KeyError, RecursionError):  # a link to nowhere, or to itself
                file = None
            yield file


@dataclass(frozen=True, slots=True)
class Tagged:
    """One image of a layout."""

    tags: tuple[str, ...]
    """As the layout names it, such as ``vendor/app:1.2``; empty for none."""
    day: str
    """ISO day on which the configuration says that it was made, or empty."""
    head: dict[str, bytes]
    """The members that name it alone."""
    members: tuple[str, ...]
    """The members that it consists of: manifests, configurations and layers, each once."""
    holder: Holder
    title: str

    def digest(self) -> str:
        """Return the SHA-256 over names and digests of all its bytes; raise `SourceError` for a damaged blob."""
        total = hashlib.sha256()
        for name, body in sorted(self.head.items()):
            total.update(f"{hashlib.sha256(body).hexdigest()}  {name}\n".encode())
        for name in sorted(self.members):
            total.update(f"{self._summed(name)}  {name}\n".encode("utf-8", "surrogateescape"))
        return total.hexdigest()

    def _summed(self, name: str) -> str:
        found = BLOB.fullmatch(name)
        digest = hashlib.new(found[1] if found else "sha256")
        try:
            with self.holder.open(name) as file:
                if file is None:
                    return "none"
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except (OSError, tarfile.TarError, EOFError) as error:
            raise SourceError(f"{self.title}: {name} cannot be read: {error}") from error
        if found and digest.hexdigest() != found[2]:
            raise SourceError(f"{self.title}: {name} has not the digest by which it is named: it is damaged")
        return digest.hexdigest()

    @contextmanager
    def packed(self) -> Iterator[str]:
        """Give the path of a tar that holds this image alone, as long as it is needed."""
        with tempfile.TemporaryDirectory(prefix="untag-image-") as folder:
            path = Path(folder) / f"{self.title}.tar"
            with tarfile.open(path, "w") as tape:
                for name, body in self.head.items():
                    tape.addfile(_info(name, len(body)), io.BytesIO(body))
                for name in self.members:
                    with self.holder.open(name) as file:
                        if file is None:
                            continue  # the reader says that it is missing
                        size = file.seek(0, io.SEEK_END)
                        file.seek(0)
                        tape.addfile(_info(name, size), file)
            yield str(path)


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    return info


def is_layout(path: Path) -> bool:
    """Say whether a folder is an OCI layout."""
    return (path / "oci-layout").is_file() and (path / "index.json").is_file()


def images(path: Path) -> list[Tagged]:
    """Return the images of a layout in the order of its index; raise `SourceError` where it is none."""
    title = path.resolve().name.removesuffix(".tar")
    try:
        holder: Holder = Folder(path) if path.is_dir() else Tar(path)
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise SourceError(
            f"{path} is no image on disk: {error}; write what docker save wrote, or an OCI layout"
        ) from error
    found = [*_saved(holder, title)] or [*_laid(holder, title)]
    if not found:
        raise SourceError(f"{path} holds no image: write what docker save wrote, or an OCI layout")
    if len(found) > IMAGES:
        raise SourceError(f"{path} holds more than {IMAGES:,} images: take those that matter apart")
    return found


def _json(holder: Holder, name: str) -> Any:
    try:
        with holder.open(name) as file:
            body = file.read(MOST + 1) if file is not None else b""
        return json.loads(body) if len(body) <= MOST else None
    except (OSError, ValueError, RecursionError, tarfile.TarError, EOFError):
        return None


def _saved(holder: Holder, title: str) -> Iterator[Tagged]:
    """Yield what the ``manifest.json`` of ``docker save`` lists."""
    listed = _json(holder, "manifest.json")
    for entry in listed[: IMAGES + 1] if isinstance(listed, list) else ():
        layers = entry.get("Layers") if isinstance(entry, dict) else None
        if not isinstance(layers, list) or not all(isinstance(name, str) for name in layers):
            continue
        config = entry.get("Config")
        names = [config, *layers] if isinstance(config, str) else list(layers)
        tags = entry.get("RepoTags")
        yield Tagged(
            tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
            day=_day(_json(holder, config)) if isinstance(config, str) else "",
            head={"manifest.json": json.dumps([entry]).encode()},
            members=tuple(dict.fromkeys(names)),
            holder=holder,
            title=title,
        )


def _laid(holder: Holder, title: str) -> Iterator[Tagged]:
    """Yield what the index of an OCI layout lists; two tags of one image are one."""
    index = _json(holder, "index.json")
    listed = index.get("manifests") if isinstance(index, dict) else None
    entries: dict[str, dict[str, Any]] = {}
    tags: dict[str, list[str]] = {}
    for entry in listed[: IMAGES + 1] if isinstance(listed, list) else ():
        name = _blob(entry)
        if not name:
            continue
        entries.setdefault(name, entry)
        notes = entry.get("annotations")
        tag = (
            next((notes[key] for key in NAMES if isinstance(notes.get(key), str)), "")
            if isinstance(notes, dict)
            else ""
        )
        tags.setdefault(name, []).extend([tag] if tag else [])
    for name, entry in entries.items():
        members: dict[str, str] = {}
        _gather(holder, name, members, 0)
        head = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
        head["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode()
        days = [_day(_json(holder, member)) for member, kind in members.items() if kind == "config"]
        yield Tagged(tuple(tags[name]), max(days, default=""), head, tuple(members), holder, title)


def _gather(holder: Holder, name: str, members: dict[str, str], deep: int) -> None:
    """Gather the blobs that a manifest or an index consists of, with what each is."""
    if name in members or deep > DEEP or len(members) > IMAGES * IMAGES:
        return
    members[name] = "manifest"
    table = _json(holder, name)
    if not isinstance(table, dict):
        return
    config = _blob(table.get("config"))
    if config:
        members.setdefault(config, "config")
    for key, inner in (("layers", False), ("manifests", True)):
        listed = table.get(key)
        for entry in listed[:IMAGES] if isinstance(listed, list) else ():
            blob = _blob(entry)
            if blob and inner:
                _gather(holder, blob, members, deep + 1)
            elif blob:
                members.setdefault(blob, "layer")


def _blob(descriptor: Any) -> str:
    """Return the member that a descriptor names by its digest; empty for none."""
    digest = descriptor.get("digest") if isinstance(descriptor, dict) else None
    found = DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    return f"blobs/{found[1]}/{found[2]}" if found else ""


def _day(config: Any) -> str:
    made = config.get("created") if isinstance(config, dict) else None
    day = made[:10] if isinstance(made, str) and re.match(r"\d{4}-\d\d-\d\dT", made) else ""
    return day if day >= EPOCH else ""
