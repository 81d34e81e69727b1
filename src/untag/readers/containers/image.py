"""Images of containers in a tar: ``docker save`` of all ages, and OCI layouts.

The manifests say which members are layers and in which order they lie. Every file of every
layer is yielded, with the layer in its trail: one that a later layer replaces or deletes
still ships with the image, and anyone who has the image has it. What became of it is in
`Blob.origin`. The configuration (environment, labels, command, history) and whatever else
the tar holds are yielded as they are.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from untag.model import Blob, Gap
from untag.readers.containers import tar
from untag.readers.containers.codecs import Tail, gunzipped, unzstd
from untag.readers.containers.common import Meter, clean, text
from untag.readers.containers.pull import Pull
from untag.readers.containers.stream import THREAD_FROM, ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from untag.limits import Budget

MOST_JSON: Final = 4 << 20
"""Bytes of a manifest or a configuration; registries take no larger ones."""
LAYERS: Final = 1_024
"""Layers of all images of one file; the storage drivers end at 128 an image."""
MEMBERS: Final = 100_000
"""Members of the outer tar: an image has a handful."""
DEEP: Final = 4
"""Indexes inside each other: of platforms, of attestations."""
SHORT: Final = 12
"""Hexadecimal digits of a digest in a trail, as container tools show them."""
HIDES: Final = ".wh."
"""Prefix of the name of a whiteout (OCI image layer specification)."""
OPAQUE: Final = ".wh..wh..opq"
_FIRST: Final = re.compile(
    rb"(?:\./)?(?:blobs/|oci-layout\0|index\.json\0|manifest\.json\0|repositories\0"
    rb"|(?:sha256:)?[0-9a-f]{64}(?:/|\.json\0|\.tar(?:\.gz)?\0))"
)
"""Names with which an image's tar begins, whichever tool wrote it."""


class Image:
    """A tar that holds images of containers."""

    name = "image"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a tar begins here whose first member is named like a part of an image."""
        return _FIRST.match(head) is not None and tar.claims(head)

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield configurations, the files of every layer from the top down, and what else there is."""
        data = memoryview(blob.data)
        files, links = _index(data)
        found = _Images(data, files, links)
        layers = found.layers()
        if not layers:  # a tar of another kind
            yield from tar.Tar().members(blob, budget)
            return
        yield from (Gap(blob.trail, reason, detail) for reason, detail in found.gaps.items())
        read: set[str] = set()
        seen: set[tuple[tuple[str, ...], ...]] = set()
        for image in layers:
            lower = tuple((layer.member,) for layer in image)
            if lower not in seen:
                seen.add(lower)
                yield from _Stack(blob.trail, data, files, budget, read).run(image)
        for name, (start, size) in files.items():
            if name not in read:
                budget.member()
                budget.spend(size)
                label = found.labels.get(name, clean(name)[0])
                yield Blob((*blob.trail, label), data[start : start + size])


@dataclass(frozen=True, slots=True)
class _Layer:
    member: str
    """Name of the tar member that holds it."""
    digest: str
    """What its trail is called: the digest of its unpacked tar where the configuration states it."""


def _index(data: memoryview) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
    """Return place and size of each member of the outer tar, and the links among them."""
    files: dict[str, tuple[int, int]] = {}
    links: dict[str, str] = {}
    at = 0
    pax: dict[bytes, bytes] = {}
    while at + tar.BLOCK <= len(data) and len(files) < MEMBERS:
        block = bytes(data[at : at + tar.BLOCK])
        at += tar.BLOCK
        if not tar.claims(block):
            break
        kind = block[156]
        try:
            size = tar._number(block[124:136])  # noqa: SLF001 - the same family
        except ValueError:
            break
        if kind in b"xgKL":
            if size <= tar.EXTENDED:
                pax = _extended(kind, bytes(data[at : at + size]))
        else:
            name = text(pax.get(b"path") or _name(block)).removeprefix("./")
            if kind in b"12":
                target = text(pax.get(b"linkpath") or block[157:257].split(b"\0", 1)[0])
                links[name] = _resolved(name.rpartition("/")[0] if kind == ord("2") else "", target)
                size = 0
            elif kind in b"0\x007" and not name.endswith("/"):
                stated = pax.get(b"size", b"")
                size = int(stated) if stated.isdigit() else size
                files[name] = (at, max(0, min(size, len(data) - at)))
            pax = {}
        at += size + -size % tar.BLOCK
    return files, links


def _extended(kind: int, raw: bytes) -> dict[bytes, bytes]:
    """Return what an extended header says of the next member."""
    if kind in b"KL":
        return {b"path" if kind == ord("L") else b"linkpath": raw.split(b"\0", 1)[0]}
    return tar._pax(raw) if kind == ord("x") else {}  # noqa: SLF001 - the same family


def _name(block: bytes) -> bytes:
    """Return the name in a header: its prefix and its own."""
    name = block[:100].split(b"\0", 1)[0]
    if block[345] and block[257:263] == b"ustar\0":
        return block[345:500].split(b"\0", 1)[0] + b"/" + name
    return name


def _resolved(base: str, target: str) -> str:
    """Return the member that a link names, climbing no higher than the top."""
    parts = base.split("/") if base else []
    for part in target.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


@dataclass(slots=True)
class _Images:
    """What the manifests in the outer tar say."""

    data: memoryview
    files: dict[str, tuple[int, int]]
    links: dict[str, str]
    gaps: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """What the trail of a configuration is called."""
    stated: dict[str, Any] = field(default_factory=dict)
    """Digests of layers by configuration, each of which is read once."""
    followed: set[str] = field(default_factory=set)
    """Indexes and manifests that were read."""

    def layers(self) -> list[list[_Layer]]:
        """Return the layers of each image, the lowest first; empty when there is no image."""
        found: list[list[_Layer]] = []
        listed = self._json("manifest.json")
        if isinstance(listed, list):
            entries = [entry for entry in listed[:LAYERS] if isinstance(entry, dict)]
            found = [self._image(entry.get("Config"), entry.get("Layers")) for entry in entries]
        if not any(found):
            found = self._descend("index.json", 0)
        kept = [image for image in found if image]
        if sum(map(len, kept)) > LAYERS:
            self.gaps["limit"] = f"more than {LAYERS:,} layers in one file; the rest was read as it lies in the tar"
            while kept and sum(map(len, kept)) > LAYERS:
                kept.pop()
        return kept

    def _descend(self, name: str, deep: int) -> list[list[_Layer]]:
        """Follow an index to its manifests."""
        if name in self.followed or deep > DEEP:  # an index may name itself, a thousand times
            return []
        self.followed.add(name)
        content = self._json(name)
        if not isinstance(content, dict):
            return []
        layers = content.get("layers")
        if isinstance(layers, list):
            self.labels[name] = f"manifest {_short(name)}.json"
            return [self._image(_digest(content.get("config")), [_digest(layer) for layer in layers])]
        entries = content.get("manifests")
        found = []
        for entry in entries[:LAYERS] if isinstance(entries, list) else ():
            digest = _digest(entry)
            if digest:
                found += self._descend(digest, deep + 1)
            if len(found) > LAYERS:
                break
        return found

    def _image(self, config: Any, layers: Any) -> list[_Layer]:
        if not isinstance(layers, list) or not all(isinstance(name, str) for name in layers):
            return []
        digests = self._digests(config) if isinstance(config, str) else None
        if not isinstance(digests, list) or len(digests) != len(layers):
            digests = layers
        found = []
        for name, digest in zip(layers[:LAYERS], digests, strict=False):
            member = self.links.get(name, name)
            if member in self.files:
                found.append(_Layer(member, _short(digest if isinstance(digest, str) else name)))
            else:
                self.gaps["vanished"] = "a layer that the manifest names is not in the file"
        return found

    def _digests(self, config: str) -> Any:
        """Return the digests of the unpacked layers that a configuration states."""
        if config not in self.stated:
            content = self._json(config)
            if isinstance(content, dict):
                self.labels[config] = f"config {_short(config)}.json"
            rootfs = content.get("rootfs") if isinstance(content, dict) else None
            self.stated[config] = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
        return self.stated[config]

    def _json(self, name: str) -> Any:
        start, size = self.files.get(name, (0, 0))
        if not 0 < size <= MOST_JSON:
            return None
        try:
            return json.loads(bytes(self.data[start : start + size]))
        except (ValueError, RecursionError):
            self.gaps["corrupt"] = "a manifest or configuration of the image that is no JSON; it was read as text"
            return None


def _digest(descriptor: Any) -> str:
    """Return the member that a descriptor names by its digest."""
    digest = descriptor.get("digest") if isinstance(descriptor, dict) else None
    if not isinstance(digest, str) or not re.fullmatch(r"[a-z0-9]+:[0-9a-f]{32,128}", digest):
        return ""
    return f"blobs/{digest.replace(':', '/')}"


def _short(name: str) -> str:
    """Return the digest in a name as trails have it: ``sha256:`` and its first digits."""
    found = re.search(r"[0-9a-f]{64}", name)
    return f"sha256:{found.group()[:SHORT]}" if found else clean(name)[0].rsplit("/", 1)[-1]


class _Stack:
    """The layers of one image, read from the top down, so that what hides a file is known before the file comes."""

    def __init__(
        self,
        trail: tuple[str, ...],
        data: memoryview,
        files: dict[str, tuple[int, int]],
        budget: Budget,
        read: set[str],
    ) -> None:
        self.trail = trail
        self.data = data
        self.files = files
        self.budget = budget
        self.read = read
        """Members of the outer tar that were read; a layer that images share is read once."""
        self.hidden: dict[str, str] = {}
        """Paths that an upper layer holds or deletes, and what is said of a file there."""
        self.opaque: dict[str, str] = {}
        """Folders of which an upper layer hides all that lies below."""

    def run(self, layers: list[_Layer]) -> Iterator[Blob | Gap]:
        """Yield the files of each layer."""
        for layer in reversed(layers):
            if layer.member in self.read:
                continue
            self.read.add(layer.member)
            trail = (*self.trail, f"layer {layer.digest}")
            self.budget.check_depth(len(trail))
            start, size = self.files[layer.member]
            hidden, opaque = {}, {}  # type: dict[str, str], dict[str, str]
            for item in _unpacked(self.data[start : start + size], trail, self.budget):
                if isinstance(item, Gap):
                    yield item
                    continue
                path = "/".join(item.trail[len(trail) :])
                folder, _, name = path.rpartition("/")
                if name == OPAQUE:
                    opaque[folder] = f"deleted by layer {layer.digest}"
                elif name.startswith(HIDES):
                    hidden[f"{folder}/{name[len(HIDES) :]}".lstrip("/")] = f"deleted by layer {layer.digest}"
                else:
                    hidden[path] = f"replaced by layer {layer.digest}"
                    yield Blob(item.trail, item.data, f"layer {layer.digest}: {self._state(path)}")
            for path, state in hidden.items():
                self.hidden.setdefault(path, state)
            for path, state in opaque.items():
                self.opaque.setdefault(path, state)

    def _state(self, path: str) -> str:
        """Return what upper layers made of a path."""
        if path in self.hidden:
            return self.hidden[path]
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.opaque:
                return self.opaque[folder]
            if folder and folder in self.hidden:
                return self.hidden[folder]
        return "visible"


def _unpacked(packed: memoryview, trail: tuple[str, ...], budget: Budget) -> Iterator[Blob | Gap]:
    """Yield the members of a layer, packed or not."""
    head = bytes(packed[:4])
    codec: Callable[[memoryview, Tail], Iterator[bytes]] | None = None
    if head[:3] == b"\x1f\x8b\x08":
        codec = gunzipped
    elif head == b"\x28\xb5\x2f\xfd":
        codec = unzstd
    if codec is None:
        if len(packed) >= tar.BLOCK and not tar.claims(bytes(packed[: tar.BLOCK])) and any(packed[: tar.BLOCK]):
            # no tar: an attestation, a chart, a model pushed as a layer
            budget.member()
            budget.spend(len(packed))
            yield Blob(trail, packed)
            return
        yield from tar.walk(Pull(iter((packed,))), trail, budget, budget.spend)
        return
    chunks = codec(packed, Tail())
    if len(packed) >= THREAD_FROM:
        chunks = ahead(chunks)
    meter = Meter(budget, len(packed))
    pull = Pull(_metered(chunks, meter))
    try:
        yield from tar.walk(pull, trail, budget, None)
        pull.skip(1 << 62)
    finally:
        chunks.close()  # type: ignore[attr-defined] # both are generators
    if pull.error is not None:
        yield Gap(trail, pull.error.reason, pull.error.detail)


def _metered(chunks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    for chunk in chunks:
        meter.add(len(chunk))
        yield chunk
