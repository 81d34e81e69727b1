"""The statement that an attestation signs: an in-toto v1 statement about what a scan found.

Source of the form: the in-toto attestation framework, Statement v1 and ResourceDescriptor; ``dirHash`` of a folder is
the Go ``dirhash.Hash1`` sum over sorted lines of digest and name, as the framework's digest set names it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UntagError, UsageError
from untag.model import READ_ANYWAY
from untag.strip.prove import PROOF
from untag.strip.prove import load as load_proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.model import Report

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "urn:untag:attestation:scan:v1"
"""The type of our predicate; a change of its meaning is a new version."""
PREDICATE_KEYS: Final = (
    *("tool", "lexicon", "policy", "target", "status", "findings", "fingerprints", "coverage", "gaps", "waivers"),
    *("options", "proofs", "made", "expires", "wording"),
)
WORDING: Final = "what untag found, or did not find, in what was read; no statement about what was not read"
FILES: Final = 1_000_000
"""Files below a folder that is attested; a larger tree is packed first."""


class AttestError(UntagError):
    """An attestation cannot be made, or does not hold."""


def digest_of(path: Path) -> dict[str, str]:
    """Return the digest set of a file (``sha256``) or a folder (``dirHash``)."""
    if path.is_symlink() or not (path.is_file() or path.is_dir()):
        raise UsageError(f"cannot attest {path}: name a regular file or a folder")
    if path.is_file():
        return {"sha256": _sha256(path)}
    total = hashlib.sha256()
    for name in sorted(_names(path), key=os.fsencode):
        if "\n" in name:
            raise UsageError("a file name holds a line feed: such a folder has no digest; pack it first")
        total.update(f"{_sha256(path / name)}  {name}\n".encode("utf-8", "surrogateescape"))
    return {"dirHash": total.hexdigest()}


def _names(root: Path) -> Iterator[str]:
    count = 0
    for folder, folders, files in os.walk(root, followlinks=False):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        if links:
            raise UsageError(f"{links[0]} is a link to a folder: its digest would say nothing of what it names")
        for name in files:
            full = Path(folder) / name
            if full.is_symlink():
                raise UsageError(f"{full.relative_to(root)} is a link: its digest would say nothing of what it names")
            count += 1
            if count > FILES:
                raise UsageError(f"more than {FILES:,} files: pack the folder and attest the archive")
            yield full.relative_to(root).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def statement(
    report: Report,
    subjects: Iterable[Path],
    *,
    made: datetime,
    expires: datetime | None = None,
    options: Sequence[str] = (),
    proofs: Iterable[Path] = (),
) -> dict[str, Any]:
    """Return the statement about a report: its subjects with digests, and the predicate.

    ``made`` and ``expires`` are moments in UTC; ``options`` are those of the scan that change what is read.
    """
    table = {
        "_type": STATEMENT,
        "subject": [{"name": path.name, "digest": digest_of(path)} for path in subjects],
        "predicateType": PREDICATE,
        "predicate": {
            "wording": WORDING,
            "tool": {"name": "untag", "version": report.tool_version, "readers": dict(report.readers)},
            "lexicon": {"version": report.lexicon_version, "sha256": report.lexicon_sha256},
            "policy": {
                "id": report.policy.id,
                "sha256": report.policy.sha256,
                "overlays": list(report.policy.overlays),
                "leaves_out": list(report.policy.leaves_out),
            },
            "target": report.target,
            "status": report.status,
            "findings": _counts(report),
            "fingerprints": fingerprints(report),
            "coverage": {
                "files": report.coverage.files,
                "bytes": report.coverage.size,
                "parsed": report.coverage.parsed,
                "bytes_only": report.coverage.bytes,
                "opaque": report.coverage.opaque,
                "unread": report.coverage.unread,
            },
            "gaps": {
                "all": len(report.gaps),
                "hiding": sum(gap.reason not in READ_ANYWAY for gap in report.gaps),
                "reasons": dict(sorted(Counter(gap.reason for gap in report.gaps).items())),
            },
            "waivers": sorted({d.waiver for d in report.decisions if d.waiver}),
            "options": list(options),
            "proofs": [_proof(path) for path in proofs],
            "made": stamp(made),
            "expires": stamp(expires) if expires else None,
        },
    }
    whole: dict[str, Any] = _encodable(table)
    return whole


def _encodable(value: Any) -> Any:
    """Return a value whose texts all have UTF-8: bytes of a name that are none stand as escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(one) for one in value]
    return value


def _counts(report: Report) -> list[dict[str, Any]]:
    """Return how many findings there are of each action, operation and attribute."""
    found = Counter((d.action, d.finding.operation, d.finding.attribute) for d in report.decisions)
    return [
        {"action": action, "operation": operation, "attribute": attribute, "count": count}
        for (action, operation, attribute), count in sorted(found.items())
    ]


def fingerprints(report: Report) -> str:
    """Return the SHA-256 over the sorted fingerprints with their actions: two equal scans have the same."""
    rows = sorted(f"{d.finding.fingerprint} {d.action}" for d in report.decisions)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _proof(path: Path) -> dict[str, Any]:
    table = load_proof(path, PROOF)
    if table.get("holds") is not True:
        raise AttestError(f"{path.name} is a proof that does not hold: strip anew")
    return {
        "sha256": _sha256(path),
        "target": table.get("target", ""),
        "removed": [{"file": edit["file"], "target": edit["target"]} for edit in table.get("edits", ())],
        "files": table.get("files", ()),
    }


def stamp(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Return the moment that a stamp names; raise `AttestError` for any other form."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (TypeError, ValueError) as error:
        raise AttestError(f"{text!r} is no moment in UTC") from error


def canonical(table: dict[str, Any]) -> bytes:
    """Return the bytes that are signed: JSON with sorted keys and no blanks."""
    return json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
