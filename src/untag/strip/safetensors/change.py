"""What a plan changes in the files of one model, and how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.safetensors.config import cut_keys, cut_labels, cut_metadata
from untag.strip.safetensors.write import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.strip.base import Edit
    from untag.strip.safetensors.bundle import Bundle
    from untag.strip.safetensors.layout import Layout
    from untag.strip.weights.jsontext import Text
    from untag.strip.weights.pieces import Staged


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Tensors that go, rows that stay of others, and the classes behind them."""

    tensors: frozenset[str]
    rows: dict[str, tuple[int, ...]]
    labels: tuple[str, ...]
    gone: tuple[int, ...]
    attributes: tuple[str, ...]
    """Attributes of heads that go: keys of the configuration named for them go as well."""

    def _touches(self, file: Layout) -> bool:
        """Whether a file of tensors is written anew. Marks in its metadata what goes."""
        marked = self._metadata(file)
        return bool(marked) or any(name in file.tensors for name in (*self.tensors, *self.rows))

    def _metadata(self, file: Layout) -> list[str]:
        """Mark in the metadata of a header what goes; return the keys."""
        return cut_metadata(file.header, self.labels, self.gone, self.attributes if self.tensors else ())

    def empties(self, file: Layout) -> bool:
        """Whether no tensor is left of a file."""
        return bool(file.tensors) and set(file.tensors) <= self.tensors

    def configure(self, config: Text) -> list[str]:
        """Mark in a configuration what goes; return the keys."""
        done = cut_labels(config, self.labels, self.gone) if self.labels and self.gone else []
        return done + (cut_keys(config, self.attributes) if self.tensors else [])

    def files(self, model: Bundle) -> tuple[str, ...]:
        """Return the names of all files that are written or deleted. Uses up the texts of ``model``."""
        found = [file.name for file in model.files if self._touches(file)]
        if model.index is not None and (self.tensors or self.rows):
            found.append(model.index.name)
        if model.config is not None and self.configure(model.config):
            found.append(model.config.name)
        return tuple(found)

    def write(self, model: Bundle, work: Staged) -> tuple[str, ...]:
        """Write what changes; return the names of files that are to be deleted. Uses up the texts of ``model``."""
        deleted: list[str] = []
        if model.index is not None and (self.tensors or self.rows):
            self._index(model, model.index)
            work.write(model.index.name, model.index.done())
        if model.config is not None and self.configure(model.config):
            work.write(model.config.name, model.config.done())
        for file in model.files:
            if self.empties(file):
                deleted.append(file.name)
            elif self._touches(file):
                own = {name: kept for name, kept in self.rows.items() if name in file.tensors}
                write(file, self.tensors & file.tensors.keys(), own, work.path(file.name))
        return tuple(deleted)

    def _index(self, model: Bundle, index: Text) -> None:
        """Mark in the index the tensors that go, and the sum of bytes that is left."""
        held = index.root.get("weight_map")
        if held is not None:
            index.remove(held, lambda m: m.key in self.tensors)
        total = index.root.get("metadata", "total_size")
        if total is not None and type(total.plain) is int:
            lost = sum(t.stop - t.start for t in model.tensors() if t.name in self.tensors)
            for tensor in model.tensors():
                if tensor.name in self.rows:
                    lost += (tensor.shape[0] - len(self.rows[tensor.name])) * tensor.row
            index.put(total, total.plain - lost)


def change(model: Bundle, edits: Sequence[Edit]) -> Change:
    """Return the change that some edits make together; raise `StripError` for what the model has not."""
    known = {t.name: t for t in model.tensors()}
    tensors: set[str] = set()
    rows: dict[str, tuple[int, ...]] = {}
    labels: tuple[str, ...] = ()
    gone: set[int] = set()
    attributes: dict[str, None] = {}
    for edit in edits:
        detail: dict[str, Any] = edit.detail
        tensors |= set(detail["tensors"])
        for name, kept in detail["rows"].items():
            rows[name] = tuple(sorted(set(kept) & set(rows.get(name, kept))))
        labels = tuple(detail["labels"]) or labels
        gone |= set(detail["gone"])
        attributes |= dict.fromkeys(detail["attributes"])
    missing = sorted({*tensors, *rows} - known.keys())
    if missing or any(max(kept, default=-1) >= known[name].shape[0] for name, kept in rows.items()):
        raise StripError(f"the model has no {', '.join(missing) or 'rows of the plan'}; plan again")
    return Change(frozenset(tensors), rows, labels, tuple(sorted(gone)), tuple(attributes))
