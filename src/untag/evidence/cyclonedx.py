"""The result of a scan as properties of components in a CycloneDX 1.6 bill of materials (ML-BOM for models).

Source of the form: CycloneDX specification 1.6, JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag.evidence.statement import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.6.schema.json"
MODELS: Final = (
    *(".onnx", ".pb", ".tflite", ".task", ".h5", ".keras", ".pt", ".pth", ".ckpt", ".safetensors", ".gguf"),
    *(".mlmodel", ".caffemodel", ".pdmodel", ".engine", ".plan", ".mnn", ".ncnn", ".joblib"),
)
DATA: Final = (".csv", ".tsv", ".parquet", ".arrow", ".feather", ".jsonl", ".sqlite", ".db", ".tfrecord")


def bill(statement: dict[str, Any], subjects: Iterable[Path]) -> str:
    """Return the bill of materials for the subjects of a statement, with its result as their properties."""
    predicate = statement["predicate"]
    components = [_component(path, predicate) for path in subjects]
    table = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": predicate["made"],
            "tools": {
                "components": [{"type": "application", "name": "untag", "version": predicate["tool"]["version"]}]
            },
        },
        "components": components,
    }
    return json.dumps(table, ensure_ascii=False, indent=2) + "\n"


def _component(path: Path, predicate: dict[str, Any]) -> dict[str, Any]:
    digest = digest_of(path)
    name = path.name.encode("utf-8", "backslashreplace").decode()
    table: dict[str, Any] = {
        "type": _type(path),
        "bom-ref": f"{name}@{next(iter(digest.values()))[:16]}",
        "name": name,
        "properties": [{"name": name, "value": value} for name, value in _properties(digest, predicate)],
    }
    if "sha256" in digest:
        table["hashes"] = [{"alg": "SHA-256", "content": digest["sha256"]}]
    return table


def _type(path: Path) -> str:
    name = path.name.lower()
    if name.endswith(MODELS):
        return "machine-learning-model"
    if name.endswith(DATA):
        return "data"
    return "file" if path.is_file() else "application"


def _properties(digest: dict[str, str], predicate: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the properties, one value each, as the specification asks."""
    rows = [
        ("untag:status", predicate["status"]),
        ("untag:wording", predicate["wording"]),
        ("untag:policy", f"{predicate['policy']['id']}@{predicate['policy']['sha256']}"),
        ("untag:lexicon", f"{predicate['lexicon']['version']}@{predicate['lexicon']['sha256']}"),
        ("untag:files", str(predicate["coverage"]["files"])),
        ("untag:unread", str(max(predicate["coverage"]["unread"], predicate["gaps"]["hiding"]))),
        ("untag:fingerprints", predicate["fingerprints"]),
    ]
    if "dirHash" in digest:
        rows.append(("untag:dirHash", digest["dirHash"]))
    rows += [
        (f"untag:finding:{row['action']}:{row['operation']}:{row['attribute']}", str(row["count"]))
        for row in predicate["findings"]
    ]
    rows += [("untag:waiver", reason) for reason in predicate["waivers"]]
    rows += [("untag:proof", proof["sha256"]) for proof in predicate["proofs"]]
    return rows
