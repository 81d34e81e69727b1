"""A body of any known kind as a `Document`: trees to judge, and what cuts nodes out of its bytes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard import forms, keyed, pairs, tables, xml
from untag.guard.encodings import decoded
from untag.guard.splice import STRING, Node, Unreadable, cut, parse_json
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]{0,150}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_AS_JSON = re.compile(r'\s*(?:\{\s*"[^"\n]*"\s*:|\[\s*\{\s*")')
"""How JSON begins, and hardly any other text."""
_DATA = re.compile(r"^data:[ ]?", re.MULTILINE)
_EVENT = re.compile(r"^event:[ ]?([^\r\n]{1,80})", re.MULTILINE)
_DEVICE = re.compile(r"\s*(?:[\w.\-]{1,40}=[^;={}\[\]\n]{0,80};\s*){1,12}[\w.\-]{1,40}=(?=[{\[])")
"""How a camera's event begins that has its facts in JSON: ``Code=FaceDetection;action=Start;data={``."""
_LINES: Final = ("ndjson", "jsonl", "json-seq", "jsonlines", "json-lines", "x-json-stream", "stream+json")
OPAQUE: Final = ("image/", "video/", "audio/", "font/", "application/zip", "application/pdf", "application/x-protobuf",
                 "application/grpc", "application/wasm", "application/vnd.ms-", "application/vnd.openxmlformats",
                 "text/css", "application/javascript", "text/javascript")  # fmt: skip
"""Types without fields or texts of an answer: pixels, sound, programs. The guard cannot see into them."""


@dataclass(frozen=True, slots=True)
class Document:
    """One body, parsed."""

    kind: str
    """``json``, ``lines``, ``events``, ``xml``, ``form``, ``multipart``, ``pairs``, ``settings`` or ``text``."""
    text: str
    roots: tuple[Node, ...]
    encode: Callable[[str], bytes]
    places: tuple[tuple[int, int], ...] = ()
    """Of a multipart body: where each part stands."""
    tail: bytes = b""
    """Binary tensors that follow the JSON of the Open Inference Protocol."""
    names: tuple[str, ...] = ()
    """What each root is called outside of it, where anything calls it so: the name of an event; empty: nothing."""

    def named(self, number: int) -> str:
        """Return what a root is called outside of it, or empty."""
        return self.names[number] if number < len(self.names) else ""

    def without(self, nodes: Sequence[Node], changes: Iterable[tuple[int, int, str]] = ()) -> bytes:
        """Return the body without some nodes, in its own encoding; all else byte for byte."""
        edits = list(changes)
        if self.kind == "xml":
            return self.encode(xml.cut_xml(self.text, nodes, edits))
        if self.kind == "form":
            return self.encode(forms.cut_form(self.text, nodes, edits))
        if self.kind == "settings":
            return self.encode(keyed.cut_settings(self.text, nodes, edits))
        if self.kind == "pairs":
            return self.encode(pairs.cut_pairs(self.text, nodes, edits))
        inner: list[Node] = []
        for node in nodes:
            if node.up is None:
                edits.append((node.start, node.stop, _emptied(node, self.kind)))
            elif self.kind == "multipart" and node.up.up is None:
                edits.append((*self.places[node.at], ""))
            else:
                inner.append(node)
        return self.encode(cut(self.text, inner, edits)) + self.tail

    def quoted(self, text: str) -> str:
        """Return how a text is written in this document."""
        if self.kind in ("json", "lines", "events", "settings"):
            import json  # noqa: PLC0415 - only a withheld sentence is written anew

            return json.dumps(text, ensure_ascii=False)
        if self.kind == "xml":
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if self.kind == "form":
            from urllib.parse import quote_plus  # noqa: PLC0415

            return quote_plus(text, safe=",;|:")
        return text


def _emptied(node: Node, kind: str) -> str:
    return "" if kind in ("text", "multipart") else "{}" if node.kind == "object" else "null"


@lru_cache(maxsize=512)
def kind_of(content_type: str) -> str:
    """Return the kind of body that a content type claims, or empty."""
    media = content_type.partition(";")[0].strip().lower()
    if any(word in media for word in _LINES):
        return "lines"
    if media.endswith("json") or "+json" in media:
        return "json"
    if media == "text/event-stream":
        return "events"
    if media.endswith("xml"):
        return "xml"
    if media == "application/x-www-form-urlencoded":
        return "form"
    if media.startswith("multipart/"):
        return "multipart"
    if media.startswith(OPAQUE):
        return "opaque"
    return "text" if media.startswith("text/") else ""


def charset_of(body: bytes, content_type: str) -> str:
    """Return the character set that a body claims: by its type, else by the first line of XML; else empty."""
    found = _CHARSET.search(content_type)
    if found:
        return found[1]
    prolog = _PROLOG.match(body[:200])
    return prolog[1].decode("ascii") if prolog else ""


def read(body: bytes, content_type: str) -> Document | None:
    """Return a body as a document; None for one that has no text to judge.

    What it claims to be is believed only as far as its first bytes agree: JSON sent as text is judged as JSON.
    Raises `Unreadable`.
    """
    kind = kind_of(content_type)
    if kind == "multipart":
        return _multipart(body, content_type)
    if kind in ("", "opaque") and not _looks_like_text(body):
        return None
    if kind == "opaque":
        if body.lstrip()[:1] not in (b"{", b"[") or content_type.startswith(("text/css", "text/javascript")):
            return None
        kind = ""
    if kind == "json" or body.lstrip()[:1] == b"{":
        split = _inference(body)
        if split:
            return split
    text, encode = decoded(body, charset_of(body, content_type))
    if not text.strip():
        return None
    return _read(text, encode, kind)


def _read(text: str, encode: Callable[[str], bytes], kind: str) -> Document | None:
    first = text.lstrip()[:1]
    if kind == "events" or (kind in ("", "text") and text.startswith(("data:", "event:", ":"))):
        roots, names = _events(text)
        return Document("events", text, roots, encode, names=names)
    if kind == "lines":
        return Document("lines", text, _lines(text), encode)
    if kind == "json":
        return _json_or_lines(text, encode)
    if kind == "xml" or (kind in ("", "text") and first == "<"):
        if kind != "xml" and not text.lstrip().startswith("<?xml"):
            return Document("text", text, (Node(STRING, 0, len(text), text),), encode)
        return Document("xml", text, (xml.parse_xml(text),), encode)
    if kind == "form":
        if first in ("{", "["):
            return _json_or_lines(text, encode)
        return Document("form", text, (forms.parse_form(text),), encode)
    if first in ("{", "["):
        try:
            return _json_or_lines(text, encode)
        except Unreadable:
            if kind != "text" or _AS_JSON.match(text):
                raise
    device = _device(text, encode)
    if device is not None:
        return device
    records = pairs.pairs(text)
    if records is not None:
        return Document("pairs", text, records[0], encode, names=records[1])
    if tables.table(text) is None and (tree := keyed.settings(text)) is not None:
        return Document("settings", text, (tree,), encode)
    return Document("text", text, (Node(STRING, 0, len(text), text),), encode)


def _device(text: str, encode: Callable[[str], bytes]) -> Document | None:
    """Return a camera's event whose facts are JSON behind its name; None for any other text."""
    found = _DEVICE.match(text)
    if found is None:
        return None
    try:
        root = _within(text, found.end(), len(text))
    except Unreadable:
        return None
    name = found.group().partition("=")[2].partition(";")[0]
    return Document("json", text, (root,), encode, names=(name.strip(),))


def _json_or_lines(text: str, encode: Callable[[str], bytes]) -> Document:
    try:
        return Document("json", text, (parse_json(text),), encode)
    except Unreadable as error:
        # JSON Lines under the name of JSON is common; anything else is malformed
        if "follows the JSON document" not in error.detail or "\n" not in text:
            raise
        return Document("lines", text, _lines(text), encode)


def _lines(text: str) -> tuple[Node, ...]:
    """Return the tree of each line that is not empty."""
    roots: list[Node] = []
    at = 0
    for line in text.splitlines(keepends=True) if "\r" not in text else re.findall(r"[^\n]*\n|[^\n]+", text):
        body = line.lstrip("\x1e")
        if body.strip():
            start = at + len(line) - len(body)
            roots.append(_within(text, start, at + len(line)))
        at += len(line)
    return tuple(roots)


def _within(text: str, start: int, stop: int) -> Node:
    """Return the tree of a document that fills a stretch of a text, its places those of the text."""
    node = parse_json(text, start, whole=False)
    if text[node.stop : stop].strip():
        raise Unreadable(f"something follows the JSON document at character {node.stop}")
    return node


def _events(text: str) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """Return the tree of each event's data that is JSON, and what the event is called.

    Data over several lines is `Unreadable`, for now.
    """
    roots: list[Node] = []
    names: list[str] = []
    before = 0
    for found in _DATA.finditer(text):
        stop = text.find("\n", found.end())
        stop = len(text) if stop < 0 else stop
        data = text[found.end() : stop].strip()
        called = _EVENT.search(text, before, found.start())
        before = stop
        if not data or data == "[DONE]":
            continue
        names.append(called[1].strip() if called else "")
        if data[:1] in ("{", "["):
            roots.append(_within(text, found.end(), stop))
        else:
            roots.append(Node(STRING, found.end(), stop, text[found.end() : stop].rstrip("\r")))
    return tuple(roots), tuple(names) if any(names) else ()


def _multipart(body: bytes, content_type: str) -> Document:
    # pictures among the fields are no text: what is not UTF-8 comes back byte for byte
    text = body.decode("utf-8", "surrogateescape")
    found = _BOUNDARY.search(content_type)
    boundary = (found[1] or found[2]) if found else ""
    root, places = forms.parse_multipart(text, boundary)
    return Document("multipart", text, (root,), lambda new: new.encode("utf-8", "surrogateescape"), tuple(places))


def _inference(body: bytes) -> Document | None:
    """Return a request or answer of the Open Inference Protocol whose tensors follow in binary, else None."""
    if b'"binary_data_size"' not in body:
        return None
    text = body.decode("utf-8", "surrogateescape")
    root = parse_json(text, 0, whole=False)
    head = text[: root.stop]
    size = len(head.encode("utf-8", "surrogateescape"))
    if size == len(body):
        return None
    return Document("json", head, (root,), lambda new: new.encode("utf-8", "surrogateescape"), (), body[size:])


def _looks_like_text(body: bytes) -> bool:
    """Say whether a body without a telling type begins as a text does."""
    head = body[:512]
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    stripped = head.lstrip()
    if stripped[:1] in (b"{", b"[", b"<") or stripped.startswith((b"data:", b"event:")):
        return True
    if b"\0" in head:
        return head.replace(b"\0", b"").lstrip()[:1] in (b"{", b"[")
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return True
