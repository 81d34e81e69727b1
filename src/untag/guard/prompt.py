"""Judge a prompt by whether it asks for a protected attribute of pictured people.

Two stages. The first reads words and grammar, and a model fitted to labelled requests looks at how the request is
worded; where the extra ``encoder`` is installed, a small multilingual encoder, fitted to the same requests, adds what
the request means. None looks at a picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard.base import ALLOW, Reason, Settings, Verdict
from untag.guard.policy import clause
from untag.guard.prompts import disguise, grammar, sense, wording
from untag.guard.prompts.patterns import REFUSE
from untag.guard.prompts.words import Mark, roles, squash, targets
from untag.nouns import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.guard.prompts.grammar import Reading

DEFAULTS: Final = Settings()
ABOUT_PEOPLE: Final = frozenset(("person", "tracked", "alert", "search", "label", "train", "store", "infer", "ask"))
"""Roles of words with which a request may be about people, though it names no attribute and no group."""
DISGUISED: Final = 3.0
"""By how much less the encoder need be sure of what grammar refuses and somebody took pains to hide."""
FIRST_ALONE: Final = Verdict(
    "allow", because=(Reason("stage", "in doubt: words and grammar decided, without the second"),)
)


@dataclass(frozen=True, slots=True)
class First:
    """What the first stage makes of a request."""

    low: str
    """The request, squashed, and without its disguise where one was found."""
    plain: str
    marks: Sequence[Mark]
    reading: Reading
    images: bool
    said: Sequence[Mark] = ()
    """Words of the other roles."""
    disguised: bool = False
    """Whether it names what it is about only in a disguise: in base64, letter by letter, with digits for letters."""

    def features(self) -> dict[int, float]:
        """Return the features for `wording`."""
        return wording.features(self.low, images=self.images, marks=self.marks, said=self.said, reading=self.reading)

    @property
    def worth(self) -> bool:
        """Whether more is to be said than that nothing speaks of people, attributes or groups."""
        if self.marks:
            return True
        said = {m.role for m in self.said}
        return bool(said & ABOUT_PEOPLE) and (self.images or "vision" in said or "alert" in said or "tracked" in said)


def first(text: str, *, images: bool) -> First:
    """Return what words and grammar make of a prompt, its disguises undone."""
    plain = disguise.plain(text)
    low = squash(plain)
    marks = targets().find(low)
    reading = grammar.read(low, images=images, marks=marks)
    found = First(low, plain, marks, reading, images, disguised=bool(marks) and disguise.veiled(text))
    if found.reading.score < REFUSE:
        for other in disguise.further(plain, low):
            uncovered = targets().find(other)
            if len(uncovered) <= len(marks):
                continue  # nothing came to light
            reading = grammar.read(other, images=images, disguised=True, marks=uncovered)
            if reading.score > found.reading.score or (not found.disguised and reading.score == found.reading.score):
                found = First(other, other, uncovered, reading, images, disguised=True)
    return replace(found, said=roles().find(found.low))


def check_prompt(text: str, *, images: bool, settings: Settings | None = None) -> Verdict:
    """Return whether a prompt may go on to a vision, search, alert or assistant service.

    ``images`` says whether pictures are attached or in play. A refusal names the operation, the attribute, its
    reasons, the clause of the policy and how to appeal. Never raises on any text.
    """
    chosen = settings or DEFAULTS
    found = first(text, images=images)
    loud = found.reading.score >= REFUSE
    both = chosen.encoder != "off" and (chosen.encoder == "required" or sense.there())
    if not loud and not found.worth and not both:
        return ALLOW
    model = wording.model()
    features = found.features()
    words = model.alone.score(features)
    if not loud and words < model.quiet:
        return ALLOW
    said = Reason("wording", f"its wording, compared with {model.requests:,} labelled requests", round(words, 2))
    if both:
        opinion = sense.judge(found.plain, words, loud=loud, images=images)
        sure = loud and found.disguised
        if opinion.score < sense.fitted().refuse - (DISGUISED if sure else 0):
            return ALLOW
        because = (
            Reason("stage", "what the request means, compared with known ones", round(opinion.score, 2)),
            *(Reason("like", f"known request {known}") for known in opinion.nearest),
        )
        return _refused(found.reading, features, (*found.reading.because, said, *because), chosen)
    if words < (model.allow if loud else model.refuse):
        return ALLOW if loud else FIRST_ALONE
    return _refused(found.reading, features, (*found.reading.because, said), chosen)


def _refused(reading: Reading, features: dict[int, float], because: tuple[Reason, ...], settings: Settings) -> Verdict:
    operation, attribute = wording.about(features)
    if reading.score >= REFUSE:
        operation, attribute = reading.operation or operation, reading.attribute or attribute
    said = clause(settings, attribute, operation, refused=True)
    return Verdict("refuse", operation, attribute, because, said)
