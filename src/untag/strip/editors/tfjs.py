"""TensorFlow.js: a whole output of a graph model or of a layers model, and the weights that nothing else reads.

The description is changed in place and the shards are copied by ranges, so that all bytes of what stays are
those of the input. A removal from a graph model is proved by comparing the kept nodes and weights one by one:
the same operations on the same bytes. What the kept outputs give on noise is compared as well, where every
operation is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.strip.base import Edit, Outcome, Refusal, StripError
from untag.strip.tfjs import graphs, layered, manifests
from untag.strip.tfjs.model import HEAD, MARKS, described, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit


class TfJs:
    """Cuts heads from ``model.json`` and its shards."""

    name = "tfjs"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Whether it is JSON that speaks of a topology or of a weights manifest."""
        if not unit.name.lower().endswith(".json") and "manifest" not in unit.name.lower():
            return False
        try:
            with unit.path.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            return False
        bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if bare[:1] == b"[":
            return b'"weights"' in head and (b'"paths"' in head or b'"shape"' in head)
        return bare[:1] == b"{" and any(mark in head for mark in MARKS)

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """See `untag.strip.base.Editor`."""
        if not unit.findings and not choice.outputs and not choice.classes:
            return
        model = described(unit)
        kind = graphs if model.nodes else layered
        if model.text.root.kind == "array" or model.text.root.get("modelTopology") is None:
            kind = manifests
        planned: Iterator[Edit | Refusal] = kind.plan(model, unit, choice)
        for item in planned:
            other = shared(unit, model, item.files) if isinstance(item, Edit) and item.safety != "manual" else ""
            if other:
                reason = f"its weights are those of {other}, too, which would no longer find them"
                prints = tuple(f.fingerprint for f in unit.findings)
                yield Refusal(unit.name, item.target, reason, "give each model its own weights", prints)
            else:
                yield item

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """See `untag.strip.base.Editor`."""
        for edit in edits:
            if edit.editor != self.name or edit.detail.get("model") not in KINDS:
                raise StripError(f"{unit.name}: the plan is not one of this editor; plan again")
        if len({edit.detail["model"] for edit in edits}) != 1:
            raise StripError(f"{unit.name}: the plan mixes kinds of models; plan again")
        return KINDS[edits[0].detail["model"]](unit, edits, staging, progress)


KINDS: Final[dict[str, Callable[..., Outcome]]] = {
    "graph": graphs.apply,
    "layers": layered.apply,
    "manifest": manifests.apply,
}
EDITOR: Final = TfJs()
