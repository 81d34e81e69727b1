"""Records in JSON: a line each, or an array of them. A key goes from every record, whatever it is nested in."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Final

from untag.strip.base import Check, StripError
from untag.strip.data.choose import plain
from untag.strip.data.delimited import lines_of
from untag.strip.data.files import HEAD, Writer, head_of, pieces, shape_of
from untag.strip.data.json_units import Gone, alike, mapped, ranges_of, units, write
from untag.strip.data.spans import JsonError, Pairs, cut_members, dropped, leave_out, loaded, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

SAMPLED: Final = 2_000
"""Records of which keys and values are looked at."""
_LINES: Final = re.compile(rb"\s*[{\[].*[}\]][ \t\r]*\n\s*[{\[]")


class RecordTable:
    """JSON Lines, or one array of objects."""

    noun = "key"
    kind = "jsonl"

    def __init__(self, path: Path) -> None:
        """Look at the first records; raise `StripError` where they are none."""
        self.path = path
        self.shape = shape_of(path)
        head = head_of(path, self.shape)
        self.lined = _LINES.match(head) is not None or not head.lstrip().startswith(b"[")
        self._found: dict[str, dict[str, None]] = {}
        self._tops: dict[str, int] = {}
        self._paths: dict[str, dict[str, None]] = {}
        """Where each key stands, as far as the sample shows."""
        self._sample(head)
        self.names = list(self._found)

    def _sample(self, head: bytes) -> None:
        """Learn keys and values of the first records."""
        for count, raw in enumerate(self._records(sample=True)):
            if count >= SAMPLED:
                break
            try:
                record = loaded(raw)
            except JsonError:
                continue
            if isinstance(record, Pairs):
                self._tops |= dict.fromkeys((k for k, _ in record.pairs), 0)
            self._learn(record, ())
        if not self._found:
            raise StripError(f"{self.path.name}: no record can be read in its first {min(len(head), HEAD):,} bytes")

    def _learn(self, value: Any, above: tuple[str, ...]) -> None:
        if isinstance(value, Pairs):
            for key, inner in value.pairs:
                known = self._found.setdefault(key, {})
                self._paths.setdefault(key, {})[".".join(above)] = None
                if isinstance(inner, str) and len(known) < SAMPLED:
                    known[inner] = None
                self._learn(inner, (*above, key))
        elif isinstance(value, list):
            for inner in value[:SAMPLED]:
                self._learn(inner, above)

    def _records(self, *, sample: bool = False) -> Iterator[bytes]:
        """Yield records: lines with their ends, or the items of the array."""
        if self.lined:
            for number, line in enumerate(lines_of(pieces(self.path, self.shape))):
                if sample and number > SAMPLED:
                    return
                yield line
            return
        try:
            with mapped(self.path, self.shape) as data:
                for number, unit in enumerate(units(data)):
                    if sample and number > SAMPLED:
                        return
                    if unit.stop > unit.start:
                        yield data[unit.start : unit.stop]
        except JsonError as error:
            raise StripError(f"{self.path.name}: {error}: truncated or corrupt; nothing was written") from None

    def values(self, name: str) -> list[str]:
        """Return distinct texts that stand under a key in the first records."""
        return list(self._found.get(name, ()))

    def refuses(self, chosen: Sequence[str]) -> str:
        """Return why these keys cannot be cut; empty where they can."""
        if self._tops and set(chosen) >= set(self._tops):
            return "every key of the records is protected: delete the file"
        return ""

    def doubt(self, name: str) -> str:
        """Return why a key may mean two things; empty where it stands in one place only."""
        found = self._paths.get(name, {})
        if len(found) <= 1:
            return ""
        shown = ", ".join(plain(path) or "the record itself" for path in list(found)[:5])
        return f"the key stands in {len(found):,} places ({shown}), all of which go: see that all mean the same"

    def says(self, name: str) -> tuple[str, ...]:
        """Return what goes with a key, in words."""
        where = "" if name in self._tops else " inside the records"
        return (f"key {name}{where}, with its value, from every record",)

    def cut(self, chosen: Sequence[str], file: IO[bytes], written: Callable[[], Path]) -> list[Check]:
        """Write the records without the keys; each is parsed before and after, and compared."""
        names = frozenset(chosen)
        counts = {"records": 0, "changed": 0, "cut": 0, "unread": 0}
        if self.lined:
            out = Writer(file, self.shape)
            self._lines(names, out, counts)
            out.close()
        else:
            self._array(names, file, counts, written)
        path = written()
        left = _left(path, self, names)
        return [
            Check(
                "kept columns equal",
                True,
                f"{counts['changed']:,} of {counts['records']:,} records changed; each parses, and equals the old one "
                f"less the keys, digit for digit; {counts['unread']:,} lines are no JSON and stay as they are",
                dict(counts),
            ),
            Check(
                "removed values absent",
                not left,
                f"no record has a key {' or '.join(sorted(names))}" if not left else f"{left:,} records still have it",
                dict(counts),
            ),
        ]

    def _array(
        self, names: frozenset[str], file: IO[bytes], counts: dict[str, int], written: Callable[[], Path]
    ) -> None:
        """Cut the records of an array, one by one; raise `StripError` where the result does not read as it must."""
        marks = b"|".join((*(re.escape(n.encode("utf-8", "surrogateescape")) for n in names), rb"\\[u\"\\/bfnrt]"))
        surface = re.compile(marks)
        gone = Gone(lambda _, key: key in names, lambda *_: False, lambda raw: surface.search(raw) is not None)
        tally = {"units": 0, "changed": 0, "cut": 0}
        try:
            with mapped(self.path, self.shape) as data:
                write(data, list(ranges_of(data, gone, tally)), file, self.shape)
                with mapped(written(), self.shape) as after:
                    if not alike(data, after, gone):
                        raise StripError(
                            f"{self.path.name} does not read as before without the keys; nothing was written"
                        )
        except JsonError as error:
            raise StripError(f"{self.path.name}: {error}: truncated or corrupt; nothing was written") from None
        counts |= {"records": tally["units"], "changed": tally["changed"], "cut": tally["cut"]}

    def _lines(self, names: frozenset[str], out: Writer, counts: dict[str, int]) -> None:
        marks = [re.escape(name.encode("utf-8", "surrogateescape")) for name in names]
        quick = re.compile(b"|".join((*(b'"' + m + b'"' for m in marks), rb"\\[u/\"\\bfnrt]")))
        bare = re.compile(b"|".join(marks))
        for line in lines_of(pieces(self.path, self.shape)):
            counts["records"] += 1
            if quick.search(line) is None:
                out.write(line)
                continue
            try:
                out.write(_cut(line, names, counts))
            except JsonError as error:
                if bare.search(line) is not None:
                    told = f"{self.path.name}: line {counts['records']:,} is truncated or no JSON ({error})"
                    raise StripError(f"{told}; nothing was written") from None
                counts["unread"] += 1
                out.write(line)


def _cut(data: bytes, names: frozenset[str], counts: dict[str, int]) -> bytes:
    """Return a record without some keys; raise `JsonError` for one that is broken."""
    before = loaded(data)
    ranges = list(cut_members(parse(data), lambda _, member: member.key in names))
    if not ranges:
        return data
    after = leave_out(data, ranges)
    counts["changed"] += 1
    counts["cut"] += len(ranges)
    if loaded(after) != dropped(before, lambda _, key, __: key in names):
        raise StripError("a record does not read as before without the keys; nothing was written")
    return after


def _left(path: Path, table: RecordTable, names: frozenset[str]) -> int:
    """Count the lines or texts in which a key is still found by its surface."""
    marks = b"|".join(re.escape(n.encode("utf-8", "surrogateescape")) for n in names)
    pattern = re.compile(rb'"(?:' + marks + rb')"\s*:')
    return sum(len(pattern.findall(line)) for line in lines_of(pieces(path, table.shape), 1 << 30))
