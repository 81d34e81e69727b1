"""Label files beside a model that is no ONNX: they lose the classes that the model loses, in the same change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from untag.interpret.naming import protected
from untag.nouns import replace
from untag.strip.base import Check, StripError
from untag.strip.onnx import beside, joined
from untag.strip.onnx.cleaned import losses
from untag.strip.onnx.heads import Head, Labels

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from untag.strip.base import Unit


def known(unit: Unit, own: Collection[str]) -> tuple[Labels, ...]:
    """Return the lists of class names in the files beside a model; ``own`` are the files that it consists of."""
    return tuple(beside.labels(unit, own))


def spread(heads: Iterable[Head], lists: Sequence[Labels], sizes: Mapping[str, int]) -> tuple[Head, ...]:
    """Return heads that go whole with the list in which their classes stand between those of other outputs."""
    found = []
    for head in heads:
        starts = {
            (labels.names, at)
            for labels in lists
            if head.whole and head.attribute and (at := joined.of_output(labels.names, head.output, sizes)) is not None
        }
        if len(starts) == 1:
            names, start = starts.pop()
            found.append(replace(head, listed=names, start=start))
        else:
            found.append(head)
    return tuple(found)


def touched(unit: Unit, heads: Sequence[Head], own: Collection[str]) -> tuple[str, ...]:
    """Return the files beside a model in which classes go."""
    return beside.touched(unit, losses(heads), own)


def change(unit: Unit, names: Sequence[str], heads: Sequence[Head], staging: Path) -> tuple[list[str], list[str]]:
    """Write the files without the classes; return those written and those to be deleted, which list nothing else."""
    return beside.change(unit, names, losses(heads), heads, staging) if names else ([], [])


def checked(unit: Unit, names: Sequence[str], heads: Sequence[Head], staging: Path) -> Iterator[Check]:
    """Yield the comparison of the changed files with the old ones: what stays is in order, what went is not there."""
    if not names:
        return
    gone = losses(heads)
    wrong, count = [], 0
    for name in names:
        old, new = beside.lists(unit.root, name), beside.lists(staging, name)
        expected = [
            tuple(label for at, label in enumerate(found.labels) if at not in gone(found))
            for found in old
            if len(gone(found)) < len(found.labels)
        ]
        count += sum(len(gone(found)) for found in old)
        # of one name there is no list any more
        if [found.labels for found in new] != [labels for labels in expected if len(labels) > 1]:
            wrong.append(name)
    detail = f"{count:,} names of classes gone from {', '.join(names)}, the others as they were"
    if wrong:
        detail = f"{', '.join(wrong)} is not what it was less the classes"
    yield Check("label files", not wrong, detail, {"files": list(names), "removed": count})


def said(head: Head) -> str:
    """Return which classes go of a head that shrinks, by name where they have names."""
    names = [head.labels[at] for at in sorted(head.classes)] if head.labels else [str(at) for at in sorted(head.gone)]
    return f"classes {', '.join(names[:12])}{' …' if len(names) > 12 else ''} of output {head.output}"  # noqa: PLR2004 - a line's worth


def stated(head: Head) -> dict[str, Any]:
    """Return a head as a plan states it."""
    return {
        "output": head.output,
        "attribute": head.attribute,
        "axis": head.axis,
        "gone": sorted(head.gone),
        "size": head.size,
        "labels": list(head.labels),
        "listed": list(head.listed),
        "start": head.start,
    }


def again(rows: Iterable[dict[str, Any]]) -> tuple[Head, ...]:
    """Return the heads that a plan states, in the order of their names; raise `StripError` for a plan that has none."""
    heads: dict[str, Head] = {}
    try:
        for row in rows:
            head = Head(
                str(row["output"]),
                str(row["attribute"]),
                int(row["axis"]),
                frozenset(map(int, row["gone"])),
                int(row["size"]),
                0,
                tuple(map(str, row["labels"])),
                tuple(map(str, row["listed"])),
                int(row["start"]),
            )
            old = heads.get(head.output)
            if old is not None and not old.whole and not head.whole:
                head = replace(head, gone=head.gone | old.gone)
            heads[head.output] = old if old is not None and old.whole else head
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StripError("the plan does not say which heads go; make the plan anew") from error
    return tuple(heads[name] for name in sorted(heads))


def groups(lists: Iterable[Labels]) -> tuple[str, ...]:
    """Return where lists stand that hold names of groups."""
    return tuple(dict.fromkeys(found.source for found in lists if any(protected(found.names))))
