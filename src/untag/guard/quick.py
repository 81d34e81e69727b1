"""What was judged once need not be judged again: the short way for bodies like one that was judged before.

A service answers with the same shape all day. When the full judgement of a body took out certain fields, and all
of them, a `Plan` remembers how they were written, what their values looked like, and which words of another topic
stood in the body. It is followed for a body of such a route only if nothing else in it could have changed the
judgement: it is valid JSON in ASCII, it has no other word of another topic, and without the fields no candidate is
left. In every other case the full judgement decides, and the plan is no more than a guess that was not needed.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final

from untag.guard import sift
from untag.guard.base import Reason, Removed, Verdict
from untag.guard.encodings import is_json
from untag.guard.kinds import kind
from untag.guard.words import LOWERING, SENSES, digest, sections
from untag.interpret import naming
from untag.match import built
from untag.nouns import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.answers import Cleaned
    from untag.guard.splice import Node

Key = tuple[frozenset[str], str, bool]
"""All that the judgement takes from a route (its tags), the policy, and whether a picture came with the request."""
PLANS: Final = 256
"""Routes for which a plan is kept; the oldest gives way."""
VALUES: Final = 64
"""Different texts that a field of a plan may have."""
BESIDE: Final = len(sift.BESIDE)
"""Numbers below this are those of group names beside a word for people, which the prefilter looks for, too."""
TRIES: Final = 3
"""Plans that are tried for a route, before its other bodies are left to the full judgement."""
KEYS: Final = 16
"""Names of fields that a plan cuts; answers with more have no shape that comes again."""
ROUTES: Final = 1 << 20
"""Characters of the routes of which a plan is made."""
TOLD: Final = 4_096
"""Counts of which the reasons are kept."""
REQUEST: Final = 65_536
"""Bytes of a request of which a plan is made, or for which it is followed."""
_TEXTS = re.compile(rb'"([^"]*)"')
_COUNTED = re.compile(rb"[0-9a-f]*[0-9][0-9a-f]*", re.IGNORECASE)
"""Numbers in a text, as those of frames, faces and times: also such as are written with letters."""
SHORT: Final = 5
"""Letters of a word that counts only with its edges."""
_NUMBERED: Final = re.compile(r"/[0-9]+(?=/|$)")
_NUMBER: Final = rb"-?[0-9][0-9.eE+\-]*"
_FLAT: Final = rb"[\[{][^\[\]{}\\\"]*(?:\"[A-Za-z_ ]{1,40}\"[^\[\]{}\\\"]*)*[\]}]"
"""A list of numbers, or a map from names to them, without anything inside it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the fields of one route's answers are cut out."""

    cuts: tuple[tuple[re.Pattern[bytes], bytes, bool], ...]
    """What matches a field with its comma, and its key in quotation marks: none may be left. True: a key that is left
    is a candidate by itself, and need not be looked for."""
    needs: tuple[bytes, ...]
    """Keys, in quotation marks, that spoke for a picture: without them the case is another one."""
    topics: frozenset[int]
    """Words of other topics that stood in the body that was judged."""
    verdict: Verdict
    """The verdict of then, without its body, its routes with ``*`` for positions."""
    said: frozenset[bytes] | None = None
    """Of a request: all names and texts of the body that was judged, numbers in them levelled. None: of a response."""
    told: dict[int, tuple[Reason, ...]] = field(default_factory=dict)
    """The reasons by how often something was taken out."""


class Plans:
    """The plans of this process."""

    def __init__(self) -> None:
        self.plans: dict[Key, tuple[Plan, ...]] = {}
        self.dirty: set[Key] = set()
        """Routes whose last answer followed a plan: the next is tried so before it is searched."""
        self._tried: dict[Key, int] = {}

    def clear(self) -> None:
        """Forget them all: after a change of the policy's own files."""
        self.plans.clear()
        self.dirty.clear()
        self._tried.clear()

    def tries(self, tags: frozenset[str]) -> bool:
        """Say whether a plan is tried for routes with these tags before the body is searched."""
        return any(key[0] == tags for key in self.dirty)

    def follow(self, body: bytes, key: Key) -> Verdict | None:
        """Return the verdict for a body that is like one judged before; None: judge it."""
        plans = self.plans.get(key)
        if plans is None or not body.isascii():
            return None
        for plan in plans:
            verdict = _followed(plan, body)
            if verdict is not None:
                return verdict
        return None

    def learn(self, body: bytes, key: Key, cleaned: Cleaned, verdict: Verdict, *, request: bool = False) -> None:
        """Keep a plan of a judgement, where one is possible.

        What a request seeks may stand in any of its words. Its plan is followed for the same words alone.
        """
        if request and (len(body) > REQUEST or b"\\" in body):
            return
        if not body.isascii() or cleaned.document.kind != "json" or cleaned.changes:
            return
        if len(self._tried) >= PLANS * TRIES:
            self._tried.clear()
        self._tried[key] = self._tried.get(key, 0) + 1
        if self._tried[key] > TRIES:
            return
        if cleaned.document.tail or any(r.kind.startswith("lowers") for r in verdict.because):
            return
        plan = _planned(cleaned, verdict)
        if plan is None:
            return
        if request:
            plan = replace(plan, said=_said(body))
        again = _followed(plan, body)
        if again is None or again.body != verdict.body:
            return
        if key not in self.plans and len(self.plans) >= PLANS:
            oldest = next(iter(self.plans))
            self.plans.pop(oldest, None)
            self.dirty.discard(oldest)
        self.plans[key] = (*self.plans.get(key, ()), plan)


def _said(body: bytes) -> frozenset[bytes]:
    """Return the names and texts of a body, with what tells one observation from the next taken out of them."""
    return frozenset(_COUNTED.sub(b"0", text) for text in set(_TEXTS.findall(body)))


def _followed(plan: Plan, body: bytes) -> Verdict | None:
    """Return the verdict of a plan for a body; None where anything in it could have changed the judgement."""
    if plan.said is not None and (b"\\" in body or len(body) > REQUEST or not _said(body) <= plan.said):
        return None
    new = body
    count = 0
    for pattern, name, sure in plan.cuts:
        if name not in new:
            return None
        new, done = pattern.subn(b"", new)
        count += done
        if not sure and name in new:
            return None
    if not all(need in new for need in plan.needs):
        return None
    if sift.anchors(new) or not _topics(new) <= plan.topics or not is_json(body):
        return None
    told = plan.verdict
    why = plan.told.get(count)
    if why is None:
        note = Reason("note", f"{count} times, as judged before on this route")
        why = plan.told[min(count, TOLD)] = (*told.because, note)
    return Verdict("strip", told.operation, told.attribute, why, told.clause, told.removed, new, None, "", ())


def _planned(cleaned: Cleaned, verdict: Verdict) -> Plan | None:
    by_key: dict[str, list[Node]] = {}
    text = cleaned.document.text
    for found in cleaned.found:
        for node in found.nodes:
            if found.what != "field" or node.up is None or not node.up.keys:
                return None
            by_key.setdefault(node.key, []).append(node)
    cuts: list[tuple[re.Pattern[bytes], bytes, bool]] = []
    if len(by_key) > KEYS or sum(len(r.route) for r in verdict.removed) > ROUTES:
        return None
    for name, nodes in by_key.items():
        cut = _cut(text, name, nodes)
        if cut is None:
            return None
        pattern, mark = cut
        cuts.append((pattern, mark, bool(sift.anchors(mark))))
    needs: set[bytes] = set()
    for root in cleaned.document.roots:
        needs |= {f'"{key}"'.encode() for key in _pictured(root) if key not in by_key}
    body = verdict.body or b""
    removed = tuple(dict.fromkeys(Removed(_pattern(r.route), r.attribute, r.what) for r in verdict.removed))
    told = replace(verdict, body=None, removed=removed)
    topics = _topics(body)
    if any(number < BESIDE for number in topics):
        return None
    return Plan(tuple(cuts), tuple(sorted(needs)), topics, told)


def _cut(text: str, name: str, nodes: list[Node]) -> tuple[re.Pattern[bytes], bytes] | None:
    """Return the pattern of a field as all of ``nodes`` write it, comma included."""
    values: set[bytes] = set()
    before: set[str] = set()
    after: set[str] = set()
    colons: set[str] = set()
    for node in nodes:
        up = node.up
        if up is None:
            return None
        _, start, stop = up.keys[node.at]
        if text[start:stop] != f'"{name}"':
            return None
        colons.add(text[stop : node.start])
        before.add(text[up.kids[node.at - 1].stop : start] if node.at else "{")
        after.add(text[node.stop : up.keys[node.at + 1][1]] if node.at + 1 < len(up.keys) else "}")
        raw = text[node.start : node.stop].encode()
        values.add(_NUMBER if node.kind == "number" else _FLAT if raw[:1] in b"{[" else re.escape(raw))
        if raw[:1] in b"{[" and not re.fullmatch(_FLAT, raw):
            return None
    if len(colons) != 1 or len(values) > VALUES:
        return None
    core = f'"{name}"{colons.pop()}'.encode()
    value = b"(?:" + b"|".join(sorted(values)) + b")"
    mark = f'"{name}"'.encode()
    if len(before) == 1 and "{" not in before:
        edge = b"" if _NUMBER not in values else rb"(?=[,}\s])"
        return re.compile(re.escape(before.pop().encode() + core) + value + edge), mark
    if len(after) == 1 and "}" not in after:
        return re.compile(re.escape(core) + value + re.escape(after.pop().encode())), mark
    return None


def _pictured(root: Node) -> set[str]:
    """Return the keys that speak of a picture, anywhere in a document."""
    keys: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node.keys:
            keys |= kind(node.names).shown
        stack += [kid for kid in node.kids if kid.kids]
    return keys


def _pattern(route: str) -> str:
    return _NUMBERED.sub("/*", route)


def _expressions() -> list[bytes]:
    """Return what group names beside people and words of other topics look like; a walk over all terms."""
    words = {word for tag in LOWERING for word in sections()[0].get(tag, ()) if word.isascii()}
    terms = naming.lens().lexicon.terms
    senses = {sense for sense, tag in SENSES.items() if tag in LOWERING and tag != "colours"}
    for number in range(len(terms)):
        term = terms[number]
        if term.kind == "context" and term.sense in senses and term.text.isascii():
            words.add(term.text.lower())
    spelled = sorted({re.escape(word).replace("\\ ", "[ _-]?").replace("_", "_?") for word in words if len(word) > 1})
    # a short word counts with its edges: it lies inside every other id
    return [*sift.BESIDE, *((rf"\b{word}\b" if len(word) <= SHORT else word).encode() for word in spelled)]


@cache
def _topic_scan() -> Callable[[bytes], list[int]] | None:
    """Return what finds words of other topics in a body, each once; None without hyperscan."""
    try:
        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel
    except ImportError:
        return None
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH
    seed = f"{naming.lens().lexicon.sha256}|{digest()}|{zlib.crc32(b'|'.join(sift.BESIDE)):08x}"
    scan = built.database("guard-topics", seed, _expressions, flags).scan

    def find(body: bytes) -> list[int]:
        out: list[int] = []
        add = out.append
        scan(body, lambda i, _f, _t, _fl, _c: add(i))
        return out

    return find


def _topics(body: bytes) -> frozenset[int]:
    scan = _topic_scan()
    return frozenset(scan(body)) if scan else frozenset((-1,))
