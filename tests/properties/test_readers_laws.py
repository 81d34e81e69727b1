"""The laws of every text reader: each wanted range has one span, with true offsets and lines, whatever the bytes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_sources import HOSTS, MARK, filled

from untag import limits
from untag.limits import Deadline
from untag.model import ROLES, SCOPE_KINDS, Gap, Scope, Span
from untag.readers import reader_for
from untag.readers.base import Text
from untag.readers.pick import format_of

Ranges = list[tuple[int, int]]
BOUNDLESS = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])


def read(text: Text, wanted: Ranges) -> list[Span]:
    found = list(reader_for(text).spans(text, wanted, Deadline.after(60)))
    return [item for item in found if not isinstance(item, Gap)]


def laws(text: Text, wanted: Ranges, spans: list[Span]) -> None:
    last = 0
    for span in spans:
        assert last <= span.start < span.stop <= len(text.data)
        last = span.stop
        assert span.line == text.first_line + text.data.count(b"\n", 0, span.start)
        assert span.end_line == text.first_line + text.data.count(b"\n", 0, max(span.start, span.stop - 1))
        assert span.role in ROLES
        assert len(span.statement) <= limits.STATEMENT
        assert len(span.note) <= limits.STATEMENT
        if format_of(text) != "notebook":  # a cell's text is unescaped
            assert span.text == text.data[span.start : span.stop].decode("utf-8", "replace")
        scope: Scope | None = span.scope
        while scope is not None:
            assert scope.kind in SCOPE_KINDS
            assert len(scope.members) <= limits.MEMBERS
            scope = scope.parent
    for start, stop in wanted:
        assert sum(span.start <= start and stop <= span.stop for span in spans) == 1, (start, stop, spans)


def marks(data: bytes, mark: str = MARK) -> Ranges:
    found, at, size = [], 0, len(mark.encode())
    while (at := data.find(mark.encode(), at)) >= 0:
        found.append((at, at + size))
        at += size
    return found


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
@pytest.mark.parametrize("name", HOSTS)
def test_markers_survive_in_each_host_syntax(name: str, ending: str) -> None:
    data = filled(name)
    data = data.rstrip(b"\n") if not ending else data.replace(b"\n", ending.encode())
    text = Text((name,), data)
    wanted = marks(data)
    assert len(wanted) == HOSTS[name].count("{m}")
    spans = read(text, wanted)
    laws(text, wanted, spans)
    assert all(MARK in span.text for span in spans)
    assert sum(span.text.count(MARK) for span in spans) == len(wanted)
    if name != "a.log":
        assert all(span.role != "code" for span in spans), [s for s in spans if s.role == "code"]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    name = draw(st.sampled_from(sorted(HOSTS)))
    data = bytearray(filled(name))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 4)):
            case 0:
                del data[at : at + draw(st.integers(1, 12))]
            case 1:
                data[at:at] = draw(st.binary(min_size=1, max_size=6))
            case 2:
                tokens = [
                    "{",
                    "}",
                    '"',
                    "'",
                    "\n",
                    "\r\n",
                    "[",
                    "]",
                    "(",
                    ")",
                    "/*",
                    "#",
                    "<",
                    "```\n",
                    "。",
                    "\\",
                    "|",
                    "--",
                ]
                data[at:at] = draw(st.sampled_from(tokens)).encode()
            case 3:
                other = filled(draw(st.sampled_from(sorted(HOSTS))))
                begin = draw(st.integers(0, len(other)))
                data[at:at] = other[begin : begin + draw(st.integers(1, 60))]
            case _:
                del data[at:]
    return draw(st.one_of(st.just(name), st.sampled_from([*sorted(HOSTS), "noname"]))), bytes(data)


@st.composite
def ranges(draw: st.DrawFn, size: int) -> Ranges:
    points = sorted(draw(st.sets(st.integers(0, size), max_size=14)))
    pairs = zip(points[::2], points[1::2], strict=False)
    return [(start, min(stop, start + draw(st.sampled_from([1, 4, 40])))) for start, stop in pairs]


@BOUNDLESS
@given(mutated(), st.data(), st.sampled_from([1, 9]), st.booleans())
def test_mutated_sources_keep_the_laws(source: tuple[str, bytes], draw: st.DataObject, line: int, whole: bool) -> None:
    name, data = source
    text = Text((name,), data, first_line=line, whole=whole)
    wanted = draw.draw(ranges(len(data)))
    laws(text, wanted, read(text, wanted))


@BOUNDLESS
@given(st.binary(max_size=300), st.sampled_from([*sorted(HOSTS), "noname"]), st.data())
def test_random_bytes_keep_the_laws(data: bytes, name: str, draw: st.DataObject) -> None:
    text = Text((name,), data)
    wanted = draw.draw(ranges(len(data)))
    laws(text, wanted, read(text, wanted))


@pytest.mark.parametrize("name", HOSTS)
def test_reading_twice_gives_the_same(name: str) -> None:
    data = filled(name)
    assert read(Text((name,), data), marks(data)) == read(Text((name,), data), marks(data))


HOSTILE = {
    "brackets.json": b"[" * 60_000 + b"HIT",
    "parens.py": b"(" * 60_000 + b"HIT",
    "braces.proto": b"{" * 60_000 + b"HIT",
    "tags.xml": b"<a>" * 30_000 + b"HIT",
    "tags.html": b"<h1 " * 60_000 + b"HIT",
    "quotes.lua": b'"' + b'\\"' * 60_000 + b"HIT",
    "blanks.ini": b"[a" + b" " * 200_000 + b"HIT",
    "hashes.md": (b"# " + b"#" * 1_900 + b"\n") * 100 + b"HIT",
    "newlines": b"\n" * 200_000 + b"HIT",
    "comments": b"/**/" * 2_000 + b"HIT",
    "fences.md": b"```\n~~~\n" * 20_000 + b"HIT",
    "columns.csv": b"a," * 100_000 + b"HIT,\n" + b"HIT," * 4_000,
    "words.proto": b"message A {\n" + b"a " * 100_000 + b"HIT",
    "commas.dart": b"class A {\n" + b"a b, " * 40_000 + b"HIT",
    "stars.c": b"/*" + b" * HIT\n" * 4_000,
    "list.py": b"x = [" + b'"HIT", ' * 30_000,
    "line.txt": b"word " * 100_000 + b"HIT",
    "sentence.md": b"HIT word " * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sources_are_read_in_time(name: str) -> None:
    data = HOSTILE[name]
    text = Text((name,), data)
    wanted = marks(data, "HIT")[:4_000]
    found = list(reader_for(text).spans(text, wanted, Deadline.after(20)))
    assert not any(isinstance(item, Gap) for item in found)
    laws(text, wanted[:50], [item for item in found if isinstance(item, Span)])
