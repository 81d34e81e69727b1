"""The proof of a removal: what was compared, with the digests of every file before and after.

A removal without its proof is an error and leaves no output. `render` writes ``proof.json``, the same bytes for
the same removal; `hold` compares a proof with the files in hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag._version import __version__
from untag.errors import ConfigError
from untag.nouns import dataclass
from untag.strip.base import Check, Edit, FileProof, Refusal, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from untag.model import Report
    from untag.strip.callers import Caller
    from untag.strip.plan import Plan

PROOF: Final = "untag/proof/v1"
PLAN: Final = "untag/plan/v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that the removal was done, and nothing else."""

    plan: Plan
    files: tuple[FileProof, ...]
    """Every file that was rewritten or deleted."""
    same: int
    """Files that were copied unchanged."""
    checks: tuple[tuple[str, Check], ...]
    """Relative name of the file, and what was compared; empty for the whole tree."""
    notes: tuple[tuple[str, str], ...]
    editors: tuple[tuple[str, int], ...]
    """Name and version of each editor that took part."""
    after: Report
    """The scan of the result."""

    @property
    def holds(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for _, check in self.checks)


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return a plan as ``plan.json`` holds it."""
    return {
        "schema": PLAN,
        "tool": {"name": "untag", "version": __version__},
        "lexicon": {"version": plan.report.lexicon_version, "sha256": plan.report.lexicon_sha256},
        "policy": {"id": plan.report.policy.id, "sha256": plan.report.policy.sha256},
        "target": plan.title,
        "choice": {
            "attributes": list(plan.choice.attributes),
            "findings": list(plan.choice.findings),
            "outputs": list(plan.choice.outputs),
            "classes": list(plan.choice.classes),
            "renormalise": plan.choice.renormalise,
            "unsafe": plan.choice.unsafe,
        },
        "edits": [_edit(edit) for edit in plan.edits],
        "refusals": [_refusal(refusal) for refusal in plan.refusals],
        "callers": [_caller(caller) for caller in plan.callers],
        "files": [{"name": name, "sha256": digest} for name, digest in sorted(plan.digests.items())],
    }


def document(proof: Proof) -> dict[str, Any]:
    """Return a proof as ``proof.json`` holds it."""
    plan = plan_document(proof.plan)
    done = {id(edit) for edit in proof.plan.due()}
    left = [_edit(edit) for edit in proof.plan.edits if id(edit) not in done]
    return {
        **plan,
        "schema": PROOF,
        "tool": {"name": "untag", "version": __version__, "editors": dict(proof.editors)},
        "holds": proof.holds,
        "edits": [_edit(edit) for edit in proof.plan.edits if id(edit) in done],
        "left": left,
        "files": [
            {
                "name": file.name,
                "before": {"sha256": file.before_sha256, "size": file.before_size},
                "after": {"sha256": file.after_sha256, "size": file.after_size} if file.after_sha256 else None,
            }
            for file in proof.files
        ],
        "unchanged": proof.same,
        "checks": [
            {"file": name, "name": c.name, "passed": c.passed, "detail": c.detail, "figures": c.figures}
            for name, c in proof.checks
        ],
        "notes": [{"file": name, "text": text} for name, text in proof.notes],
        "rescan": {
            "status": proof.after.status,
            "findings": sorted(f.fingerprint for f in proof.after.findings),
            "gaps": len(proof.after.gaps),
        },
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "editor": edit.editor,
        "file": edit.unit,
        "kind": edit.kind,
        "target": edit.target,
        "attribute": edit.attribute,
        "safety": edit.safety,
        "files": list(edit.files),
        "removes": list(edit.removes),
        "depends": list(edit.depends),
        "why": edit.why,
        "findings": list(edit.findings),
        "detail": edit.detail,
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "file": refusal.unit,
        "target": refusal.target,
        "reason": refusal.reason,
        "needed": refusal.needed,
        "findings": list(refusal.findings),
    }


def _caller(caller: Caller) -> dict[str, Any]:
    return {"file": caller.name, "line": caller.line, "what": caller.what}


def render(table: dict[str, Any]) -> str:
    """Return a plan or a proof as JSON text that is the same for the same content."""
    return json.dumps(table, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def load(path: Path, schema: str) -> dict[str, Any]:
    """Read a plan or a proof; raise `ConfigError` for a file that is none."""
    try:
        table = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is no JSON: {error}") from error
    if not isinstance(table, dict) or table.get("schema") != schema:
        raise ConfigError(f"{path} is no {schema}: make it anew with this version")
    return table


def hold(proof: dict[str, Any], root: Path) -> Iterable[str]:
    """Yield what differs between a proof and the files below ``root``: nothing when it still holds."""
    try:
        rows = [(row["name"], row["after"]) for row in proof["files"]]
    except (KeyError, TypeError) as error:
        raise ConfigError("the proof lacks its list of files") from error
    if proof.get("holds") is not True:
        yield "the proof itself says that a check failed"
    for name, after in rows:
        path = root / str(name)
        if after is None:
            if path.exists():
                yield f"{name} was deleted, and is there"
        elif not path.is_file():
            yield f"{name} is missing"
        elif sha256(path) != after.get("sha256"):
            yield f"{name} holds other bytes than the proof says"
