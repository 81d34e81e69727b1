"""Judge one line of ``untag guard check``: a prompt, a request or a response as a JSON object.

::

    {"id": 1, "kind": "prompt", "prompt": "…", "images": true}
    {"id": 2, "kind": "request", "path": "/v1/faces?face_field=age,race", "content_type": "…", "body": …}
    {"id": 3, "kind": "response", "content_type": "…", "body": …}

A ``body`` that is an object or a list is sent as JSON; a text goes as it stands.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError, UntagError, UsageError
from untag.guard.base import Reason, Verdict

if TYPE_CHECKING:
    from untag.guard.base import Settings

KINDS: Final = ("prompt", "request", "response")
UNJUDGED: Final = 'what cannot be judged does not pass; set fail = "open" to choose otherwise'


def checked(line: bytes | str, settings: Settings, *, bodies: bool = False) -> tuple[dict[str, Any], bool]:
    """Return the answer to one line, and whether the line could be judged."""
    known: Any = None
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict):
            raise UsageError("a line is a JSON object with id, kind and what the kind needs")
        known = asked.get("id")
        return {"id": known, **told(_closed(asked, settings), bodies=bodies)}, True
    except UntagError as error:
        return {"id": known, "error": str(error), "reason": "usage"}, False
    except (ValueError, RecursionError) as error:
        # the words of the JSON parser quote nothing of the line
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition("\n")[0]
        return {"id": known, "error": f"not a line of JSON: {what}", "reason": "malformed"}, False


def _closed(asked: dict[str, Any], settings: Settings) -> Verdict:
    """Return the verdict; what cannot be judged is refused, unless the owner chose otherwise."""
    try:
        return judged(asked, settings)
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever goes wrong inside, nothing unjudged may pass
        detail = error.detail if isinstance(error, ReadError) else f"internal error: {type(error).__name__}"
        because = (Reason("unjudged", detail),)
        return Verdict("allow" if settings.fail == "open" else "refuse", because=because, clause=UNJUDGED)


def judged(asked: dict[str, Any], settings: Settings) -> Verdict:
    """Return the verdict on one object."""
    from untag.guard import core  # noqa: PLC0415 - the heavy part

    kind = asked.get("kind", "prompt" if "prompt" in asked else "request")
    if kind == "prompt":
        text = asked.get("prompt")
        if not isinstance(text, str):
            raise UsageError("a prompt line needs prompt, a text")
        return core.check_prompt(text, images=bool(asked.get("images", False)), settings=settings)
    if kind not in KINDS:
        raise UsageError(f"unknown kind {kind!r}: use one of {', '.join(KINDS)}")
    body = asked.get("body", "")
    content_type = asked.get("content_type")
    if isinstance(body, str):
        data = body.encode("utf-8", "surrogatepass")
        content_type = content_type if content_type is not None else _guessed(data)
    else:
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        content_type = content_type or "application/json"
    path, _, query = str(asked.get("path", "/")).partition("?")
    query = str(asked.get("query", query))
    if kind == "response":
        return core.clean_response(data, content_type, settings=settings, path=path)
    return core.check_request(data, content_type, path, query, settings=settings)


def _guessed(data: bytes) -> str:
    return "application/json" if data.lstrip()[:1] in (b"{", b"[") else "text/plain" if data else ""


def told(verdict: Verdict, *, bodies: bool = False) -> dict[str, Any]:
    """Return a verdict as plain data."""
    plain: dict[str, Any] = {
        "verdict": verdict.verdict,
        "operation": verdict.operation,
        "attribute": verdict.attribute,
        "because": [{"kind": r.kind, "text": r.text, "weight": r.weight} for r in verdict.because],
        "clause": verdict.clause,
        "removed": [{"route": r.route, "attribute": r.attribute, "what": r.what} for r in verdict.removed],
    }
    if verdict.exemption:
        plain["exemption"] = verdict.exemption
    if bodies:
        plain["body"] = None if verdict.body is None else verdict.body.decode("utf-8", "replace")
        plain["query"] = verdict.query
    return plain
