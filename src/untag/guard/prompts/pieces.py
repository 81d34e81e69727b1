"""Cut a request into the pieces of a unigram vocabulary, the most likely way.

The vocabulary and the map of characters come out of the encoder's model file (`transformer.py`). One pass from left to
right keeps the best score up to each character (Viterbi), so the time grows with the letters of the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

GAP: Final = "\u2581"
"""What stands for a space in the vocabulary."""
UNKNOWN: Final = 10.0
"""How much worse than the worst piece a character is that no piece holds."""
NEVER: Final = -1e30


@dataclass(frozen=True, slots=True)
class Pieces:
    """A vocabulary."""

    known: Mapping[str, tuple[float, int]]
    """Score (a logarithm) and number of each piece."""
    longest: int
    """Letters of the longest piece."""
    worst: float
    """The lowest score of a piece."""
    start: int
    end: int
    unknown: int
    characters: dict[int, str]
    """What a character is written as before it is looked up, by `str.translate`."""

    def cut(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text, between those of start and end."""
        return [self.start, *self._cut(self._written(text)), self.end]

    def _written(self, text: str) -> str:
        letters = text.translate(self.characters)
        while "  " in letters:
            letters = letters.replace("  ", " ")
        return (letters if letters.startswith(" ") else f" {letters}").replace(" ", GAP)

    def _cut(self, text: str) -> list[int]:
        length, known, longest, unknown = len(text), self.known, self.longest, self.unknown
        best = [NEVER] * (length + 1)
        best[0] = 0.0
        back = [(0, unknown)] * (length + 1)
        lost = self.worst - UNKNOWN
        for start in range(length):
            so_far = best[start]
            for end in range(start + 1, min(length, start + longest) + 1):
                found = known.get(text[start:end])
                if found is not None and so_far + found[0] > best[end] and found[1] != unknown:
                    best[end] = so_far + found[0]
                    back[end] = (start, found[1])
            if so_far + lost > best[start + 1]:
                best[start + 1] = so_far + lost
                back[start + 1] = (start, unknown)
        numbers: list[int] = []
        at = length
        while at:
            at, number = back[at]
            numbers.append(number)
        return numbers[::-1]
