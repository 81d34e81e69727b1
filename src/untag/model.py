"""The nouns of untag: frozen values, made once and passed along.

``Blob`` → (reader) → ``Span`` in a ``Scope`` → (interpret) → ``Finding`` →
(policy) → ``Decision`` → ``Report``. What could not be read is a ``Gap``.
Nothing here does I/O or imports another stage.
"""

from __future__ import annotations

import mmap
from typing import Final

from untag.nouns import dataclass, field

ATTRIBUTES: Final = (
    "ethnicity",
    "race",
    "religion",
    "national_origin",
    "nationality",
    "caste",
    "tribe",
    "skin_tone",
    "political_opinion",
    "trade_union",
    "sexual_orientation",
    "migrant_status",
)
"""The protected attributes, in the order in which reports list them."""

OPERATIONS: Final = (
    "infers",
    "searches",
    "alerts",
    "stores",
    "labels",
    "prompts",
    "trains",
    "exports",
    "documents",
    "declared",
    "audits",
    "mentions",
    "prohibits",
)
"""What an artifact does with an attribute. The last four never block by default."""

ACQUISITIONS: Final = (
    "inferred_from_image",
    "third_party_perceived",
    "dataset_label",
    "document",
    "self_reported",
    "unknown",
)
CONFIDENCES: Final = ("high", "medium", "low")
ACTIONS: Final = ("block", "warn", "inform", "exempt")
STATUSES: Final = ("clean", "blocked", "incomplete")

LEVELS: Final = ("parsed", "bytes", "opaque", "unread")
"""How well an artifact was read.

``parsed``: its format was understood; ``bytes``: searched as raw bytes;
``opaque``: pixels, sound or outlines, no text to read; ``unread``: not read,
with a `Gap` that says why.
"""

GAP_REASONS: Final = (
    "encrypted",
    "truncated",
    "corrupt",
    "limit",
    "unsafe_path",
    "duplicate",
    "link",
    "permission",
    "vanished",
    "changed",
    "crashed",
    "missing_extra",
    "unsupported",
    "encoding",
    "special_file",
)

READ_ANYWAY: Final = frozenset(("unsafe_path", "duplicate", "link", "encoding"))
"""Gaps that a reader of the report must know of, beside which all bytes were searched, or none were hidden."""

Buffer = bytes | bytearray | memoryview | mmap.mmap
"""Anything that holds the bytes of an artifact without a copy."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes to read, and where they came from."""

    trail: tuple[str, ...]
    """Path relative to the scanned root, then the member path in each container."""
    data: Buffer
    origin: str = ""
    """Digest or revision that the source states for these bytes, else empty."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A regular file on disk that a worker will open itself."""

    trail: tuple[str, ...]
    path: str
    """Absolute path on this machine; never enters a report."""
    size: int
    """Bytes, as the walk saw them; the reader counts again."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not read, and why. A scan with a gap is never clean."""

    trail: tuple[str, ...]
    reason: str
    detail: str

    def __post_init__(self) -> None:
        if self.reason not in GAP_REASONS:
            raise ValueError(f"unknown gap reason {self.reason!r}: add it to GAP_REASONS")


@dataclass(frozen=True, slots=True)
class Scope:
    """A named part of an artifact: a class, an enum, a list, a table, a section."""

    kind: str
    """One of `SCOPE_KINDS`."""
    name: str
    """Identifier, assigned name, callee, column table or heading; empty when anonymous."""
    members: tuple[str, ...] = ()
    """Names or literal values of the direct children, in order, capped at `limits.MEMBERS`."""
    doc: str = ""
    """The comment, docstring or description attached to it."""
    parent: Scope | None = None

    def route(self) -> tuple[str, ...]:
        """Return the path from the outermost named scope to this one, ``class Face`` style."""
        parts: list[str] = []
        scope: Scope | None = self
        while scope is not None:
            if scope.name and scope.kind != "file":
                parts.append(f"{scope.kind} {scope.name}")
            scope = scope.parent
        return tuple(reversed(parts))


SCOPE_KINDS: Final = (
    "file",
    "module",
    "class",
    "struct",
    "enum",
    "interface",
    "function",
    "list",
    "map",
    "call",
    "assignment",
    "condition",
    "table",
    "element",
    "section",
    "message",
    "rule",
    "type",
    "row",  # a column of persons' data, or a person's record: its values are never quoted
    "model",
    "outputs",  # the outputs of a model, or their tensors
    "labels",  # the classes of a model or of a data set
    "metadata",
    "page",
    "slide",
    "sheet",
)

ROLES: Final = (
    "declaration",  # the name of a class, struct, enum, function, type, table or element
    "member",  # a field, property, enum member, column
    "parameter",  # a function parameter or a declared request parameter
    "argument",  # the keyword name of an argument in a call
    "name",  # an identifier that is used, called or assigned
    "key",  # the key of a mapping, or a subscript that is a constant string
    "value",  # the value of a mapping, an attribute or an assignment; a cell
    "item",  # an item of a list, set or tuple
    "string",  # any other string literal
    "comment",
    "docstring",
    "prose",  # running text
    "heading",
    "code",  # a line of code whose grammar is not known
    "path",  # the artifact's own name
    "raw",  # a run of printable bytes in a binary
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with one or more candidate matches, its role and its scope."""

    text: str
    """Decoded text of the smallest node that stands for itself: identifier, literal, comment, sentence."""
    role: str
    start: int
    """Byte offset of the text in the artifact as decoded to UTF-8."""
    stop: int
    line: int
    """1-based."""
    end_line: int
    scope: Scope
    statement: str = ""
    """The statement, member, pair, row or sentence around it, at most `limits.STATEMENT` characters."""
    note: str = ""
    """Comment that belongs to it: trailing on its line, or directly above."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against a finding."""

    kind: str
    text: str
    """What was seen, as few words as will do; never a value about a real person."""
    line: int
    weight: float
    """Positive raises, negative lowers; points, summed and compared with the thresholds in data."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A further place of the same finding."""

    trail: tuple[str, ...]
    line: int
    end_line: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement: this artifact {operation} the {attribute} of pictured people, and why."""

    rule: str
    attribute: str
    operation: str
    acquisition: str
    groups: tuple[str, ...]
    """Canonical English names of the groups that it names, sorted."""
    confidence: str
    trail: tuple[str, ...]
    route: tuple[str, ...]
    line: int
    end_line: int
    term: str
    """The lexicon term that brought it up, as the lexicon spells it."""
    excerpt: str
    """The least text that shows it; a digest where it would quote a person's record."""
    gloss: str
    """English gloss of foreign terms in the excerpt, else empty."""
    message: str
    because: tuple[Evidence, ...]
    fingerprint: str
    """Stable across releases: trail without versions, route, rule, term; no line number."""
    also: tuple[Spot, ...] = ()
    exemptions: tuple[str, ...] = ()
    """Grounds seen in the artifact that a policy may exempt: ``fairness_evaluation``, ``negation`` …"""

    def __post_init__(self) -> None:
        for value, known, what in (
            (self.attribute, ATTRIBUTES, "attribute"),
            (self.operation, OPERATIONS, "operation"),
            (self.acquisition, ACQUISITIONS, "acquisition"),
            (self.confidence, CONFIDENCES, "confidence"),
        ):
            if value not in known:
                raise ValueError(f"unknown {what} {value!r}; use one of {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy makes of a finding."""

    finding: Finding
    action: str
    clause: str
    """The policy's source clause, or the waiver, that decided."""
    waiver: str = ""
    """Reason of the waiver or ``baseline`` when that exempted it, else empty."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was read. Counts are artifacts: files and members of containers."""

    files: int = 0
    size: int = 0
    """Bytes read, containers and members both counted once each."""
    parsed: int = 0
    bytes: int = 0
    """Artifacts searched as raw bytes only."""
    opaque: int = 0
    unread: int = 0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.files + other.files,
            self.size + other.size,
            self.parsed + other.parsed,
            self.bytes + other.bytes,
            self.opaque + other.opaque,
            self.unread + other.unread,
        )


@dataclass(frozen=True, slots=True)
class PolicyInfo:
    """Which policy decided, and what it leaves out."""

    id: str
    sha256: str
    title: str
    leaves_out: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of a report must know: an unused or expired waiver."""

    kind: str
    """``waiver_unused``, ``waiver_expired``, ``baseline_stale`` …"""
    text: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A target that is one file, with the digest of its bytes."""

    target: str
    """As `Report.target` names it."""
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result of a scan: same bytes in, same report out."""

    target: str
    """What was scanned, as the user named it; no absolute path of this machine."""
    status: str
    decisions: tuple[Decision, ...]
    coverage: Coverage
    gaps: tuple[Gap, ...]
    policy: PolicyInfo
    lexicon_version: str
    lexicon_sha256: str
    tool_version: str
    notices: tuple[Notice, ...] = ()
    readers: tuple[tuple[str, int], ...] = field(default=())
    """Name and version of each reader that took part."""
    subjects: tuple[Subject, ...] = ()
    """Digests of the targets that are one file: packages, and files with findings."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, in report order, whatever was decided of them."""
        return tuple(d.finding for d in self.decisions)

    def exit_code(self) -> int:
        """Return 0 clean, 1 blocked, 3 incomplete (DESIGN: usage errors are 2)."""
        return {"clean": 0, "blocked": 1, "incomplete": 3}[self.status]
