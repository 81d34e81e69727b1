"""Letters and saved web pages (EML, MHT): headers that speak, bodies and attachments decoded."""

from __future__ import annotations

import re
from email import errors, message_from_bytes, policy
from typing import TYPE_CHECKING, Final

from untag.errors import LimitError
from untag.limits import MIB, NESTING
from untag.model import Blob, Gap
from untag.readers.artifacts.documents.flow import Flow, tidy
from untag.readers.containers.common import Names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage, Message

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

LARGEST: Final = 48 * MIB
"""Bytes of a letter: the parser holds it about four times, and mail servers refuse larger ones."""
PARTS: Final = 2_000
"""Parts of a letter at most."""
SAID: Final = ("Subject", "Thread-Topic", "Keywords", "Comments", "Content-Description")
"""Headers that say something; who wrote to whom is nobody's business."""
_ANY: Final = re.IGNORECASE | re.MULTILINE
_MIME: Final = re.compile(rb"^MIME-Version:|^Content-Type: *multipart/|^Content-Transfer-Encoding:", _ANY)
_ADDRESSED: Final = re.compile(rb"^(?:From|To|Subject|Received|Date|Return-Path|Snapshot-Content-Location):", _ANY)
_SUFFIX: Final = {
    "text/html": ".html",
    "text/plain": ".txt",
    "message/rfc822": ".eml",
    "application/xhtml+xml": ".html",
}


class LetterReader:
    """Reads MIME; each part is handed on as an embedded file and read as what it is."""

    name = "letter"
    version = 1
    formats: tuple[str, ...] = ("eml", "mht")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether MIME headers stand at the head, beside those of a letter or of a saved page."""
        top = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
        return bool(_MIME.search(top)) and bool(_ADDRESSED.search(top))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the headers that speak, then each part of the letter."""
        if len(blob.data) > LARGEST:
            raise LimitError(f"a letter of more than {LARGEST >> 20} MiB; save its attachments and scan them")
        data = bytes(blob.data)
        if data.startswith(b"From "):
            data = data.split(b"\n", 1)[-1]
        if data.count(b"\nContent-Type:") + data.count(b"\ncontent-type:") > PARTS * 4:
            yield Gap(blob.trail, "limit", f"a letter of more than {PARTS:,} parts")
            yield Blob((*blob.trail, "body.txt"), data)
            return
        try:
            letter = message_from_bytes(data, policy=policy.compat32)
            found = list(_leaves(letter))
        except (errors.MessageError, ValueError, LookupError, RecursionError):
            yield Gap(blob.trail, "corrupt", "a letter whose parts cannot be told apart; its text was searched")
            yield Blob((*blob.trail, "body.txt"), data)
            return
        flow = Flow(blob.trail[-1])
        yield from flow.metadata([(key, _header(letter, key)) for key in SAID])
        names = Names(blob.trail)
        for number, part in enumerate(found, 1):
            deadline.check()
            if number > PARTS:
                yield Gap(blob.trail, "limit", f"a letter of more than {PARTS:,} parts; the rest was not read")
                return
            yield from _leaf(part, number, names, budget)


def _leaves(letter: Message) -> Iterator[Message]:
    """Yield what is no container of parts, without recursion."""
    waiting: list[tuple[Message, int]] = [(letter, 0)]
    while waiting:
        part, depth = waiting.pop()
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list) and depth < NESTING:
            waiting += [(child, depth + 1) for child in reversed(inner) if not isinstance(child, str)]
        else:
            yield part


def _leaf(part: Message, number: int, names: Names, budget: Budget) -> Iterator[Blob | Gap]:
    kind = part.get_content_type()
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"):
        yield Gap(names.add(f"part-{number}", []), "encrypted", "an encrypted part of a letter")
        return
    name = tidy(str(part.get_filename() or "")) or f"part-{number}{_SUFFIX.get(kind, '')}"
    gaps: list[Gap] = []
    trail = names.add(name, gaps)
    yield from gaps
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = None
    if not isinstance(content, bytes):
        yield Gap(trail, "corrupt", "a part of a letter that cannot be decoded")
        return
    budget.member()
    budget.spend(len(content))
    charset = part.get_content_charset()
    if charset and kind.startswith("text/") and charset not in ("utf-8", "us-ascii"):
        try:
            content = content.decode(charset).encode()
        except (LookupError, ValueError):
            yield Gap(trail, "encoding", "a part of a letter is not in the encoding that it names")
    if content:
        yield Blob(trail, content)


def _header(letter: Message | EmailMessage, key: str) -> str:
    """Return a header, decoded as far as it can be."""
    from email.header import decode_header, make_header  # noqa: PLC0415 - beside its only use

    text = str(letter.get(key, ""))[:10_000]
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, errors.MessageError):
        return text
