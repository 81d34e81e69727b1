"""A removal from a bare weights manifest: tensors by name, where no graph says what reads them.

Code builds the network and asks for the tensors by their names, so a removal is never safe by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.strip.base import Check, Edit, Outcome, Refusal, StripError, sha256
from untag.strip.tfjs import prove
from untag.strip.tfjs.cut import changed_shards, write
from untag.strip.tfjs.model import described
from untag.strip.weights import choose
from untag.strip.weights.pieces import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit
    from untag.strip.tfjs.model import Described


def plan(model: Described, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
    """Yield one edit of class ``unsafe`` for the tensors that are named for the attribute, or why there is none."""
    gone = {w.name: own for w in model.weights if (own := choose.of_path(w.name, unit, choice))}
    prints = tuple(f.fingerprint for f in unit.findings)
    if not gone:
        if unit.findings:
            asked = ", ".join(choose.wanted(unit))
            yield Refusal(unit.name, unit.name, f"no tensor is named for {asked}", "name one with --output", prints)
        return
    if len(gone) == len(model.weights):
        yield Refusal(unit.name, unit.name, "every tensor is protected", "delete the model", prints)
        return
    weights = tuple(w for w in model.weights if w.name in gone)
    touched, empty = changed_shards(model, weights)
    main = choose.main_attribute(gone.values(), unit)
    yield Edit(
        editor="tfjs",
        unit=unit.name,
        kind="head",
        target="tensors " + ", ".join(gone),
        attribute=main,
        safety="unsafe",
        files=(model.name, *(shard.name for shard in touched), *(shard.name for shard in empty)),
        removes=tuple(f"weight {weight.said()}" for weight in weights),
        depends=("code that builds the network asks for these tensors by name, and gets an error",),
        why="no graph stands in the file: what reads these tensors is in code, which must be changed as well",
        findings=choose.answered(unit, gone),
        detail={
            "model": "manifest",
            "weights": list(gone),
            "names": list(gone),
            "sha256": sha256(unit.root / model.name),
        },
    )


def apply(unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None) -> Outcome:
    """Cut the tensors of all edits at once, and compare the others."""
    if any(edit.detail.get("sha256") != sha256(unit.root / edit.unit) for edit in edits):
        raise StripError(f"{unit.name} is not the file that the plan was made for; plan again")
    if progress:
        progress(f"{unit.name}: cutting tensors")
    model = described(unit)
    names = {name for edit in edits for name in edit.detail["weights"]}
    gone = tuple(w for w in model.weights if w.name in names)
    if len(gone) != len(names):
        raise StripError(f"{unit.name} has not all tensors of the plan; plan again")
    before = (unit.root / model.name).read_bytes()
    with staged(staging) as work:
        written, deleted = write(model, gone, work)
        new = described(unit, staging)
        checks = (
            Check("parses", passed=True, detail=f"read again: {len(new.weights):,} tensors"),
            prove.kept_weights(model, new, gone),
            prove.kept_rest(model, new, (), ()),
            prove.names_absent(before, (staging / model.name).read_bytes(), names, model.name),
            prove.values_absent(model, gone, [staging / n for n in written if n != model.name]),
        )
        failed = [check for check in checks if not check.passed]
        if failed:
            raise StripError(f"{unit.name}: {failed[0].name}: {failed[0].detail}; nothing was written")
    return Outcome("tfjs", unit.name, tuple(written), tuple(deleted), checks)
