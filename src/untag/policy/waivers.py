"""Waivers: a finding let pass, by whom, why, and until when.

In ``untag.toml``::

    [[waiver]]
    rule = "UT101"                # or fingerprint = "…", and any of path, attribute
    path = "vendor/**"
    owner = "jane@example.org"
    reason = "replaced by the 3.2 SDK in January"
    expires = 2027-01-31

In the source, on the line of the finding or on the line above it::

    # untag: allow UT101 reason="replaced in January" owner=jane expires=2027-01-31

A waiver always ends: its last day is ``expires``; after that the finding counts again.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ConfigError
from untag.model import ATTRIBUTES, Notice
from untag.nouns import dataclass, field
from untag.policy.words import hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from untag.model import Decision, Finding

KEYS: Final = ("fingerprint", "rule", "path", "attribute", "owner", "reason", "expires")

_INLINE: Final = re.compile(r"\buntag:\s*allow\b(?P<rest>[^\r\n]*)", re.IGNORECASE)
_PAIR: Final = re.compile(r"""\b(reason|owner|expires)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"';,]+))""", re.IGNORECASE)
_RULE: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9_.-]*)(?![A-Za-z0-9_.-]*\s*=)")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One permission. Every criterion that is not empty must match."""

    owner: str
    reason: str
    expires: date
    """The last day on which it counts."""
    origin: str
    """Where it is written: ``untag.toml waiver 2`` or ``src/a.py:12``."""
    fingerprint: str = ""
    rule: str = ""
    path: str = ""
    """Glob over the trail joined by ``!/``: ``*`` stays within a folder, ``**`` does not."""
    attribute: str = ""
    trail: tuple[str, ...] = ()
    """Of an inline waiver: the artifact that it stands in."""
    line: int = field(default=0)
    """Of an inline waiver: the line that it stands on; it covers that line and the next."""

    def __post_init__(self) -> None:
        for name in ("owner", "reason"):
            if not getattr(self, name).strip():
                raise ConfigError(f'{self.origin}: a waiver needs {name} = "…"')
        if not (self.fingerprint or self.rule or self.path or self.attribute):
            raise ConfigError(
                f"{self.origin}: a waiver for everything is no waiver: give it fingerprint, rule, path or attribute"
            )

    def expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.expires

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding, expired or not."""
        if self.fingerprint and self.fingerprint != finding.fingerprint:
            return False
        if self.rule and self.rule != finding.rule:
            return False
        if self.attribute and self.attribute != finding.attribute:
            return False
        if self.line and (self.trail != finding.trail or self.line not in (finding.line, finding.line - 1)):
            return False
        if not self.path:
            return True
        glob = _glob(self.path)
        return bool(glob(finding.trail[0]) or glob("!/".join(finding.trail))) if finding.trail else False

    def clause(self) -> str:
        """Return the words that a decision cites."""
        return f"waiver by {self.owner} until {self.expires.isoformat()} ({self.origin}): {self.reason}"


def current_day() -> date:
    """Return the day by which a scan judges waivers unless it is told one, the same everywhere on Earth."""
    return datetime.now(UTC).date()


def parse_waivers(rows: Any, where: str) -> tuple[Waiver, ...]:
    """Return the waivers of a configuration's ``waiver`` value; ``where`` names its file in errors."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"{where}: waiver must be tables: write [[waiver]]")
    return tuple(_from_row(row, f"{where} waiver {number}") for number, row in enumerate(rows, 1))


def parse_inline(text: str, trail: tuple[str, ...], line: int) -> Waiver | Notice | None:
    """Return the waiver on one line of an artifact, a Notice when it is not honoured, or None.

    The engine asks for the line of a finding and for the line above it; ``line`` is the
    number of the line that ``text`` is.
    """
    mark = _INLINE.search(text)
    if mark is None:
        return None
    origin = f"{'!/'.join(trail)}:{line}"
    rest = mark["rest"]
    rule = _RULE.match(rest)
    values = {
        found[1].lower(): next((part for part in found.groups()[1:] if part is not None), "")
        for found in _PAIR.finditer(rest)
    }
    missing = [key for key in ("reason", "owner", "expires") if not values.get(key, "").strip()]
    if rule is None:
        missing.insert(0, "the rule's name")
    if missing or rule is None:
        return Notice("waiver_ignored", f"{origin}: this waiver does not count, it lacks {', '.join(missing)}")
    try:
        expires = date.fromisoformat(values["expires"])
    except ValueError:
        text = f"{origin}: this waiver does not count, expires must be a date such as 2027-01-31"
        return Notice("waiver_ignored", text)
    return Waiver(
        owner=values["owner"],
        reason=values["reason"],
        expires=expires,
        origin=origin,
        rule=rule[1],
        trail=trail,
        line=line,
    )


def review(decisions: Sequence[Decision], waivers: Iterable[Waiver], today: date) -> tuple[Notice, ...]:
    """Return a notice for each waiver that has expired or that lets nothing pass."""
    open_ = [decision.finding for decision in decisions if decision.action != "exempt" or decision.waiver]
    notices = []
    for waiver in waivers:
        used = any(waiver.covers(finding) for finding in open_)
        if not used:
            notices.append(Notice("waiver_unused", f"{waiver.origin}: this waiver matches no finding: remove it"))
        elif waiver.expired(today):
            notices.append(
                Notice(
                    "waiver_expired",
                    f"{waiver.origin}: this waiver by {waiver.owner} ended on {waiver.expires.isoformat()}:"
                    " its findings count again",
                )
            )
    return tuple(notices)


def _from_row(row: dict[str, Any], origin: str) -> Waiver:
    for key in row:
        if key not in KEYS:
            raise ConfigError(f"{origin}: unknown key {key}; {hint(key, KEYS)}")
    for key in KEYS[:-1]:
        if not isinstance(row.get(key, ""), str):
            raise ConfigError(f"{origin}: {key} must be a text")
        if key in row and not row[key].strip():
            raise ConfigError(f"{origin}: {key} is empty")
    attribute = row.get("attribute", "")
    if attribute and attribute not in ATTRIBUTES:
        raise ConfigError(f"{origin}: unknown attribute {attribute!r}; {hint(attribute, ATTRIBUTES)}")
    expires = row.get("expires")
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            expires = None
    if not isinstance(expires, date) or isinstance(expires, datetime):
        raise ConfigError(f"{origin}: expires must be a date such as 2027-01-31; no waiver is for ever")
    return Waiver(
        owner=row.get("owner", ""),
        reason=row.get("reason", ""),
        expires=expires,
        origin=origin,
        fingerprint=row.get("fingerprint", ""),
        rule=row.get("rule", ""),
        path=row.get("path", ""),
        attribute=attribute,
    )


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> Any:
    """Return the matcher of a path glob: ``*`` and ``?`` stop at ``/``, ``**`` does not."""
    out = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 3
        elif pattern.startswith("**", at):
            out.append(".*")
            at += 2
        elif pattern[at] in "*?":
            out.append("[^/]*" if pattern[at] == "*" else "[^/]")
            at += 1
        else:
            out.append(re.escape(pattern[at]))
            at += 1
    return re.compile("".join(out), re.DOTALL).fullmatch
