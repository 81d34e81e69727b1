"""Streams, judged as they pass: server-sent events and JSON Lines, with texts that come word by word.

    cleaner = StreamCleaner("text/event-stream", path="/v1/chat/completions", request=True)
    for piece in upstream:
        send(cleaner.feed(piece))
    send(cleaner.close())

An event that is whole in itself is judged by itself. Words of one text that come in many events are held only while
they may become an attribution: four words behind the newest, and from a group's name to the end of its sentence.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from untag.guard import chat, core, sift
from untag.guard.base import ALLOW, Reason, Removed, Settings, Verdict
from untag.guard.payload import kind_of
from untag.guard.policy import clause
from untag.guard.splice import Unreadable, parse_json
from untag.guard.words import path_tags
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.guard.splice import Node

BEHIND: Final = 4
"""Words that are held behind the newest: ``Black`` alone is a colour, ``Black woman`` is not."""
EVENT: Final = 4 << 20
"""Bytes of one event or line; models send a few hundred."""
HELD: Final = 4_096
"""Characters of one sentence that are held at most."""
_LISTED: Final = 64
_EVENT = re.compile(rb"\n\n|\r\n\r\n|\r\r")
_LINE = re.compile(rb"\n")


@dataclass(slots=True)
class Piece:
    """One event or line as it came, and the words of a text in it."""

    raw: bytes
    start: int = 0
    stop: int = 0
    """Where the value of the text stands in ``line``."""
    line: str = ""
    text: str = ""
    before: str = ""
    """What of ``raw`` stands before ``line``."""
    after: str = ""

    def rewritten(self, text: str) -> bytes:
        """Return the piece with another text; with the same one it is as it came."""
        if text == self.text:
            return self.raw
        value = json.dumps(text, ensure_ascii=False)
        return (self.before + self.line[: self.start] + value + self.line[self.stop :] + self.after).encode()


class StreamCleaner:
    """Cleans one stream. ``feed`` and ``close`` raise `untag.guard.splice.Unreadable` for what cannot be judged."""

    def __init__(
        self,
        content_type: str,
        *,
        settings: Settings | None = None,
        path: str = "",
        request: bytes | bool | None = None,
    ) -> None:
        self._settings = settings or core.DEFAULTS
        self._type = content_type
        self._path = path
        self._kind = kind_of(content_type)
        self._images = request if isinstance(request, bool) else bool(request) and sift.pictures(request or b"")
        self._sure = self._images or bool(path_tags(path) & {"pictured", "vision"})
        self._rest = bytearray()
        self._looked = 0
        """Bytes of it in which no event ends."""
        self._held: dict[str, list[Piece]] = {}
        self._said: dict[str, str] = {}
        """By text: the part of its sentence that went out already."""
        self._cue = False
        self._removed: list[Removed] = []
        self._because: list[Reason] = []
        self._attribute = ""
        self._pass = core.exempted(self._settings, path)

    @property
    def verdict(self) -> Verdict:
        """What came of the stream so far."""
        if not self._removed:
            return self._pass or ALLOW
        why = tuple(dict.fromkeys(self._because))
        text = clause(self._settings, self._attribute, "infers")
        return Verdict("strip", "infers", self._attribute, why, text, tuple(self._removed))

    def feed(self, piece: bytes) -> bytes:
        """Take what came, return what may go on."""
        if self._pass is not None or self._kind == "opaque":
            return piece
        self._rest += piece
        if self._kind not in ("events", "lines"):
            if len(self._rest) > self._settings.body_cap:
                return self._unjudged("the body is larger than what is judged")
            return b""
        out = [done for raw in self._split() for done in self._one(raw)]
        if len(self._rest) > EVENT:
            return b"".join(out) + self._unjudged(f"one event has more than {EVENT:,} bytes")
        return b"".join(out)

    def close(self) -> bytes:
        """Take the end, return what was held."""
        rest, self._rest = bytes(self._rest), bytearray()
        out: list[bytes] = []
        if rest and self._kind in ("events", "lines"):
            out += self._one(rest)
        elif rest:
            out.append(self._whole(rest, self._type))
        for name in list(self._held):
            out += self._settle(name, last=True)
        return b"".join(out)

    finish = close

    # -- pieces -------------------------------------------------------------------------------------

    def _split(self) -> Iterator[bytes]:
        """Yield each event, or line, that is complete, with what ends it."""
        ends = _LINE if self._kind == "lines" else _EVENT
        at, self._looked = 0, min(self._looked, len(self._rest))
        # what was looked through before has no end in it, but for the beginning of one
        while found := ends.search(self._rest, max(at, self._looked)):
            begun, at = at, found.end()
            yield bytes(self._rest[begun:at])
        del self._rest[:at]
        self._looked = max(0, len(self._rest) - 3)

    def _one(self, raw: bytes) -> Iterator[bytes]:
        """Yield what may go out now that one more piece is there; the order of the pieces stays."""
        piece = self._read(raw)
        if piece is None:
            # an end or another matter: what was held goes first
            for name in list(self._held):
                yield from self._settle(name, last=True)
            yield self._event(raw)
            return
        name = piece.before if not piece.line else _name(piece)
        self._held.setdefault(name, []).append(piece)
        yield from self._settle(name, last=False)

    def _event(self, raw: bytes) -> bytes:
        if not raw.strip():
            return raw
        if self._kind == "lines":
            return self._whole(raw, "application/json" if raw.lstrip()[:1] in b"{[" else "text/plain")
        data = [line[5:].lstrip() for line in raw.splitlines() if line.startswith(b"data:")]
        if len(data) < 2:  # noqa: PLR2004 - the common case
            return self._whole(raw, "text/event-stream")
        joined = b"\n".join(data)
        new = self._whole(joined, "application/json" if joined[:1] in b"{[" else "text/plain")
        if new == joined:
            return raw
        others = [line for line in raw.splitlines() if line and not line.startswith(b"data:")]
        return b"\n".join([*others, *(b"data: " + line for line in new.splitlines())]) + b"\n\n"

    def _whole(self, body: bytes, content_type: str) -> bytes:
        """Judge a piece that is whole in itself."""
        verdict = core.clean_response(
            body, content_type, settings=self._settings, path=self._path, request=self._images
        )
        if verdict.verdict == "refuse":
            raise Unreadable(verdict.because[0].text if verdict.because else "it cannot be judged")
        if verdict.verdict == "strip" and verdict.body is not None:
            self._note(verdict.attribute, verdict.removed, verdict.because)
            return verdict.body
        return body

    def _read(self, raw: bytes) -> Piece | None:
        """Return a piece that carries some words of a longer text, else None."""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
        if self._kind == "events":
            lines = [line for line in text.split("\n") if line.startswith("data:")]
            if len(lines) != 1:
                return None
            line = lines[0][5:]
            at = text.index(lines[0]) + 5
        else:
            line, at = text, 0
        if line.strip()[:1] != "{":
            return None
        try:
            root = parse_json(line, whole=False)
        except Unreadable:
            return None
        node = _delta(root)
        if node is None:
            return None
        return Piece(raw, node.start, node.stop, line, node.text, text[:at], text[at + len(line) :])

    # -- words --------------------------------------------------------------------------------------

    def _settle(self, name: str, *, last: bool) -> Iterator[bytes]:
        """Yield the pieces of one text that can no longer become part of an attribution."""
        held = self._held[name]
        text = "".join(piece.text for piece in held)
        out = self._said.get(name, "")
        whole = out + text
        self._cue = self._cue or self._sure or chat.pictured(whole)
        ends = [stop for _, stop in chat.sentences(whole)]
        # the last sentence may go on; the others are complete
        done = ends if last else ends[:-1]
        if done:
            new = self._judged(name, out, whole[: done[-1]])
            size = len(text) - len(whole) + done[-1]
            yield from self._release(name, new, size, changed=new != text[: max(0, size)])
            held = self._held.get(name, [])
            self._said[name] = out = ""
            text = whole = "".join(piece.text for piece in held)
        if last:
            self._held.pop(name, None)
            self._said.pop(name, None)
            return
        if not held or (self._cue and sift.candidates(whole.encode()) and len(whole) < HELD):
            return
        words = list(chat.WORD.finditer(text))
        if len(words) <= BEHIND and not (text and not words):
            return
        free = words[-BEHIND].start() if len(words) > BEHIND else 0
        size = 0
        while held and size + len(held[0].text) <= free:
            piece = held.pop(0)
            size += len(piece.text)
            yield piece.raw
        self._said[name] = out + text[:size]

    def _judged(self, name: str, out: str, whole: str) -> str:
        """Return what of complete sentences goes out, of which ``out`` is out already."""
        kept: list[str] = []
        for start, stop in chat.sentences(whole):
            sentence = whole[start:stop]
            said = chat.attributed(sentence.strip()[:2_000]) if self._cue else ""
            fresh = sentence[max(0, len(out) - start) :] if start < len(out) else sentence
            if said and said in core.acted(self._settings):
                body = fresh.rstrip()
                blank = fresh[: len(fresh) - len(fresh.lstrip())]
                kept.append(blank + chat.WITHHELD + fresh[len(body) :])
                reason = Reason("text", "a sentence states a group of somebody in a picture", 4.0)
                self._note(said, (Removed(name or "/", said, "sentence"),), (reason,))
            else:
                kept.append(fresh)
        return "".join(kept)

    def _release(self, name: str, new: str, size: int, *, changed: bool) -> Iterator[bytes]:
        """Yield the pieces that make up ``size`` characters, so that together they say ``new``."""
        held = self._held[name]
        pieces: list[Piece] = []
        count = 0
        while held and count < size:
            piece = held[0]
            if count + len(piece.text) > size:
                break
            pieces.append(held.pop(0))
            count += len(piece.text)
        if not changed:
            # what reaches into the next sentence waits for it
            yield from (piece.raw for piece in pieces)
            return
        rest = size - count
        if rest and held:
            # a piece reaches into the next sentence: its first part is said by itself, in its own event
            head = held[0]
            cut = Piece(b"", head.start, head.stop, head.line, "\0", head.before, head.after)
            held[0] = Piece(b"", head.start, head.stop, head.line, head.text[rest:], head.before, head.after)
            held[0].raw = Piece(b"", head.start, head.stop, head.line, "\0", head.before, head.after).rewritten(
                held[0].text
            )
            pieces.append(cut)
        if not pieces:
            return
        yield pieces[0].rewritten(new)
        yield from (piece.rewritten("") for piece in pieces[1:])

    def _note(self, attribute: str, removed: tuple[Removed, ...], because: tuple[Reason, ...]) -> None:
        self._attribute = self._attribute or attribute
        if len(self._removed) < _LISTED:
            self._removed += removed
            self._because += because

    def _unjudged(self, detail: str) -> bytes:
        if self._settings.fail == "open" or self._settings.over_cap == "pass":
            self._because.append(Reason(core.UNREADABLE, detail))
            out, self._rest = bytes(self._rest), bytearray()
            self._pass = Verdict("allow", because=tuple(self._because))
            return out
        raise Unreadable(detail, "limit")


def _name(piece: Piece) -> str:
    """Return which of several texts in a stream a piece belongs to."""
    root = parse_json(piece.line, whole=False)
    choices = root.get("choices")
    first = choices.kids[0] if choices is not None and choices.kids else root
    index: Any = first.get("index", "output_index", "content_index")
    node = _delta(root)
    return f"{index.text if index is not None else ''}{node.route() if node is not None else ''}"


def _delta(root: Node) -> Node | None:
    """Return the string of a streamed answer that holds its next words, else None."""
    choices = root.get("choices")
    if choices is not None:
        if len(choices.kids) != 1:
            return None
        choice = choices.kids[0]
        delta = choice.get("delta")
        if delta is not None:
            found = delta.get("content") or delta.get("reasoning_content") or delta.get("reasoning")
        else:
            found = choice.get("text")
        return found if found is not None and found.kind == "string" and found.text else None
    delta = root.get("delta")
    if delta is not None:
        found = delta if delta.kind == "string" else delta.get("text") or delta.get("thinking")
        return found if found is not None and found.kind == "string" and found.text else None
    if root.get("done") is not None:
        message = root.get("message")
        found = message.get("content") if message is not None else root.get("response")
        return found if found is not None and found.kind == "string" and found.text else None
    token = root.get("token")
    found = token.get("text") if token is not None else None
    return found if found is not None and found.kind == "string" and found.text else None
