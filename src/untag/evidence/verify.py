"""Hold an attestation against the bytes in hand, in numbered steps, each of which fails closed.

A step that cannot be made is a refusal, never a pass: an empty list of keys verifies nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ConfigError
from untag.evidence import keyless
from untag.evidence.envelope import PAYLOAD, loaded, signed_by, strict, taken
from untag.evidence.statement import (
    PREDICATE,
    PREDICATE_KEYS,
    STATEMENT,
    AttestError,
    digest_of,
    fingerprints,
    moment,
)
from untag.model import ACQUISITIONS, ATTRIBUTES, CONFIDENCES, OPERATIONS, STATUSES, Finding
from untag.nouns import dataclass
from untag.policy.base import severity
from untag.policy.decide import judge
from untag.policy.load import PACKS, load_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from untag.evidence.envelope import Opened
    from untag.model import Report
    from untag.policy.base import Policy

STEPS: Final = (
    "1 envelope",
    "2 signatures",
    "3 statement",
    "4 subject",
    "5 policy",
    "6 age",
    "7 coverage",
    "8 status",
    "9 rescan",
)
SKEW: Final = timedelta(minutes=5)
"""How far ahead another machine's clock may be."""
DIGEST: Final = 64
"""Hexadecimal digits of a SHA-256."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What the one who verifies asks for."""

    keys: tuple[Ed25519PublicKey, ...]
    threshold: int = 1
    """How many of the keys must have signed."""
    signer: keyless.Signer | None = None
    """In place of keys: whose keyless signature is trusted."""
    policy: str = "untag-core"
    """The attested policy must be at least as strict as this one."""
    max_age: timedelta = timedelta(days=365)
    min_lexicon: str = ""
    """Date of the oldest lexicon that is accepted, empty for any."""
    allow_unread: bool = False
    accept: tuple[str, ...] = ("clean",)
    """Statuses that pass."""
    allow_waivers: bool = True
    rescan: Callable[[dict[str, Any]], Report] | None = None
    """Repeats the scan of the subject with the attested policy and options; None skips the step, aloud."""


@dataclass(frozen=True, slots=True)
class Verified:
    """An attestation of which every step passed."""

    predicate: dict[str, Any]
    signers: tuple[str, ...]
    """Ids of the keys, or the identity."""
    steps: tuple[tuple[str, str], ...]
    """Each step with what it found; a step that was not asked for says so."""


class StepError(AttestError):
    """A step refused; the message begins with its number."""

    def __init__(self, step: str, text: str) -> None:
        super().__init__(f"step {step}: {text}")
        self.step = step


def verify(data: bytes, subjects: Sequence[Path], demands: Demands, now: datetime) -> Verified:
    """Return what an attestation says about the files in hand; raise `StepError` at the first step that fails."""
    told: list[tuple[str, str]] = []

    def step(number: int, what: Callable[[], Any]) -> Any:
        try:
            result, text = what()
        except AttestError as error:
            raise StepError(STEPS[number - 1], str(error)) from error
        told.append((STEPS[number - 1], text))
        return result

    opened = step(1, lambda: _opened(data, demands))
    signers = step(2, lambda: _signers(data, opened, demands))
    table = step(3, lambda: _statement(opened.payload))
    predicate = table["predicate"]
    step(4, lambda: _subjects(table["subject"], subjects))
    step(5, lambda: _policy(predicate, demands))
    step(6, lambda: _age(predicate, demands, now))
    step(7, lambda: _coverage(predicate, demands))
    step(8, lambda: _status(predicate, demands))
    step(9, lambda: _rescanned(predicate, demands))
    return Verified(predicate, tuple(signers), tuple(told))


def _opened(data: bytes, demands: Demands) -> tuple[Opened, str]:
    table = loaded(data)
    bundle = keyless.is_bundle(table)
    if bundle and demands.signer is None:
        raise AttestError("it is a Sigstore bundle, which no key signed: name who did with --identity and --issuer")
    if demands.signer is not None and not bundle:
        raise AttestError("it is no Sigstore bundle, and an identity signs no other: verify it with --key")
    opened = keyless.unwrapped(table) if bundle else taken(table)
    if opened.type != PAYLOAD:
        raise AttestError(f"the payload is of type {opened.type!r}, not {PAYLOAD}")
    return opened, f"{'Sigstore bundle' if bundle else 'DSSE'}, {len(opened.payload):,} bytes of {PAYLOAD}"


def _signers(data: bytes, opened: Opened, demands: Demands) -> tuple[list[str], str]:
    if demands.signer is not None:
        if demands.keys or demands.threshold != 1:
            raise AttestError("a bundle has one signature, by an identity: keys and a threshold cannot be asked for")
        who = keyless.signed_by(data, opened, demands.signer)
        return [who], who
    if not demands.keys or demands.threshold < 1:
        raise AttestError("no trusted key, or a threshold below 1: nothing can be verified")
    found = signed_by(opened, demands.keys)
    if len(found) < demands.threshold:
        raise AttestError(f"signed by {len(found)} trusted keys, and {demands.threshold} are asked for")
    return found, ", ".join(f"{name[:16]}…" for name in found)


def _statement(payload: bytes) -> tuple[dict[str, Any], str]:
    table = strict(payload, "statement")
    if table.keys() != {"_type", "subject", "predicateType", "predicate"}:
        raise AttestError("the statement has unknown fields, or lacks one")
    if table["_type"] != STATEMENT:
        raise AttestError(f"it is no {STATEMENT}")
    if table["predicateType"] != PREDICATE:
        raise AttestError(f"the predicate is {table['predicateType']!r}; this version knows {PREDICATE}")
    predicate = table["predicate"]
    if not isinstance(predicate, dict) or predicate.keys() != set(PREDICATE_KEYS):
        raise AttestError("the predicate has unknown fields, or lacks one")
    _typed(predicate)
    return table, PREDICATE


def _typed(predicate: dict[str, Any]) -> None:
    """Hold the parts that later steps rely on against their types."""
    try:
        whole = all(
            (
                predicate["status"] in STATUSES,
                all(_count(predicate["coverage"][key]) for key in ("files", "bytes", "parsed", "unread")),
                _count(predicate["coverage"].get("bytes_only", 0)),
                _count(predicate["gaps"]["hiding"]),
                isinstance(predicate["policy"]["id"], str) and isinstance(predicate["policy"]["sha256"], str),
                all(isinstance(name, str) for name in predicate["policy"]["overlays"]),
                isinstance(predicate["lexicon"]["version"], str),
                all(isinstance(row["action"], str) and _count(row["count"]) for row in predicate["findings"]),
                isinstance(predicate["waivers"], list) and isinstance(predicate["options"], list),
                isinstance(predicate["fingerprints"], str) and len(predicate["fingerprints"]) == DIGEST,
            )
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise AttestError("the predicate is not of its version's form") from error
    if not whole:
        raise AttestError("the predicate is not of its version's form")


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _subjects(rows: Any, paths: Sequence[Path]) -> tuple[None, str]:
    try:
        attested = [(row["name"], row["digest"]) for row in rows]
        whole = all(isinstance(n, str) and isinstance(d, dict) and d for n, d in attested)
    except (KeyError, TypeError) as error:
        raise AttestError("the subjects are not of their form") from error
    if not attested or not whole:
        raise AttestError("the statement is about nothing")
    if not paths:
        raise AttestError("no file to compare: name what the attestation is about")
    for path in paths:
        own = digest_of(path)
        if not any(digest == own for _, digest in attested):
            raise AttestError(f"{path.name} is not what was attested: its digest is {next(iter(own.values()))}")
    digests = [digest_of(path) for path in paths]
    missing = [name for name, digest in attested if digest not in digests]
    if missing:
        raise AttestError(f"{missing[0]} was attested too and is not in hand: name all subjects")
    return None, f"{len(paths)} of {len(attested)} subjects have the attested bytes"


def _policy(predicate: dict[str, Any], demands: Demands) -> tuple[None, str]:
    attested = predicate["policy"]
    # a name, never a path: a statement must not choose what file of this machine is opened
    strange = next((name for name in (attested["id"], *attested["overlays"]) if name not in PACKS), None)
    if strange is not None:
        raise AttestError(f"this version does not know the policy {strange[:80]!r}")
    try:
        used = load_policy(attested["id"], attested["overlays"])
    except ConfigError as error:
        raise AttestError(f"this version does not know the policy {attested['id']}") from error
    if used.sha256 != attested["sha256"]:
        raise AttestError(f"{attested['id']} had other content then: the scan must be made anew with today's")
    asked = load_policy(demands.policy)
    weaker = _weaker(used, asked)
    if weaker:
        raise AttestError(f"{attested['id']} is weaker than {demands.policy}: {weaker}")
    if demands.min_lexicon and predicate["lexicon"]["version"] < demands.min_lexicon:
        raise AttestError(f"the lexicon is of {predicate['lexicon']['version']}, older than {demands.min_lexicon}")
    if predicate["waivers"] and not demands.allow_waivers:
        raise AttestError(f"{len(predicate['waivers'])} waivers were in force")
    return None, f"{attested['id']} is at least as strict as {demands.policy}"


def _weaker(used: Policy, asked: Policy) -> str:
    """Return a kind of finding that ``used`` decides more mildly than ``asked``, or empty."""
    if used.sha256 == asked.sha256:
        return ""
    for attribute, operation, acquisition, confidence in product(ATTRIBUTES, OPERATIONS, ACQUISITIONS, CONFIDENCES):
        finding = Finding(
            "UT100", attribute, operation, acquisition, (), confidence, ("x",), (), 1, 1, "", "", "", "", (), ""
        )
        mine, theirs = judge(finding, used)[0], judge(finding, asked)[0]
        if severity(mine) < severity(theirs):
            return f"{operation} {attribute}, {acquisition}: {mine}, not {theirs}"
    return ""


def _age(predicate: dict[str, Any], demands: Demands, now: datetime) -> tuple[None, str]:
    made = moment(predicate["made"])
    if made > now + SKEW:
        raise AttestError(f"it is dated {predicate['made']}, which is yet to come")
    if now - made > demands.max_age:
        raise AttestError(f"it was made {(now - made).days} days ago; {demands.max_age.days} are allowed")
    if predicate["expires"] is not None and moment(predicate["expires"]) < now:
        raise AttestError(f"it expired on {predicate['expires']}")
    return None, f"made {predicate['made']}"


def _coverage(predicate: dict[str, Any], demands: Demands) -> tuple[None, str]:
    cover, gaps = predicate["coverage"], predicate["gaps"]
    hidden = max(cover["unread"], gaps["hiding"])
    if hidden and not demands.allow_unread:
        raise AttestError(f"{hidden} parts were not read: what stands there is unknown (--allow-unread accepts that)")
    if not cover["parsed"] + cover.get("bytes_only", 0):
        raise AttestError("nothing was read")
    return None, f"{cover['files']:,} files, {hidden} unread"


def _status(predicate: dict[str, Any], demands: Demands) -> tuple[None, str]:
    blocked = any(row["action"] == "block" and row["count"] for row in predicate["findings"])
    if blocked and predicate["status"] == "clean":
        raise AttestError("it calls itself clean and counts findings that block")
    allowed = (*demands.accept, "incomplete") if demands.allow_unread else demands.accept
    if predicate["status"] not in allowed:
        raise AttestError(f"the status is {predicate['status']}, and {' or '.join(demands.accept)} is asked for")
    return None, predicate["status"] if predicate["status"] != "clean" else "no finding that blocks in what was read"


def _rescanned(predicate: dict[str, Any], demands: Demands) -> tuple[None, str]:
    if demands.rescan is None:
        return None, "not asked for: --rescan repeats the scan"
    report = demands.rescan(predicate)
    if report.status != predicate["status"] or fingerprints(report) != predicate["fingerprints"]:
        raise AttestError(f"the scan made anew gives another result: {report.status}, {len(report.findings)} findings")
    return None, f"the scan made anew gives the same {len(report.findings)} findings"


def now_utc() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
