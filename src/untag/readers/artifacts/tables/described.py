"""What table files carry as JSON beside their columns: class names, comments, descriptions.

Hugging Face's ``datasets`` writes its features under the key ``huggingface`` of Parquet and
Arrow metadata, with the names of each ClassLabel; Spark, Iceberg and Delta write a schema
with comments; pandas writes types, which say nothing here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from untag.model import Blob
from untag.readers.artifacts.tables.columns import COLUMNS, PATH, Column, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

DEPTH: Final = 32
"""Objects inside objects that are walked; features nest 3 deep."""
NAMES: Final = 2_000
"""Class names kept of one column: ImageNet has 1,000."""
TOLD: Final = ("comment", "doc", "description")
"""Keys under which schemas keep what they say of a column."""
SCHEMAS: Final = ("iceberg.schema", "org.apache.spark.sql.parquet.row.metadata", "delta.schema", "avro.schema")
SKIPPED: Final = ("ARROW:schema", "pandas", "org.apache.spark.version", "writer.model.name", "parquet.avro.schema")


@dataclass(slots=True)
class Described:
    """What metadata says of the columns."""

    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Class names by column."""
    docs: dict[str, str] = field(default_factory=dict)
    """Comments by column."""
    texts: list[str] = field(default_factory=list)
    """Descriptions of the whole."""
    rest: dict[str, str] = field(default_factory=dict)
    """Pairs that no one here knows, to be read as texts of their own."""

    def apply(self, columns: Iterable[Column]) -> None:
        """Tell each column what is said of it."""
        for column in columns:
            column.classes = column.classes or self.classes.get(column.name, ())
            column.doc = column.doc or self.docs.get(column.name, "")

    def others(self, columns: Iterable[Column]) -> list[Column]:
        """Return columns for classes whose column is not in the file."""
        known = {c.name for c in columns}
        return [Column(n, "class label", classes=c) for n, c in self.classes.items() if n not in known]

    def blobs(self, trail: Sequence[str]) -> Iterator[Blob]:
        """Yield the pairs that no one here knows as members of the file."""
        for key, value in self.rest.items():
            name = clean(key, 100).replace("/", "_").replace("\\", "_").strip(". ") or "metadata"
            name += ".json" if value[:1] in ("{", "[") else ".txt"
            yield Blob((*trail, name), value.encode("utf-8", "replace"))


def parse(text: str) -> Any:
    """Return JSON, or None for what is none or nests too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def described(pairs: Mapping[str, str]) -> Described:
    """Read the key-value metadata of a file."""
    out = Described()
    for key, value in pairs.items():
        if key == "huggingface":
            _huggingface(parse(value), out)
        elif key in SCHEMAS:
            comments(parse(value), out.docs)
        elif key not in SKIPPED and value.strip() and not key.startswith("geo"):
            out.rest[key] = value
    return out


def _huggingface(raw: Any, out: Described) -> None:
    info = raw.get("info", raw) if isinstance(raw, dict) else None
    if not isinstance(info, dict):
        return
    class_labels(info.get("features"), "", out.classes)
    for key in ("description", "homepage", "dataset_name"):
        if isinstance(info.get(key), str):
            out.texts.append(info[key])


def class_labels(raw: Any, path: str, out: dict[str, tuple[str, ...]], depth: int = 0) -> None:
    """Gather the names of each ClassLabel in a tree of features, by its column's path."""
    if depth > DEPTH or len(out) > COLUMNS:
        return
    if isinstance(raw, list):
        for item in raw[:100]:
            class_labels(item, path, out, depth + 1)
    elif isinstance(raw, dict):
        names = raw.get("names")
        if raw.get("_type", "ClassLabel") == "ClassLabel" and isinstance(names, list):
            out[path] = tuple(n for n in names[:NAMES] if isinstance(n, str))
            return
        for key, value in raw.items():
            inner = path if key in ("feature", "dtype") else f"{path}.{key}"[:PATH] if path else key[:PATH]
            class_labels(value, inner, out, depth + 1)


def comments(raw: Any, out: dict[str, str], depth: int = 0) -> None:
    """Gather what a schema says of each field: objects with a name and a comment."""
    if depth > DEPTH or len(out) > COLUMNS:
        return
    if isinstance(raw, list):
        for item in raw:
            comments(item, out, depth + 1)
    elif isinstance(raw, dict):
        name = raw.get("name")
        metadata = raw.get("metadata")
        for source in (raw, metadata if isinstance(metadata, dict) else {}):
            for key in TOLD:
                if isinstance(name, str) and isinstance(source.get(key), str):
                    out.setdefault(name, source[key])
        for value in raw.values():
            if isinstance(value, dict | list):
                comments(value, out, depth + 1)
