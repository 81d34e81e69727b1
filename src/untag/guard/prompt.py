"""Judge a prompt by whether it asks for a protected attribute of pictured people.

Two stages. The first reads words and grammar; where it is in doubt, a small sentence encoder (the extra
``encoder``) compares the request with known ones. Neither looks at a picture.
"""

from __future__ import annotations

from typing import Final

from untag.guard.base import ALLOW, Reason, Settings, Verdict
from untag.guard.policy import clause
from untag.guard.prompts import disguise, encoder, grammar, head
from untag.guard.prompts.patterns import REFUSE
from untag.guard.prompts.words import squash, targets

DEFAULTS: Final = Settings()
FIRST_ALONE: Final = Verdict(
    "allow", because=(Reason("stage", "in doubt: words and grammar decided, without the second"),)
)


def check_prompt(text: str, *, images: bool, settings: Settings | None = None) -> Verdict:
    """Return whether a prompt may go on to a vision, search, alert or assistant service.

    ``images`` says whether pictures are attached or in play. A refusal names the operation, the attribute, its
    reasons, the clause of the policy and how to appeal. Never raises on any text.
    """
    plain = disguise.plain(text)
    low = squash(plain)
    marks = targets().find(low)
    best = grammar.read(low, images=images, marks=marks)
    if best.score < REFUSE:
        for other in disguise.further(plain, low):
            uncovered = targets().find(other)
            if len(uncovered) <= len(marks):
                continue  # nothing came to light
            reading = grammar.read(other, images=images, disguised=True, marks=uncovered)
            if reading.score > best.score:
                best = reading
    if best.score >= REFUSE:
        return _refused(best, settings or DEFAULTS)
    doubt = grammar.doubtful(low, images=images, marks=marks)
    return _second(doubt, settings or DEFAULTS) if doubt else ALLOW


def _second(doubt: str, settings: Settings) -> Verdict:
    """Return what the second stage makes of a request in doubt; without it, the first has allowed."""
    if settings.encoder == "off" or (settings.encoder != "required" and not encoder.there()):
        return FIRST_ALONE
    opinion = head.judge(encoder.encode(doubt))
    if opinion.probability < head.head().refuse:
        return ALLOW
    because = (
        Reason("stage", "the sense of the request, compared with known ones", round(opinion.probability, 2)),
        *(Reason("like", f"known request {known}") for known in opinion.nearest),
    )
    said = clause(settings, opinion.attribute, opinion.operation, refused=True)
    return Verdict("refuse", opinion.operation, opinion.attribute, because, said)


def _refused(reading: grammar.Reading, settings: Settings) -> Verdict:
    said = clause(settings, reading.attribute, reading.operation, refused=True)
    return Verdict("refuse", reading.operation, reading.attribute, reading.because, said)
