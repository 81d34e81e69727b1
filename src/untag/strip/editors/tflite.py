"""TFLite models: refused, with the tensor named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.strip.base import Edit, Outcome, Refusal, StripError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit

NEEDED: Final = "cut the model that it was converted from (ONNX, TensorFlow.js, Keras), and convert it again"


class TfLite:
    """Names what should go from a TFLite model, and what it takes."""

    name = "tflite"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Whether the mark of a TFLite flatbuffer stands at byte 4."""
        try:
            with unit.path.open("rb") as file:
                return file.read(8)[4:] == b"TFL3"
        except OSError:
            return False

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield why each finding of the file stays, and what the caller names of it."""
        reason = f"{unit.name.rsplit('/', 1)[-1]} is a flatbuffer, in which tensors are known by their number"
        for finding in unit.findings:
            target = " › ".join(finding.route) or finding.excerpt[:120] or finding.term
            yield Refusal(unit.name, target, reason, NEEDED, (finding.fingerprint,))
        for name in (*choice.outputs, *choice.classes) if unit.alone else ():
            yield Refusal(unit.name, name, reason, NEEDED)

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],  # noqa: ARG002 - the seam's
        staging: Path,  # noqa: ARG002
        progress: Callable[[str], None] | None = None,  # noqa: ARG002
    ) -> Outcome:
        """Never done: the plan has no edits."""
        raise StripError(f"{unit.name} is not cut by untag: {NEEDED}")


EDITOR: Final = TfLite()
