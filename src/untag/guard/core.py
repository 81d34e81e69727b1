"""The three questions that the guard answers. Pure: bytes in, a `Verdict` out; no I/O, no framework.

A body without a candidate is let pass as it came, unparsed, whatever it is: bytes in which no term of the lexicon
stands, nor anything that may stand for one (`untag.guard.sift.veiled`), name no attribute to any reader. All else is
parsed, and what cannot be judged is refused with a reason of kind ``unreadable``, unless the owner chose
``fail = "open"``.

`settled` and `asked` answer at once where they can: a service asks them first, and does what takes longer elsewhere.
All functions may be called from several threads.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard import answers, asks, payload, questions, sift
from untag.guard.base import ALLOW, Reason, Settings, Verdict
from untag.guard.encodings import coding_of, is_wide, pack, unpack
from untag.guard.policy import APPEAL, acts, clause
from untag.guard.quick import Plans
from untag.guard.splice import Unreadable, release
from untag.guard.words import path_tags
from untag.model import ATTRIBUTES
from untag.nouns import replace

if TYPE_CHECKING:
    from datetime import date

    from untag.guard.base import Exemption
    from untag.guard.payload import Document
    from untag.guard.quick import Key

__all__ = ["asked", "check_prompt", "check_request", "clean_response", "settled"]
DEFAULTS: Final = Settings()
UNREADABLE: Final = "unreadable"
"""The kind of the one reason with which a body is refused because it cannot be judged."""
_PACKED: Final = (b"\x1f", b"\x28")
"""First bytes of gzip and of zstd, which pack a body also where no header says so."""

PLANS: Final = Plans()


def check_prompt(text: str, *, images: bool, settings: Settings | None = None) -> Verdict:
    """Judge a prompt: whether it asks for the group of somebody in a picture, or to find people by it.

    ``images`` says whether pictures come with it.
    """
    from untag.guard.prompt import check_prompt as judge  # noqa: PLC0415 - its lexicon loads with the first prompt

    sift.ready()
    return judge(text, images=images, settings=settings)


def clean_response(
    body: bytes,
    content_type: str = "",
    *,
    settings: Settings | None = None,
    path: str = "",
    request: bytes | bool | None = None,
    encoding: str = "",
    today: date | None = None,
) -> Verdict:
    """Judge a response and take out of it what attributes a group to a pictured person.

    ``path`` is that of the request; ``request`` is its body, or whether a picture came with it; ``encoding`` is the
    response's Content-Encoding. ``today`` decides which exemptions are over (default: this machine's date).
    Returns `ALLOW` for a clean body; ``strip`` with the new body, packed as the old one was; or a refusal with a
    reason of kind ``unreadable``.
    """
    settings = settings or DEFAULTS
    document: Document | None = None
    try:
        codings = coding_of(body, encoding) if encoding or body[:1] in _PACKED else []
        plain = unpack(body, codings, settings.body_cap) if codings else body
        if len(plain) > settings.body_cap:
            return _over(len(plain), settings)
        key = _key(settings, path, request) if not codings else None
        known = _at_once(plain, content_type, key)
        if known is not None:
            return known
        pardon = _pardoned(settings, path, today)
        if pardon and not pardon[1]:
            return pardon[0]
        document = payload.read(plain, content_type)
        if document is None:
            return ALLOW
        wanted = acted(settings) - (pardon[1] if pardon else frozenset())
        # where the bytes show none, it is veiled: every name is looked at
        hits = (sift.candidates(plain) or None) if not is_wide(plain) else None
        if hits is not None and (len(document.text) != len(plain) or sift.has_disguise(plain)):
            hits = None
        cleaned = answers.clean(document, path, images=_shown(request), hits=hits, acts=wanted)
        if cleaned is None:
            return pardon[0] if pardon else ALLOW
        verdict = answers.verdict(cleaned, clause(settings, cleaned.attribute, "infers"))
        if key is not None:
            PLANS.learn(plain, key, cleaned, verdict)
    except Unreadable as error:
        return unreadable(error.detail, settings)
    finally:
        _release(document)
    if codings and verdict.body is not None:
        verdict = replace(verdict, body=pack(verdict.body, codings))
    return verdict


def settled(
    body: bytes,
    content_type: str = "",
    *,
    settings: Settings | None = None,
    path: str = "",
    request: bytes | bool | None = None,
    encoding: str = "",
) -> Verdict | None:
    """Return what `clean_response` would, for a body that is judged in microseconds; None for any other.

    Such are clean bodies, and those of a shape that was judged before. Raises nothing but what a bug raises.
    """
    settings = settings or DEFAULTS
    if encoding or body[:1] in _PACKED or len(body) > settings.body_cap:
        return None
    hits = None
    if not PLANS.dirty or not PLANS.tries(path_tags(path)):
        # no plan is tried before the search: what a clean body needs is no more than that
        if is_wide(body):
            return None
        hits = sift.candidates(body)
        if not hits:
            return None if sift.veiled(body, sift.told(content_type)) else ALLOW
    return _at_once(body, content_type, _key(settings, path, request) if PLANS.plans else None, hits)


def _at_once(body: bytes, content_type: str, key: Key | None, hits: list[int] | None = None) -> Verdict | None:
    if is_wide(body):
        return None
    told = sift.told(content_type)
    planned = key if key in PLANS.plans and not told.charset else None
    first = planned in PLANS.dirty
    if first and planned and (followed := PLANS.follow(body, planned)) is not None:
        return followed
    if hits is None:
        hits = sift.candidates(body)
    if not hits:
        if planned:
            PLANS.dirty.discard(planned)
        return None if sift.veiled(body, told) else ALLOW
    if planned and not first and (followed := PLANS.follow(body, planned)) is not None:
        PLANS.dirty.add(planned)
        return followed
    return ALLOW if sift.unveiled(body, told) else None


def _key(settings: Settings, path: str, request: bytes | bool | None) -> Key | None:
    """Return under what a judgement is remembered; None where it depends on more than that."""
    if settings.exemptions or settings.overrides:
        return None
    return path_tags(path), settings.policy, _shown(request)


def _request_key(settings: Settings, body: bytes, content_type: str, path: str) -> Key | None:
    """Return under what the judgement of a request that reports something is remembered; None: it is not."""
    told = sift.told(content_type)
    if settings.parameters != "strip" or body[:1] not in (b"{", b"[") or told.charset or told.kind not in ("json", ""):
        return None
    key = _key(settings, path, sift.pictures(body))
    if key is None or "names an attribute" in key[0] or path.rstrip("/").endswith("/analyze"):
        # such a path has a say of its own
        return None
    return key[0], f"request {key[1]}", key[2]


def _shown(request: bytes | bool | None) -> bool:
    """Say whether a picture came with the request."""
    return request if isinstance(request, bool) else bool(request) and sift.pictures(request or b"")


def check_request(
    body: bytes | str,
    content_type: str = "",
    path: str = "",
    query: str = "",
    *,
    settings: Settings | None = None,
    encoding: str = "",
    today: date | None = None,
) -> Verdict:
    """Judge a request: whether its purpose is a group, or it asks for an attribute among other things.

    The first is refused; of the second the attribute is taken out, or it is refused too
    (``parameters = "refuse"``). ``path`` may carry the query behind a question mark.
    """
    settings = settings or DEFAULTS
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    if "?" in path:
        path, _, inner = path.partition("?")
        query = f"{inner}&{query}" if query else inner
    document: Document | None = None
    try:
        codings = coding_of(body, encoding) if encoding or body[:1] in _PACKED else []
        plain = unpack(body, codings, settings.body_cap) if codings else body
        if len(plain) > settings.body_cap:
            return _over(len(plain), settings)
        key = None if codings or query else _request_key(settings, plain, content_type, path)
        if key in PLANS.plans and (followed := PLANS.follow(plain, key)) is not None:
            return followed
        if not _worth(plain, content_type, path, query):
            return ALLOW
        pardon = _pardoned(settings, path, today)
        if pardon and not pardon[1]:
            return pardon[0]
        document = payload.read(plain, content_type) if plain else None
        wanted = acted(settings) - (pardon[1] if pardon else frozenset())
        pictures = sift.pictures(plain)
        asked = asks.Ask(document, path, query, images=pictures, settings=settings, acts=wanted)
        verdict = asked.judge(check_prompt)
        if key is not None and asked.cleaned is not None and verdict.verdict == "strip":
            PLANS.learn(plain, key, asked.cleaned, verdict, request=True)
    except Unreadable as error:
        return unreadable(error.detail, settings)
    finally:
        _release(document)
    if codings and verdict.body is not None:
        verdict = replace(verdict, body=pack(verdict.body, codings))
    if verdict is ALLOW and pardon:
        return pardon[0]
    return verdict


def asked(
    body: bytes,
    content_type: str = "",
    path: str = "",
    query: str = "",
    *,
    settings: Settings | None = None,
    encoding: str = "",
) -> Verdict | None:
    """Return what `check_request` would, for a request that holds nothing that could matter; None for any other."""
    settings = settings or DEFAULTS
    if encoding or body[:1] in _PACKED or len(body) > settings.body_cap:
        return None
    if "?" in path:
        path, _, inner = path.partition("?")
        query = f"{inner}&{query}" if query else inner
    return None if _worth(body, content_type, path, query) else ALLOW


def _worth(body: bytes, content_type: str, path: str, query: str) -> bool:
    """Say whether a request must be parsed."""
    return questions.worth(body, path, query) or (bool(body) and sift.veiled(body, sift.told(content_type)))


def _release(document: Document | None) -> None:
    for root in document.roots if document is not None else ():
        release(root)


def unreadable(detail: str, settings: Settings) -> Verdict:
    """Return what becomes of a body that cannot be judged: refused, or let pass where the owner chose so."""
    reason = Reason(UNREADABLE, detail)
    if settings.fail == "open":
        return Verdict("allow", because=(reason,))
    why = "what cannot be judged is not let pass (fail = closed)"
    return Verdict("refuse", because=(reason,), clause=f"{why}. {settings.appeal or APPEAL}")


def _over(size: int, settings: Settings) -> Verdict:
    detail = f"the body has {size:,} bytes; at most {settings.body_cap:,} are judged"
    if settings.over_cap == "pass":
        return Verdict("allow", because=(Reason(UNREADABLE, detail),))
    return unreadable(detail, settings)


@lru_cache(maxsize=16)
def _acting(policy: str) -> frozenset[str]:
    settings = Settings(policy=policy)
    return frozenset(name for name in ATTRIBUTES if acts(settings, name, "infers"))


def acted(settings: Settings) -> frozenset[str]:
    """Return the attributes that the policy does more than inform of."""
    return _acting(settings.policy)


def exempted(settings: Settings, path: str, today: date | None = None) -> Verdict | None:
    """Return the verdict of a route that is off or exempt for all attributes, else None."""
    pardon = _pardoned(settings, path, today)
    return pardon[0] if pardon and not pardon[1] else None


def _pardoned(settings: Settings, path: str, today: date | None) -> tuple[Verdict, frozenset[str]] | None:
    """Return the verdict of a route that is off or declared exempt, and the attributes it covers; empty: all."""
    # a path with anything odd in it may lead elsewhere: it is judged
    if any(mark in path for mark in ("..", "//", "%", "\\", ";")):
        return None
    for pattern, state in (settings.overrides or {}).items():
        if state == "off" and fnmatchcase(path, pattern):
            return Verdict(
                "allow", because=(Reason("override", "this route is switched off by the owner"),)
            ), frozenset()
    if not settings.exemptions:
        return None
    if today is None:
        from datetime import date as clock  # noqa: PLC0415 - only an exemption needs the day

        today = clock.today()  # noqa: DTZ011 - an exemption ends by the calendar of its owner
    for one in settings.exemptions:
        if today <= one.expires and any(fnmatchcase(path, pattern) for pattern in one.routes):
            return _exempt(one), frozenset(one.attributes)
    return None


def _exempt(one: Exemption) -> Verdict:
    words = f"exemption {one.id}: {one.purpose} (owner {one.owner}, until {one.expires.isoformat()})"
    return Verdict("allow", because=(Reason("exemption", words),), clause=words, exemption=one.id)
