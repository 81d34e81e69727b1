"""PyTorch's state dicts: written as safetensors without the tensors of a head; the pickle is never run.

The pickle holds more than tensors and cannot be changed in place without being loaded, so the copy gets a
safetensors file instead, and code that loads the old name must be changed. What is no plain state dict is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from typing import TYPE_CHECKING, Final

from untag.strip.base import Check, Edit, Outcome, Refusal, StripError, sha256
from untag.strip.safetensors.layout import layout
from untag.strip.torch.state import LEGACY, Held, contiguous, elements, state
from untag.strip.weights import choose
from untag.strip.weights.pieces import LONGEST, absent, digest, layouts, staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit
    from untag.strip.torch.state import State

ENDINGS: Final = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".tar", ".model", ".torch")
OPTIMIZER: Final = re.compile(r"(?:^|[._])(?:optim\w*|exp_avg(?:_sq)?|momentum_buffer)(?:[._]|$)")
"""Names of what an optimizer keeps."""
SEARCHED: Final = 64 << 10
STRIDED: Final = 1 << 22
"""Bytes of a tensor that does not lie in one piece, above which it is refused: it is read element by element."""
NEEDED: Final = "load it in a place of your own, and save model.state_dict() with torch.save or safetensors"


class Torch:
    """Cuts heads from state dicts."""

    name = "torch"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Whether it is a zip or a legacy file of PyTorch."""
        if not unit.name.lower().endswith(ENDINGS):
            return False
        try:
            with unit.path.open("rb") as file:
                head = file.read(64)
            if head.startswith(LEGACY):
                return True
            if head[:4] != b"PK\x03\x04":
                return False
            with zipfile.ZipFile(unit.path) as packed:
                return any(name.endswith(("/data.pkl", "/constants.pkl")) for name in packed.namelist())
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
            return False

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """See `untag.strip.base.Editor`."""
        if not unit.findings and not choice.outputs:
            return
        prints = tuple(f.fingerprint for f in unit.findings)
        try:
            held = state(unit.path, unit.name)
        except StripError as error:
            if unit.findings or unit.alone:
                yield Refusal(unit.name, unit.name, str(error), NEEDED, prints)
            return
        gone = {t.name: own for t in held.tensors if (own := choose.of_path(t.name, unit, choice))}
        if not gone:
            if unit.findings:
                reason = f"no tensor is itself named for {', '.join(choose.wanted(unit))}"
                yield Refusal(unit.name, unit.findings[0].excerpt[:120], reason, "name one with --output", prints)
            return
        refused = _refused(unit, held, gone)
        if refused is not None:
            yield refused
            return
        yield _edit(unit, held, gone)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """See `untag.strip.base.Editor`."""
        if any(edit.editor != self.name or edit.detail.get("sha256") != sha256(unit.path) for edit in edits):
            raise StripError(f"{unit.name} is not the file that the plan was made for; plan again")
        tell = progress or (lambda _: None)
        held = state(unit.path, unit.name)
        names = {name for edit in edits for name in edit.detail["tensors"]}
        if not names <= {t.name for t in held.tensors}:
            raise StripError(f"{unit.name} has not all tensors of the plan; plan again")
        kept = [t for t in held.tensors if t.name not in names]
        new = edits[0].detail["new"]
        with staged(staging) as work:
            tell(f"{unit.name}: writing {new}")
            digests = _write(unit.path, kept, work.path(new))
            checks = tuple(_checks(unit, held, names, staging / new, new, digests))
            failed = [check for check in checks if not check.passed]
            if failed:
                raise StripError(f"{unit.name}: {failed[0].name}: {failed[0].detail}; nothing was written")
        notes = (
            "the head is gone; the representation that it read is as it was, and may still encode it",
            f"{unit.name} is now {new}: load it with safetensors",
        )
        return Outcome(self.name, unit.name, (new,), (unit.name,), checks, notes)


def _new(unit: Unit) -> str:
    folder, slash, base = unit.name.rpartition("/")
    return f"{folder}{slash}{base.rsplit('.', 1)[0]}.safetensors"


def _refused(unit: Unit, held: State, gone: dict[str, str]) -> Refusal | None:
    """Return why the tensors cannot go, or the others cannot be written."""
    prints = tuple(f.fingerprint for f in unit.findings)
    target = ", ".join(gone)
    kept = [t for t in held.tensors if t.name not in gone]
    if not kept:
        return Refusal(unit.name, target, "every tensor is protected", "delete the model", prints)
    removed = [t for t in held.tensors if t.name in gone]
    trained = next((t.name for t in kept if OPTIMIZER.search(t.name)), "")
    if trained:
        reason = f"{trained} belongs to an optimizer, which keeps numbers of every tensor, the removed ones included"
        return Refusal(unit.name, target, reason, "save model.state_dict() alone", prints)
    for tensor in kept:
        tied = next((r for r in removed if r.storage == tensor.storage and _overlap(r, tensor)), None)
        if tied is not None:
            reason = f"{tensor.name} shares the numbers of {tied.name}, which would stay"
            return Refusal(unit.name, target, reason, "untie the tensors and save again", prints)
        if not contiguous(tensor) and tensor.size > STRIDED:
            reason = f"{tensor.name} does not lie in one piece"
            return Refusal(unit.name, target, reason, "save contiguous tensors", prints)
    if _new(unit) in unit.listing or (unit.root / _new(unit)).exists():
        return Refusal(unit.name, target, f"{_new(unit)} is there already", "move it away, or strip it instead", prints)
    return None


def _overlap(one: Held, two: Held) -> bool:
    """Whether two tensors of one storage may share elements: whether their ranges do."""
    ranges = []
    for tensor in (one, two):
        reach = sum((n - 1) * s for n, s in zip(tensor.shape, tensor.strides, strict=True)) + 1
        ranges.append((tensor.start, tensor.start + reach * tensor.width if all(tensor.shape) else tensor.start))
    return ranges[0][0] < ranges[1][1] and ranges[1][0] < ranges[0][1]


def _edit(unit: Unit, held: State, gone: dict[str, str]) -> Edit:
    new = _new(unit)
    prefixes = list(dict.fromkeys(prefix for name in gone if (prefix := name.rpartition(".")[0])))
    depends = [
        f"code that loads {unit.name} must load {new}, with safetensors",
        f"code that builds {', '.join(prefixes or gone)} must no longer do so: it would get random numbers",
    ]
    if held.other:
        lost = ", ".join(held.other[:8])
        depends.append(f"{len(held.other):,} entries that are no tensors are not in the new file: {lost}")
    return Edit(
        editor="torch",
        unit=unit.name,
        kind="head",
        target="tensors " + ", ".join(gone),
        attribute=choose.main_attribute(gone.values(), unit),
        safety="unsafe",
        files=(unit.name, new),
        removes=tuple(f"tensor {t.said()}" for t in held.tensors if t.name in gone),
        depends=tuple(depends),
        why="the file gets another name and format, and code that builds the head must be changed",
        # the file itself is gone: what is found in the new one is found by the scan that follows
        findings=tuple(f.fingerprint for f in unit.findings),
        detail={
            "tensors": list(gone),
            "new": new,
            "names": list(dict.fromkeys((*gone, *prefixes, unit.name.rsplit("/", 1)[-1]))),
            "sha256": sha256(unit.path),
        },
    )


def _write(source: Path, kept: Sequence[Held], target: Path) -> dict[str, str]:
    """Write tensors as safetensors; return the digest of each one's bytes, as they were read."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for tensor in kept:
        header[tensor.name] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [at, at + tensor.size],
        }
        at += tensor.size
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-(8 + len(text)) % 8)
    digests: dict[str, str] = {}
    with target.open("wb") as out:
        out.write(len(text).to_bytes(8, "little"))
        out.write(text)
        for tensor in kept:
            seen = hashlib.sha256()
            for piece in elements(source, tensor):
                seen.update(piece)
                out.write(piece)
            digests[tensor.name] = seen.hexdigest()
    return digests


def _checks(unit: Unit, held: State, gone: set[str], path: Path, new: str, digests: dict[str, str]) -> Iterator[Check]:
    """Yield each comparison of the new file, which is read again, with the old one."""
    made = layout(path, new)
    expected = {t.name: (t.dtype, t.shape) for t in held.tensors if t.name not in gone}
    same = expected == {t.name: (t.dtype, t.shape) for t in made.tensors.values()}
    yield Check("parses", same, f"read again: {len(made.tensors):,} tensors", {"tensors": len(made.tensors)})
    wrong = [t.name for t in made.tensors.values() if digest(path, [(t.start, t.stop)]) != digests.get(t.name)]
    whole = [t for t in held.tensors if t.name not in gone and contiguous(t)]
    wrong += [
        t.name
        for t in whole
        if t.name in made.tensors and digest(unit.path, [(t.start, t.start + t.size)]) != digests[t.name]
    ]
    detail = f"{len(expected):,} kept tensors compared with the slices of their storages: {len(wrong)} differ"
    yield Check("kept weights", not wrong, detail, {"tensors": len(expected), "different": len(wrong)})
    with path.open("rb") as file:
        head = file.read(made.begin)
    left = sorted(n for n in gone if b'"' + n.encode() + b'"' in head)
    yield Check("removed names absent", not left, f"{len(gone)} names searched: {len(left)} left", {"left": left})
    yield absent([path], [v for t in held.tensors if t.name in gone for v in _values(unit.path, t)])


def _values(path: Path, tensor: Held) -> Iterator[bytes]:
    """Yield the beginning of a removed tensor's bytes, as rows and as columns."""
    data = bytearray()
    for piece in elements(path, tensor):
        data += piece
        if len(data) >= SEARCHED:
            break
    yield bytes(data[:LONGEST])
    yield from layouts(bytes(data[:SEARCHED]), tensor.shape, tensor.width)


EDITOR: Final = Torch()
