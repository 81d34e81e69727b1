"""ONNX: whole outputs and classes of outputs, cut down to the weights, with the metadata and label maps that name them.

The algebra is in `untag.strip.onnx.cut`; what of it holds is proved on the files that were written: tensor by
tensor (`untag.strip.onnx.structural`), and by running both models on noise (`untag.strip.onnx.numeric`).
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.engine import Scanner
from untag.interpret.naming import protected
from untag.match import store
from untag.model import Blob
from untag.nouns import dataclass, replace
from untag.packages import Packages
from untag.readers.artifacts.models.onnx import Onnx as Reader
from untag.strip.base import Check, Digest, Edit, Outcome, Refusal, StripError
from untag.strip.onnx import beside
from untag.strip.onnx import heads as choosing
from untag.strip.onnx.heads import Head
from untag.strip.weights import choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.strip.base import Choice, Unit
    from untag.strip.onnx.lean import Lean
    from untag.strip.onnx.nouns import Cut

HEAD: Final = 1 << 16
"""Bytes by which a model is known: what stands before its graph."""
CHOOSE: Final = "name an output with --output, or classes with --class"
OWN: Final = "external data of its own for each model, or a folder with this one alone"
INPUTS: Final = 200
"""Noise inputs on which both models are run."""
HOLDS: Final = (
    "its weight is dequantised at run time: should fewer rows change last bits of the others, zeros hold the places of "
    "what goes and the output takes what stays; the proof says so"
)
WINS: Final = (
    "its callers pick the best class: where a removed class won, a class that stays may win now, or no box is kept"
)


class OnnxEditor:
    """Cuts heads and classes from ONNX models."""

    name = "onnx"
    version = 2

    def takes(self, unit: Unit) -> bool:
        """Whether the fields of an ONNX model begin the file."""
        try:
            with unit.path.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            return False
        return Reader().claims(head, unit.name, b"")

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """See `untag.strip.base.Editor`."""
        if not unit.findings and not choice.outputs and not choice.classes:
            return
        _libraries()
        from untag.strip.onnx.graph import RefusedError  # noqa: PLC0415 - only where a model is cut
        from untag.strip.onnx.lean import open_model, shared  # noqa: PLC0415 - as above

        prints = tuple(f.fingerprint for f in unit.findings)
        with open_model(unit.path, unit.root) as lean:
            try:
                found = _heads(lean, unit, choice)
                if not found:
                    if prints:
                        yield Refusal(unit.name, _where(unit), _nothing(lean), CHOOSE, prints)
                    return
                edits = tuple(_edits(lean, unit, found, renormalise=choice.renormalise))
            except RefusedError as error:
                yield Refusal(unit.name, error.target, error.reason, error.needed, prints)
                return
            other, data = shared(lean, unit.listing)
        if other:
            yield Refusal(
                unit.name, data, f"its weights are those of {other}, too, which would not find them", OWN, prints
            )
            return
        yield from edits
        yield from choose.left(unit, self.name, (p for edit in edits for p in edit.findings))

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """See `untag.strip.base.Editor`."""
        _libraries()
        from untag.strip.onnx.held import again  # noqa: PLC0415 - only where a model is cut
        from untag.strip.onnx.lean import open_model  # noqa: PLC0415 - as above
        from untag.strip.onnx.numeric import begin  # noqa: PLC0415 - as above
        from untag.strip.onnx.write import write  # noqa: PLC0415 - as above

        found = _again(edits)
        renormalise = any(edit.detail.get("renormalise") for edit in edits)
        with open_model(unit.path, unit.root) as lean:
            made = _made(lean, found, renormalise=renormalise)
            # the old model runs while the new one is written
            with begin(unit.path, staging / unit.name, made.kept, inputs=INPUTS) as running:
                written = list(write(lean, made, staging, unit.name))
                running.ready()
                digests = [Digest(staging / name) for name in written]
                if progress:
                    progress(f"{unit.name}: proving {len(made.kept)} outputs on {INPUTS} inputs")
                checks = _checks(lean, made, found, unit, staging, running.check)
            second = again(lean, made, staging, checks, INPUTS)
            if second is not None:
                made = second.cut
                digests = [Digest(staging / name) for name in written]
                checks = _checks(lean, made, found, unit, staging, lambda: second.check)
            deleted = [name for name in lean.external if name not in written]
            others = tuple(name for edit in edits for name in edit.detail.get("beside", ()))
            more, gone = beside.change(unit, tuple(dict.fromkeys(others)), _losses(found), found, staging)
            notes = [*made.notes, *_warnings(lean.model, found)]
            done = {name: digest.get() for name, digest in zip(written, digests, strict=True) if name not in more}
        return Outcome(
            self.name, unit.name, (*written, *more), (*deleted, *gone), checks, tuple(dict.fromkeys(notes)), done
        )


def _libraries() -> None:
    # the runtime is loaded by the process that runs the models, and by no other
    if any(find_spec(name) is None for name in ("numpy", "onnx", "onnxruntime")):
        raise StripError("cutting ONNX models needs an extra: pip install 'untag[strip]'")


def _losses(found: Sequence[Head]) -> Any:
    from untag.strip.onnx.cleaned import losses  # noqa: PLC0415 - only where a model is cut

    return losses(found)


def _heads(lean: Lean, unit: Unit, choice: Choice) -> tuple[Head, ...]:
    """Return what goes; every head that goes has to be one that the choice allows."""
    from untag.strip.onnx.cut import prepared  # noqa: PLC0415 - only where a model is cut
    from untag.strip.onnx.graph import inferred  # noqa: PLC0415 - as above

    model = prepared(lean.model)
    return choosing.find(model, inferred(model), unit, choice, tuple(beside.labels(unit)))


def _nothing(lean: Lean) -> str:
    """Say why a model with findings has nothing that can be cut."""
    node = choosing.opaque(lean.model)
    if node:
        return f"{node} names its classes in itself, and such classifiers learned all classes together"
    return "no output, and no list of classes of an output, is what the finding speaks of"


def _where(unit: Unit) -> str:
    return " › ".join(unit.findings[0].route) or unit.findings[0].term


@dataclass(frozen=True, slots=True)
class Trial:
    """A cut that was tried out."""

    heads: tuple[Head, ...]
    cut: Cut
    said: tuple[str, ...]
    """What else is removed, in words: metadata, descriptions."""


def _made(lean: Lean, found: Sequence[Head], *, renormalise: bool) -> Cut:
    return _try(lean, found, renormalise=renormalise).cut


def _try(lean: Lean, found: Sequence[Head], *, renormalise: bool) -> Trial:
    from untag.strip.onnx.cleaned import clean  # noqa: PLC0415 - only where a model is cut
    from untag.strip.onnx.cut import Wanted, cut  # noqa: PLC0415 - as above

    wanted = Wanted(
        tuple(head.output for head in found if head.whole),
        {head.output: (head.axis, head.gone) for head in found if not head.whole},
        renormalise,
    )
    made, said = clean(cut(lean.model, lean.array, wanted), found)
    return Trial(tuple(found), made, said)


def _edits(lean: Lean, unit: Unit, found: tuple[Head, ...], *, renormalise: bool) -> Iterator[Edit]:
    """Yield one edit for each head, or one for all where they can only go together."""
    from untag.strip.onnx.graph import RefusedError  # noqa: PLC0415 - only where a model is cut

    together = _try(lean, found, renormalise=renormalise)
    trials = [together]
    if len(found) > 1:
        with suppress(RefusedError):
            trials = [_try(lean, (head,), renormalise=renormalise) for head in found]
    rest = _answered(unit, together)
    for number, trial in enumerate(trials):
        own = _answered(unit, trial) if len(trials) > 1 else rest
        rest = tuple(p for p in rest if p not in own)
        late = rest if number == len(trials) - 1 else ()
        yield _edit(lean, unit, trial, (*own, *late), renormalise=renormalise)


def _answered(unit: Unit, trial: Trial) -> tuple[str, ...]:
    """Return the findings that a scan of the cut model has no more."""
    if not unit.findings:
        return ()
    scanner = Scanner(store.load(), None, Packages(""))
    scanner.feed(Blob((unit.name,), trial.cut.model.SerializeToString()))
    still = {finding.fingerprint for finding in scanner.take().findings}
    return tuple(dict.fromkeys(f.fingerprint for f in unit.findings if f.fingerprint not in still))


def _edit(lean: Lean, unit: Unit, trial: Trial, prints: tuple[str, ...], *, renormalise: bool) -> Edit:
    from untag.strip.onnx.held import likely  # noqa: PLC0415 - only where a model is cut

    first = trial.heads[0]
    others = beside.touched(unit, _losses(trial.heads))
    depends = [
        f"output {old} is called {new} now: what still slices it by numbers would read other classes"
        for old, new in trial.cut.renamed.items()
    ]
    depends += _warnings(lean.model, trial.heads)
    if likely(trial.cut):
        depends.append(HOLDS)
    if trial.cut.logits:
        depends.append("the kept probabilities are normalised anew, and differ from before; the logits do not")
    return Edit(
        editor="onnx",
        unit=unit.name,
        kind="head" if first.whole else "classes",
        target=", ".join(_target(head) for head in trial.heads),
        attribute=first.attribute,
        safety="safe",
        files=(unit.name, *lean.external, *others),
        removes=(*trial.cut.removed, *(f"classes in {name}" for name in others)),
        depends=tuple(depends),
        findings=prints,
        detail={
            "names": [head.output for head in trial.heads],
            "heads": [_stated(head) for head in trial.heads],
            "beside": list(others),
            "renormalise": renormalise,
        },
    )


def _target(head: Head) -> str:
    if head.whole:
        return f"output {head.output}"
    names = [head.labels[at] for at in sorted(head.classes)] if head.labels else [str(at) for at in sorted(head.gone)]
    return f"classes {', '.join(names[:12])}{' …' if len(names) > 12 else ''} of output {head.output}"  # noqa: PLR2004 - a line's worth


def _stated(head: Head) -> dict[str, Any]:
    return {
        "output": head.output,
        "attribute": head.attribute,
        "axis": head.axis,
        "gone": sorted(head.gone),
        "size": head.size,
        "offset": head.offset,
        "labels": list(head.labels),
        "listed": list(head.listed),
        "start": head.start,
    }


def _again(edits: Sequence[Edit]) -> tuple[Head, ...]:
    """Return the heads that a plan states, in the order of their names: the order of edits does not matter."""
    heads: dict[str, Head] = {}
    try:
        for edit in edits:
            for row in edit.detail["heads"]:
                head = Head(
                    str(row["output"]), str(row["attribute"]), int(row["axis"]), frozenset(map(int, row["gone"])),
                    int(row["size"]), int(row["offset"]), tuple(map(str, row["labels"])),
                    tuple(map(str, row["listed"])), int(row["start"]),
                )  # fmt: skip
                known = heads.get(head.output)
                if known is not None and not known.whole and not head.whole:
                    head = replace(head, gone=head.gone | known.gone)
                heads[head.output] = head if known is None or not known.whole else known
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StripError("the plan does not say which heads go; make the plan anew") from error
    return tuple(heads[name] for name in sorted(heads))


def _warnings(model: Any, found: Sequence[Head]) -> list[str]:
    """Return what a reader has to know of detectors."""
    return [f"output {h.output} is a detector's: {WINS}" for h in found if not h.whole and choosing.detector(model, h)]


def _checks(
    lean: Lean, made: Cut, found: Sequence[Head], unit: Unit, staging: Path, compared: Callable[[], Check]
) -> tuple[Check, ...]:
    from untag.strip.onnx import structural  # noqa: PLC0415 - only where a model is cut
    from untag.strip.onnx.lean import open_model  # noqa: PLC0415 - as above

    with open_model(staging / unit.name, staging) as after:
        checks = [*structural.checks(lean, after, made), _unsaid(after.model, found)]
    if made.kept:
        checks.append(compared())
    if made.logits:
        checks.append(_logits(lean, made, staging, unit.name))
    return tuple(checks)


def _logits(lean: Lean, made: Cut, staging: Path, name: str) -> Check:
    """Compare what stands before a softmax that is normalised anew, in copies of both models that give it out."""
    from untag.strip.onnx import numeric  # noqa: PLC0415 - only where a model is cut
    from untag.strip.onnx.cut import prepared  # noqa: PLC0415 - as above
    from untag.strip.onnx.lean import open_model  # noqa: PLC0415 - as above
    from untag.strip.onnx.nouns import Cut as Made  # noqa: PLC0415 - as above
    from untag.strip.onnx.write import write  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory(prefix=".untag-logits-", dir=staging) as folder:
        paths = []
        for which, source, names in (
            ("before", lean, [k.old for k in made.logits]),
            ("after", None, [k.new for k in made.logits]),
        ):
            out = Path(folder) / which
            if source is not None:
                write(source, Made(_giving(prepared(source.model), names), {}), out, name)
            else:
                with open_model(staging / name, staging) as after:
                    write(after, Made(_giving(prepared(after.model), names), {}), out, name)
            paths.append(out / name)
        check = numeric.compare(paths[0], paths[1], made.logits, inputs=INPUTS)
    return replace(check, name="logits equal")


def _giving(model: Any, names: Sequence[str]) -> Any:
    """Return a model that gives out further tensors."""
    from onnx import helper, shape_inference  # noqa: PLC0415 - only where a model is cut

    types = {v.name: v for v in shape_inference.infer_shapes(model).graph.value_info}
    known = {o.name for o in model.graph.output}
    for name in dict.fromkeys(names):
        if name not in known:
            model.graph.output.append(types.get(name) or helper.make_tensor_value_info(name, 1, None))
    return model


def _unsaid(model: Any, found: Sequence[Head]) -> Check:
    """See that no list of classes in the new model holds a class that went, and no name speaks of a head that did."""
    from untag.strip.onnx.cleaned import speech  # noqa: PLC0415 - only where a model is cut

    left, stay = [], []
    for labels in choosing.inside(model):
        if any(protected(labels.names)):
            stay.append(labels.source)
        for head in found:
            went = {head.labels[at] for at in head.classes} if head.labels else set()
            own = {
                name
                for name, its in zip(labels.names, protected(labels.names, head.attribute), strict=True)
                if its and name in went
            }
            left += sorted(own | (went & set(labels.names)))
    speaks = speech(found)
    names = [name for node in model.graph.node for name in (node.name, *node.input, *node.output)]
    door = {v.name for v in (*model.graph.input, *model.graph.output)}
    left += sorted({name for name in names if name not in door and speaks(name)})
    if left:
        return Check("names gone", passed=False, detail=f"the new model still says {', '.join(left[:5])}")
    detail = f"no label and none of {len(set(names)):,} names speaks of what went"
    if stay:
        detail += f"; {', '.join(stay)} still lists groups of people, which are not those of what went"
    return Check("names gone", passed=True, detail=detail, figures={"lists_with_groups": stay})


EDITOR: Final = OnnxEditor()
