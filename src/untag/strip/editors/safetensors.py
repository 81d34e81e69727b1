"""Safetensors with their configuration: a head's tensors, or the rows of a classifier and its label maps.

A head that is gone from the file is still built by code, which then gives it random numbers: a removal is done
only when it is asked for, and the plan says what must be changed as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import replace
from untag.strip.base import Edit, Outcome, Refusal, StripError, sha256
from untag.strip.safetensors import prove
from untag.strip.safetensors.bundle import CONFIG, ENDING, INDEX, bundle, siblings
from untag.strip.safetensors.change import change
from untag.strip.safetensors.config import named_keys
from untag.strip.safetensors.heads import Rows, heads, rows, whole
from untag.strip.weights import choose, nearby
from untag.strip.weights.pieces import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit
    from untag.strip.safetensors.bundle import Bundle

FORGETS: Final = "the head is gone; the representation that it read is as it was, and may still encode it"
SOFTMAX: Final = (
    "a softmax over the kept classes gives other probabilities than before, though the logits are the same; "
    "indices of the kept classes move up"
)


class Safetensors:
    """Cuts heads and classes from safetensors, index and configuration at once."""

    name = "safetensors"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Whether it is a file of tensors, an index of such files, or the configuration beside one."""
        folder, _, base = unit.name.rpartition("/")
        lower = base.lower()
        try:
            if lower.endswith(ENDING):
                with unit.path.open("rb") as file:
                    head = file.read(9)
                return head[8:9] == b"{" and int.from_bytes(head[:8], "little") >= 2  # noqa: PLR2004 - an object
            if lower.endswith(INDEX):
                return unit.path.is_file()
            near = siblings(unit, f"{folder}/" if folder else "") if base == CONFIG else []
        except OSError:
            return False
        return any(name.endswith(ENDING) for name in near)

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """See `untag.strip.base.Editor`."""
        if not unit.findings and not choice.outputs and not choice.classes:
            return
        model = bundle(unit)
        gone = whole(model, unit, choice)
        lists = nearby.known(unit, own_files(model))
        found = rows(model, unit, choice, gone, lists)
        prints = tuple(f.fingerprint for f in unit.findings)
        if isinstance(found, Refusal):
            yield found
        elif not gone and found is None:
            if unit.findings:
                asked = ", ".join(choose.wanted(unit))
                reason = f"no tensor and no class of a label map is itself named for {asked}"
                yield Refusal(unit.name, unit.findings[0].excerpt[:120], reason, "name it with --output", prints)
        elif gone and len(gone) == sum(1 for _ in model.tensors()):
            yield Refusal(unit.name, unit.name, "every tensor is protected", "delete the model", prints)
        else:
            own = own_files(model)
            parts = heads(model, gone, found, lists)
            edit = _edit(model, unit, gone, found)
            others = nearby.touched(unit, parts, own)
            edit = replace(
                edit,
                files=(*edit.files, *others),
                removes=(*edit.removes, *(f"classes in {name}" for name in others)),
                detail={**edit.detail, "heads": list(map(nearby.stated, parts)), "beside": list(others)},
            )
            yield edit
            yield from choose.left(unit, self.name, edit.findings)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """See `untag.strip.base.Editor`."""
        tell = progress or (lambda _: None)
        model = bundle(unit)
        for edit in edits:
            if edit.editor != self.name or edit.detail.get("marks") != marks(model, unit):
                raise StripError(f"{unit.name} is not the model that the plan was made for; plan again")
        wanted = change(model, edits)
        parts = nearby.again(row for edit in edits for row in edit.detail.get("heads", ()))
        others = tuple(dict.fromkeys(name for edit in edits for name in edit.detail.get("beside", ())))
        with staged(staging) as work:
            deleted = wanted.write(model, work)
            tell(f"{unit.name}: comparing what stays")
            # the index is there when the file that was asked for is gone
            again = replace(unit, name=model.index.name) if model.index is not None else unit
            checks = tuple(prove.checks(model, bundle(again, staging), wanted, staging, work.names))
            more, lost = nearby.change(unit, others, parts, staging)
            work.names += more
            checks += tuple(nearby.checked(unit, [name for name in others if name in more], parts, staging))
            failed = [check for check in checks if not check.passed]
            if failed:
                raise StripError(f"{unit.name}: {failed[0].name}: {failed[0].detail}; nothing was written")
            written = tuple(work.names)
        notes = (FORGETS, SOFTMAX) if wanted.rows else (FORGETS,)
        return Outcome(self.name, unit.name, written, (*deleted, *lost), checks, notes)


def own_files(model: Bundle) -> tuple[str, ...]:
    """Return the names of the files that a model consists of."""
    texts = [text.name for text in (model.index, model.config) if text is not None]
    return (*(file.name for file in model.files), *texts)


def marks(model: Bundle, unit: Unit) -> dict[str, str]:
    """Return what tells the files of a model from others: headers and sizes of weights, digests of the rest."""
    found = {file.name: file.mark for file in model.files}
    for text in (model.index, model.config):
        if text is not None:
            found[text.name] = sha256(unit.root / text.name)
    return found


def _edit(model: Bundle, unit: Unit, gone: dict[str, str], found: Rows | None) -> Edit:
    tensors = {t.name: t for t in model.tensors()}
    classes = found.gone if found else {}
    own = {*gone.values(), *classes.values()}
    main = choose.main_attribute([*gone.values(), *classes.values()], unit)
    labels = [found.labels[n] if found and found.labels else str(n) for n in classes]
    removes = [f"tensor {tensors[name].said()}" for name in gone]
    if found:
        removes += [f"class {n} {label}" for n, label in zip(classes, labels, strict=True)]
        removes += [f"{len(classes)} of {found.size} rows of {tensor.said()}" for tensor in found.tensors]
    keys = list(dict.fromkeys(_keys(model, {*own, main}))) if gone else []
    names = [*gone, *keys, *(labels if found and found.labels else [])]
    detail = {
        "tensors": list(gone),
        "attributes": sorted(own - {"named"}),
        "rows": {t.name: sorted(set(range(found.size)) - set(classes)) for t in found.tensors} if found else {},
        "labels": list(found.labels) if found else [],
        "gone": list(classes),
        "names": list(dict.fromkeys([*names, *_prefixes(gone), *([found.prefix] if found else [])])),
        "marks": marks(model, unit),
    }
    planned = Edit(
        editor="safetensors",
        unit=unit.name,
        kind="classes" if found and not gone else "head",
        target=_target(gone, found, labels),
        attribute=main,
        safety="unsafe",
        files=(),
        detail=detail,
    )
    return Edit(
        editor="safetensors",
        unit=unit.name,
        kind=planned.kind,
        target=planned.target,
        attribute=main,
        safety="unsafe",
        files=change(model, [planned]).files(model),
        removes=tuple(removes),
        depends=tuple(_depends(model, gone, found)),
        why=SOFTMAX if found else "code that still builds the head gives it random numbers instead",
        findings=choose.answered(unit, names, labels if found and found.labels else ()),
        detail=detail,
    )


def _keys(model: Bundle, attributes: set[str]) -> list[str]:
    """Return the keys of the configuration that go with a head."""
    return [key for _, key in named_keys(model.config, attributes - {"named"})] if model.config is not None else []


def _target(gone: dict[str, str], found: Rows | None, labels: list[str]) -> str:
    parts = [f"tensor {name}" for name in gone]
    if found:
        parts += [f"class {n} {label}" for n, label in zip(found.gone, labels, strict=True)]
    return ", ".join(parts)


def _prefixes(names: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(prefix for name in names if (prefix := name.rpartition(".")[0])))


def _depends(model: Bundle, gone: dict[str, str], found: Rows | None) -> Iterator[str]:
    if gone:
        yield f"code that builds {', '.join(_prefixes(gone) or gone)} must no longer do so"
    if found:
        left = found.size - len(found.gone)
        yield f"code that builds {found.prefix} with {found.size} classes must build it with {left}"
    for name in model.others:
        yield f"{name} beside it may hold the same weights: cut or delete it as well"


EDITOR: Final = Safetensors()
