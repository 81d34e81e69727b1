"""The one loop: each artifact is sniffed, searched, and read only where it can matter.

``Scanner.feed`` takes what a source yields and gathers findings, gaps and coverage.
This is the only place where an exception becomes a `Gap`: a crash in a reader costs
the coverage of one artifact, never the findings that came before it.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.errors import ReadError
from untag.match.engine import PAD
from untag.model import READ_ANYWAY, Blob, Coverage, FileRef, Gap, Notice
from untag.nouns import replace
from untag.readers.base import Text
from untag.readers.plain import is_plain, is_utf8
from untag.tally import Tally, in_layer
from untag.windows import Lines, Repeats, blocks, cuts, forget, part_of, streams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.interpret import Lens
    from untag.match.store import Lexicon
    from untag.model import Buffer, Finding
    from untag.packages import Packages
    from untag.readers.base import ArtifactReader
    from untag.structured import Sheaf

HEAD: Final = 4_096
ROOM: Final = 1 << 20
"""Bytes of a file up to which it is read into a buffer that is used again."""
TAIL: Final = 65_557
"""Bytes at the end in which a zip keeps its directory's end record."""
WRAPPERS: Final = ("gzip", "bzip2", "xz", "zstd")
"""Containers of one member, which is shared between the workers in their place."""
ALLOW: Final = b"untag:"
"""What an inline waiver begins with."""


class Scanner:
    """Reads artifacts one by one; holds nothing of an artifact once it is done."""

    def __init__(
        self, lexicon: Lexicon, lens: Lens | None, packages: Packages, budget: limits.Budget | None = None
    ) -> None:
        self.lexicon = lexicon
        self._lens = lens
        self.packages = packages
        self.budget = budget or limits.Budget()
        self.tally = Tally()
        self._counts = dict.fromkeys(("files", "size", "parsed", "bytes", "opaque", "unread"), 0)
        self._last: tuple[tuple[str, ...], str] = ((), "")
        """The artifact counted last, and its level."""
        self._lines = Lines(())
        self.line_counts: dict[tuple[str, ...], Buffer] = {}
        """By trail, of large texts that several processes read: see `windows.shared_counts`."""
        self._room = memoryview(bytearray(ROOM + 2))
        """Small files are read into this one buffer, between two bytes of padding."""
        self._room[0] = PAD[0]

    @property
    def lens(self) -> Lens:
        """What sees the lexicon's terms in short strings; made when the first candidate is met."""
        if self._lens is None:
            from untag.interpret.lens import Lens  # noqa: PLC0415 - most files need none

            self._lens = Lens(self.lexicon)
        return self._lens

    def take(self) -> Tally:
        """Return what was gathered since the last call."""
        tally, self.tally = self.tally, Tally()
        tally.coverage = Coverage(**self._counts)
        self._counts = dict.fromkeys(self._counts, 0)
        return tally

    def run(self, items: Iterable[FileRef | Blob | Gap]) -> None:
        """Feed every item of a source."""
        for item in items:
            self.feed(item)

    def feed(self, item: FileRef | Blob | Gap, part: tuple[int, int] = (0, 1)) -> None:
        """Read one item. ``part`` is the share of a container's members or of a large file's windows to read."""
        if isinstance(item, Gap):
            self._gap(item)
            return
        try:
            if not isinstance(item, FileRef):
                self._artifact(item, 0, part)
            elif part != (0, 1) or not self._small(item):
                from untag.sources.paths import read  # noqa: PLC0415

                self._artifact(read(item), 0, part)
        except ReadError as error:
            self._gap(Gap(item.trail, error.reason, error.detail), part[0])
        except MemoryError:
            self._gap(Gap(item.trail, "limit", "needs more memory than there is"), part[0])
        except Exception as error:  # noqa: BLE001 - the one place where a crash becomes a gap
            self._gap(Gap(item.trail, "crashed", f"{type(error).__name__} while reading; please report it"), part[0])

    def _small(self, ref: FileRef) -> bool:
        """Read a small file, which most are, by the shortest way; return False for one that needs the long way."""
        from untag.sources.paths import read_into  # noqa: PLC0415 - blobs need no paths

        room = self._room
        size = read_into(ref.path, room[1:-1])
        if size <= 0:
            return size == 0 and self._empty(ref)
        data = bytes(room[1 : size + 1])
        if not is_plain(data, ref.trail[-1]):
            self._artifact(Blob(ref.trail, data), 0)
            return True
        self._count(ref.trail, "parsed", size)
        plain = data.isascii()
        room[size + 1] = PAD[0]
        proposals = self.lexicon.anchors.engine.propose(room[: size + 2], plain=plain)
        if proposals or not (plain or is_utf8(data)):
            self._search(Text(ref.trail, data), proposals)
        return True

    def _empty(self, ref: FileRef) -> bool:
        """Count an empty file; return False for what only looks empty, such as a pipe."""
        if not stat.S_ISREG(os.stat(ref.path, follow_symlinks=False).st_mode):
            return False
        self._count(ref.trail, "parsed", 0)
        return True

    def _gap(self, gap: Gap, share: int = 0) -> None:
        """Note what was not read; an artifact that was counted already is counted anew, not twice.

        Of a large file's shares the first one counts the file.
        """
        self.tally.gaps.append(gap)
        if gap.reason in READ_ANYWAY or share:
            return
        trail, level = self._last
        if trail == gap.trail and level:
            self._counts[level] -= 1
        else:
            self._counts["files"] += 1
        self._counts["unread"] += 1
        self._last = (gap.trail, "unread")

    def _count(self, trail: tuple[str, ...], level: str, size: int) -> None:
        counts = self._counts
        counts["files"] += 1
        counts["size"] += size
        counts[level] += 1
        self._last = (trail, level)

    def _artifact(self, blob: Blob, depth: int, part: tuple[int, int] = (0, 1)) -> None:
        """Read one artifact at a depth of containers."""
        data = blob.data
        size = len(data)
        head = bytes(data[:HEAD])
        if is_plain(head, blob.trail[-1]):
            self._text(blob, size, part)
            return
        from untag.readers.sniff import sniff  # noqa: PLC0415 - plain trees never need it

        kind = sniff(head, size, blob.trail[-1])
        from untag.readers.artifacts import artifact_reader  # noqa: PLC0415
        from untag.readers.containers import containers_for  # noqa: PLC0415

        reader = artifact_reader(head, blob.trail[-1], bytes(data[-TAIL:])) if size else None
        if reader is not None and not getattr(reader, "beside_bytes", False):
            if part[0] == 0:
                self._structured(reader, blob, depth)
            return
        opened = containers_for(head, blob.trail[-1], bytes(data[-TAIL:])) if size else ()
        for container in opened:
            self.tally.readers.add((container.name, container.version))
            self._container(container, blob, depth, part)
        if kind == "opaque" and not opened:
            if part[0] == 0:
                self._count(blob.trail, "opaque", size)
        elif opened and kind not in ("text", "binary"):
            if part[0] == 0:
                self._count(blob.trail, "parsed", size)
        elif kind in ("text", "empty", "utf16le", "utf16be", "utf32"):
            self._text(blob, size, part)
        else:
            self._binary(blob, size, part, reader)

    def _structured(self, reader: ArtifactReader, blob: Blob, depth: int) -> None:
        """Read a structured file part by part; what goes wrong in it costs the rest of it only."""
        from untag.structured import told  # noqa: PLC0415 - only where one is met

        self._count(blob.trail, "parsed", len(blob.data))
        self.tally.readers.add((reader.name, reader.version))
        self.budget.check_depth(depth + 1)
        for item in told(reader, blob, self.budget, self.lexicon.anchors):
            if isinstance(item, Gap):
                self._gap(item)
            elif isinstance(item, Blob):
                self._member(item, depth + 1)
            else:
                self._sheaf(item)

    def _sheaf(self, sheaf: Sheaf) -> None:
        """Judge the parts of a structured file."""
        text = sheaf.text()
        hits = self.lexicon.anchors.find(text.data)
        if hits:
            self._interpret(text, hits, sheaf)

    def pictures(self, trails: Iterable[tuple[str, ...]], trail: tuple[str, ...]) -> None:
        """Judge how the pictures of one tree are named and filed, as one artifact at ``trail``."""
        from untag.structured import filed  # noqa: PLC0415 - few trees hold many pictures

        self._sheaf(filed(trails, trail))

    def _container(self, container: object, blob: Blob, depth: int, part: tuple[int, int]) -> None:
        """Read the members of one container; what goes wrong in it costs the rest of it only."""
        try:
            self.budget.check_depth(depth + 1)
            whole = part == (0, 1)
            split = getattr(container, "splits", False)
            if not (whole or split or streams(blob.trail[-1])):
                if part[0]:
                    return
                part, whole = (0, 1), True
            wrapped = getattr(container, "name", "") in WRAPPERS
            members = container.members(blob, self.budget, part=part) if split else container.members(blob, self.budget)  # type: ignore[attr-defined]
            shown: list[tuple[str, ...]] = []
            for number, member in enumerate(members):
                if isinstance(member, Gap):
                    self._gap(member, 0 if split else part[0])
                elif wrapped and len(member.trail) == len(blob.trail) + 1:  # and no file of the tar inside
                    self._member(member, depth + 1, part)
                elif whole or split or number % part[1] == part[0]:
                    self._member(member, depth + 1)
                    if self._last == (member.trail, "opaque"):
                        shown.append(member.trail[-1:])
                else:
                    self.packages.learn(member)
            if len(shown) >= limits.PICTURES:
                self.pictures(shown, blob.trail)
        except ReadError as error:
            self._gap(Gap(blob.trail, error.reason, error.detail), part[0])

    def _member(self, blob: Blob, depth: int, part: tuple[int, int] = (0, 1)) -> None:
        before = len(self.tally.findings)
        try:
            self.packages.learn(blob)
            self._artifact(blob, depth, part)
        except ReadError as error:
            self._gap(Gap(blob.trail, error.reason, error.detail), part[0])
        except Exception as error:  # noqa: BLE001 - see feed
            self._gap(Gap(blob.trail, "crashed", f"{type(error).__name__} while reading; please report it"), part[0])
        if blob.origin and len(self.tally.findings) > before:
            self.tally.findings[before:] = in_layer(self.tally.findings[before:], blob.origin)

    def _text(self, blob: Blob, size: int, part: tuple[int, int]) -> None:
        """Search a text, in windows when it is large."""
        if size > limits.PARSE:
            self._windows(blob, size, part)
            return
        if part[0]:
            return
        data = bytes(blob.data)
        self._count(blob.trail, "parsed", size)
        self._search(Text(blob.trail, data))

    def _windows(self, blob: Blob, size: int, part: tuple[int, int]) -> None:
        """Search a large text window by window, cut at line ends; memory stays that of one window."""
        if part[0] == 0:
            self._count(blob.trail, "parsed", size)
        if self._lines.trail != blob.trail:
            self._lines = Lines(blob.trail, self.line_counts.get(blob.trail))
        for start, stop in blocks(blob.data, part):
            repeats = Repeats()
            shown: list[tuple[int, bytes]] = []
            for at, end in cuts(blob.data, start, stop):
                self._window(blob, at, end, repeats, shown)
            for low, piece in shown:
                self._search(part_of(blob, piece, low, self._lines, numbered=True))
            if shown:
                self._lines.done(blob.data, stop)

    def _window(self, blob: Blob, start: int, stop: int, repeats: Repeats, shown: list[tuple[int, bytes]]) -> None:
        """Search one window, and read what lies around its candidates."""
        with memoryview(blob.data) as whole, whole[start:stop] as window:
            padded = b"".join((PAD, window, PAD))
        plain = padded.isascii()
        proposals = self.lexicon.anchors.engine.propose(padded, plain=plain)
        if not (plain or is_utf8(padded)):
            self._slice(blob, padded[1:-1], start, shown)
        elif proposals:
            for low, high in repeats.slices(piece := padded[1:-1], proposals):
                self._slice(blob, piece[low:high], start + low, shown)
        forget(blob.data, start, stop)

    def _slice(self, blob: Blob, piece: bytes, at: int, shown: list[tuple[int, bytes]]) -> None:
        """Search a piece of a large text; one with something to show goes to ``shown``, to be numbered later."""
        kept, self.tally = self.tally, Tally()
        self._search(part_of(blob, piece, at, self._lines))
        if at and self.tally.findings:
            shown.append((at, piece))
        else:
            kept.add(self.tally)
        self.tally = kept

    def _search(self, text: Text, proposals: list[tuple[int, int]] | None = None) -> None:
        """Search decoded or plain text for anchors; decode, fold and interpret only where one stands."""
        anchors = self.lexicon.anchors
        data = text.data
        if not data.isascii() and not is_utf8(data):
            decoded = self._decode(text)
            if decoded is None:
                return
            text, proposals = decoded, None
        elif data.startswith(b"\xef\xbb\xbf"):
            text, proposals = replace(text, data=data[3:], encoding="utf-8-sig"), None
        if proposals is None:
            proposals = anchors.propose(text.data)
        if not proposals:
            return
        kind = anchors.folds(proposals)
        if kind:
            from untag.match.fold import fold  # noqa: PLC0415 - few texts hold escapes

            folded = fold(text.data, escapes_only=kind == "escapes")
            if folded != text.data:
                text = replace(text, data=folded)
                proposals = anchors.propose(folded)
        if hits := anchors.judge(text.data, proposals):
            self._interpret(text, hits)

    def _decode(self, text: Text) -> Text | None:
        from untag.match.decode import decode  # noqa: PLC0415

        found = decode(text.data)
        if found is None:
            self.tally.gaps.append(Gap(text.trail, "encoding", "no known encoding fits: searched as raw bytes"))
            from untag.binary import search  # noqa: PLC0415 - few texts are in no known encoding

            self.tally.findings += search(Blob(text.trail, text.data), self.lexicon, self.lens, self.packages).findings
            return None
        return replace(text, data=found[0], encoding=found[1])

    def _interpret(self, text: Text, hits: list[tuple[int, int, int]], sheaf: Sheaf | None = None) -> None:
        from untag.interpret import interpret  # noqa: PLC0415 - only text with a candidate needs it
        from untag.readers import reader_for  # noqa: PLC0415

        choose = (lambda _: sheaf) if sheaf is not None else reader_for
        found, gaps = interpret(text, hits, self.lens, choose, lambda: self.packages.of(text.trail, self.lens))
        self.tally.gaps += gaps
        self.tally.findings += found
        if found and sheaf is None:
            reader = reader_for(text)
            self.tally.readers.add((reader.name, reader.version))
            if ALLOW in text.data and len(text.trail) == 1:
                self._waivers(text, found)

    def _waivers(self, text: Text, found: list[Finding]) -> None:
        """Gather the inline waivers on the lines of findings and right above them."""
        from untag.policy.waivers import parse_inline  # noqa: PLC0415 - few files have one

        lines = text.data.split(b"\n")
        seen: set[int] = set()
        for finding in found:
            for number in (finding.line - 1, finding.line):
                at = number - text.first_line
                if 0 <= at < len(lines) and number not in seen and ALLOW in lines[at]:
                    seen.add(number)
                    read = parse_inline(lines[at].decode("utf-8", "replace"), text.trail, number)
                    if read is None:
                        continue
                    if isinstance(read, Notice):
                        self.tally.notices.append(read)
                    else:
                        self.tally.waivers.append(read)

    def _binary(self, blob: Blob, size: int, part: tuple[int, int], tables: ArtifactReader | None) -> None:
        """Search a binary in UTF-8, UTF-16LE and GB18030; the strings around a hit, or its tables, are its scope."""
        from untag.binary import search  # noqa: PLC0415 - only where a binary is met

        found = search(blob, self.lexicon, self.lens, self.packages, part, tables)
        if part[0] == 0:
            self._count(blob.trail, "parsed" if found.parsed else "bytes", size)
        self.tally.findings += found.findings
        self.tally.readers |= found.readers
        for gap in found.gaps:
            self._gap(gap, part[0])


__all__ = ["Scanner", "Tally"]
