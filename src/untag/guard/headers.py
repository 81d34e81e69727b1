"""Header hygiene: what belongs to one hop, what must be single, and what a changed body makes untrue.

Headers are lists of ``(name, value)`` in bytes, names in lower case, as ASGI has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping, Sequence

    from untag.guard.gate import Outcome

Headers = list[tuple[bytes, bytes]]

HOP: Final = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    )
)
KEPT: Final = frozenset(
    (
        b"host",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"content-disposition",
        b"authorization",
        b"cookie",
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
    )
)
"""Never taken for hop-by-hop, whatever ``Connection`` says: to name one there is a known trick to make it vanish."""
DIGESTS: Final = frozenset(
    (
        b"digest",
        b"content-digest",
        b"repr-digest",
        b"content-md5",
        b"x-goog-hash",
        b"x-amz-checksum-sha256",
        b"x-amz-checksum-crc32",
        b"x-amz-checksum-crc32c",
        b"x-amz-checksum-sha1",
        b"x-ms-content-crc64",
        b"signature",
        b"signature-input",
    )
)
"""What speaks of the bytes of a body: untrue once they change, and nobody but the origin can make it anew."""
FRAMING: Final = frozenset((b"content-length", b"transfer-encoding", b"content-type", b"content-encoding", b"host"))
_TELLING: Final = FRAMING | {b"range", b"if-range", b"a-im", b"accept-encoding"}
CODINGS: Final = frozenset((b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"identity"))
"""Content codings that the guard can undo."""


def first(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """Return the first value of a header, or nothing."""
    return next((value for found, value in headers if found == name), b"")


def joined(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """Return all values of a list header as one text."""
    return ", ".join(value.decode("latin-1").strip() for found, value in headers if found == name)


class Survey(NamedTuple):
    """What a guard must know of a message's headers, gathered in one pass; a tuple, for it is made twice a request."""

    content_type: str = ""
    encoding: str = ""
    """Content codings in the order in which they were applied, without ``identity``."""
    length: bytes = b""
    fault: str = ""
    """What is ambiguous about the headers of a request, in words."""
    telling: bool = False
    """Whether they ask for a part, or for a coding: see `for_judging`."""
    bare: bool = False
    """Whether they announce no body, have no fault and tell nothing."""


_PLAIN: Final = Survey(bare=True)
"""Of the many requests that announce no body and tell nothing."""


def survey(headers: Iterable[tuple[bytes, bytes]]) -> Survey:
    """Return what stands in the headers of a request or a response."""
    content_type = encoding = fault = ""
    length = b""
    telling = False
    types = hosts = lengths = transfers = 0
    for name, value in headers:
        if name not in _TELLING:
            if b"_" in name and name.replace(b"_", b"-") in FRAMING:
                fault = "a framing header spelt with an underscore"
        elif name == b"content-type":
            types += 1
            if types == 1:
                content_type = value.decode("latin-1")
        elif name == b"content-length":
            lengths += 1
            length = value
            if not value.isdigit():
                fault = "a Content-Length that is no number"
        elif name == b"host":
            hosts += 1
        elif name == b"transfer-encoding":
            transfers += 1
            if value.strip().lower() != b"chunked":
                fault = "a Transfer-Encoding other than chunked"
        elif name == b"content-encoding":
            more = [part.strip().lower() for part in value.decode("latin-1").split(",")]
            codings = [encoding, *(part for part in more if part != "identity")]
            encoding = ", ".join(coding for coding in codings if coding)
        else:
            telling = True
    if types > 1 or lengths > 1 or hosts > 1 or transfers:
        fault = fault or _doubled(types, lengths, hosts, transfers)
    bare = not (telling or fault or lengths or transfers)
    if bare and not types and not encoding:
        return _PLAIN
    return Survey(content_type, encoding, length, fault, telling, bare)


def told(headers: Iterable[tuple[bytes, bytes]]) -> Survey | None:
    """Return what the headers of a response say of its body; None where a name is not in lower case.

    Half of what `survey` costs: nothing but type and coding is needed of a response.
    """
    content_type = encoding = ""
    for name, value in headers:
        if name == b"content-type":
            content_type = content_type or value.decode("latin-1")
        elif name == b"content-encoding":
            encoding = survey(headers).encoding
        elif not name.islower():
            return None
    return Survey(content_type, encoding)


def _doubled(types: int, lengths: int, hosts: int, transfers: int) -> str:
    for count, name in ((types, "Content-Type"), (lengths, "Content-Length"), (hosts, "Host")):
        if count > 1:
            return f"more than one {name}"
    if transfers > 1:
        return "more than one Transfer-Encoding"
    return "both Content-Length and Transfer-Encoding" if lengths and transfers else ""


def end_to_end(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Return the headers without those that belong to one hop."""
    named: set[bytes] = set()
    for name, value in headers:
        if name == b"connection":
            named |= {token.strip().lower() for token in value.split(b",")} - KEPT
    return [(name, value) for name, value in headers if name not in HOP and name not in named]


def for_body(headers: Iterable[tuple[bytes, bytes]], length: int, encoding: str) -> Headers:
    """Return the headers of a message whose body was changed to ``length`` bytes in the coding ``encoding``.

    The ETag becomes weak: the origin still knows it when asked again, and nobody takes it for these bytes. Digests
    and signatures of the old bytes go.
    """
    changed: Headers = []
    for name, value in headers:
        if name in DIGESTS or name in (b"content-length", b"content-encoding", b"accept-ranges"):
            continue
        weak = name == b"etag" and value.startswith(b'"')
        changed.append((name, b"W/" + value if weak else value))
    if encoding:
        changed.append((b"content-encoding", encoding.encode("latin-1")))
    changed.append((b"content-length", b"%d" % length))
    return changed


def cleaned(headers: Iterable[tuple[bytes, bytes]], outcome: Outcome) -> Headers:
    """Return the headers of a response out of whose body something was taken; they say how much."""
    changed = for_body(headers, len(outcome.body or b""), outcome.encoding)
    changed.append((b"untag-guard", b"strip; removed=%d" % len(outcome.verdict.removed)))
    return changed


def for_stream(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers of a message whose body may change while it goes: no length, no coding, no digest."""
    return [pair for pair in for_body(headers, 0, "") if pair[0] != b"content-length"]


def for_judging(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers of a request whose answer is to be judged: whole, and in a coding that can be undone."""
    kept: Headers = []
    for name, value in headers:
        if name in (b"range", b"if-range", b"a-im"):
            continue
        if name == b"accept-encoding":
            named = [part for part in value.split(b",") if part.partition(b";")[0].strip().lower() in CODINGS]
            kept.append((name, b",".join(named) or b"identity"))
        else:
            kept.append((name, value))
    return kept


def problem(status: int, detail: str) -> bytes:
    """Return the body of an answer that says why a request cannot be served, as RFC 9457 has it."""
    import json  # noqa: PLC0415 - few exchanges end so

    said = {"type": "about:blank", "title": "The request cannot be served", "status": status, "detail": detail}
    return json.dumps(said).encode()


def answer(content_type: bytes, size: int, *, close: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer of our own."""
    headers = [
        (b"content-type", content_type),
        (b"content-length", b"%d" % size),
        (b"cache-control", b"no-store"),
    ]
    return [*headers, (b"connection", b"close")] if close else headers


EXTENSIONS: Final = ("tls", "http.response.trailers")
"""ASGI extensions that an app keeps behind the guard; the others send bytes past it (files by path, pushes)."""


def altered(
    scope: MutableMapping[str, Any], asked: Survey, outcome: Outcome | None, *, observing: bool
) -> MutableMapping[str, Any]:
    """Return the scope as the app is to see it."""
    inner = dict(scope)
    if not observing:
        if asked.telling:
            inner["headers"] = for_judging(inner["headers"])
        kept = inner.get("extensions") or {}
        inner["extensions"] = {name: kept[name] for name in EXTENSIONS if name in kept}
    if outcome is not None and outcome.query is not None:
        inner["query_string"] = outcome.query.encode("latin-1", "replace")
    if outcome is not None and outcome.body is not None:
        inner["headers"] = for_body(inner["headers"], len(outcome.body), outcome.encoding)
    return inner
