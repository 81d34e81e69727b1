"""The nouns of a removal, and the seam that every editor stands behind.

An editor plans what it can take out of one file and what goes with it, and writes the changed
files into a staging folder. It never touches the input, never runs what it reads, and never
decides on its own that a removal is good: its `Check` items say what was compared, and
`untag.strip.apply` fails the removal when one of them failed.
"""

from __future__ import annotations

import errno
import hashlib
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

from untag.errors import UntagError
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.model import Finding

SAFETIES: Final = ("safe", "unsafe", "manual")
"""``safe``: proved, nothing else changes its meaning; ``unsafe``: done only when asked, because something that
depends on it may change; ``manual``: described for a person, never done."""
EDIT_KINDS: Final = (
    "head",  # a whole output of a model
    "classes",  # some classes of an output
    "column",  # a column of a table
    "field",  # a field, property, parameter or element of an interface
    "value",  # a value of an enum or a label list
    "category",  # a category of an annotated data set
    "attribute",  # an attribute of annotated objects
    "label",  # a label beside a model or a data set
    "migration",  # a script that the owner of a database runs
    "patch",  # a change of source code, suggested
    "text",  # prose, captions, prompts: for a person to change
)


class StripError(UntagError):
    """A removal cannot be done or cannot be proved; nothing was written."""


class RefusedError(StripError):
    """What was asked for is possible to ask and cannot be done safely: nothing was written, something still stands."""


_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What the caller wants removed; empty means: whatever the policy blocks or warns of."""

    attributes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    """Fingerprints."""
    outputs: tuple[str, ...] = ()
    """Names of model outputs, columns or fields, whether or not a finding names them."""
    classes: tuple[str, ...] = ()
    """Class names, or ``OUTPUT[0:7]`` and ``OUTPUT[3]`` for classes that have no names."""
    renormalise: bool = False
    """Cut a softmax over kept and protected classes too: the kept probabilities change, the logits do not."""
    unsafe: bool = False
    """Do the edits of class ``unsafe`` too."""

    @property
    def by_name(self) -> bool:
        """Whether something is named: then nothing goes but what has one of the names."""
        return bool(self.outputs or self.classes)


@dataclass(frozen=True, slots=True)
class Unit:
    """One file with findings, as an editor gets it."""

    root: Path
    """The folder that is stripped; for a single file, the folder it stands in."""
    name: str
    """Path of the file relative to ``root``, with ``/``."""
    findings: tuple[Finding, ...]
    """Findings of this file that the policy blocks or warns of, or that the choice names; may be empty when the
    choice names outputs or classes."""
    listing: tuple[str, ...] = ()
    """Every file below ``root`` that may be read or changed, as relative names, sorted: side files are among them."""
    alone: bool = False
    """Whether it is the one file that was asked for: then it is said why nothing of it goes."""

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.root / self.name


@dataclass(frozen=True, slots=True)
class Edit:
    """One removal, disjoint from every other."""

    editor: str
    unit: str
    """Relative name of the file that the editor was given."""
    kind: str
    target: str
    """What goes, as the format's users call it: ``output race_output``, ``column ethnicity``, ``class 3 Uyghur``."""
    attribute: str
    safety: str
    files: tuple[str, ...]
    """Relative names of every file that this edit rewrites or deletes, its own included."""
    removes: tuple[str, ...] = ()
    """What is removed, one line each, in words: tensors with shapes, keys, values (never a person's)."""
    depends: tuple[str, ...] = ()
    """What reads the removed thing, and what the reader of the plan must change or know."""
    why: str = ""
    """Why the safety class is not ``safe``; for ``manual``, what to do by hand."""
    findings: tuple[str, ...] = ()
    """Fingerprints that it answers."""
    detail: dict[str, Any] = field(default_factory=dict)
    """What the editor needs to do it again; only what JSON can hold."""

    def __post_init__(self) -> None:
        if self.safety not in SAFETIES:
            raise ValueError(f"unknown safety {self.safety!r}; use one of {', '.join(SAFETIES)}")
        if self.kind not in EDIT_KINDS:
            raise ValueError(f"unknown kind of edit {self.kind!r}; add it to EDIT_KINDS")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that should go and cannot: nothing of its file is changed."""

    unit: str
    target: str
    """The tensor, node, column or field by name."""
    reason: str
    """Why, in a sentence."""
    needed: str = ""
    """What would make it possible."""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared after the removal."""

    name: str
    """``kept weights``, ``removed values absent``, ``outputs equal``, ``parses`` …"""
    passed: bool
    detail: str
    """What was compared and what came of it, with figures."""
    figures: dict[str, Any] = field(default_factory=dict)
    """The same for programs: counts, bounds, seeds, session options; only what JSON can hold."""


@dataclass(frozen=True, slots=True)
class FileProof:
    """One file before and after. ``after_sha256`` is empty for a file that was deleted."""

    name: str
    before_sha256: str
    before_size: int
    after_sha256: str
    after_size: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an editor did: its files stand in the staging folder."""

    editor: str
    unit: str
    written: tuple[str, ...]
    """Relative names, written below the staging folder."""
    deleted: tuple[str, ...] = ()
    """Relative names that must not be copied."""
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    """What the reader of the proof must know: ``the head is gone; the embedding may still encode it``."""
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of files that were written, where the editor made them on the way."""


class Editor(Protocol):
    """Takes an attribute out of one format. Stateless; each has a version, which the proof states."""

    name: str
    version: int

    def takes(self, unit: Unit) -> bool:
        """Say whether this editor knows the file, by its content; cheap, and never an exception."""
        ...

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield the edits of one file, or why there are none.

        Reads only; raises `StripError` for a file that is not what it seemed.
        """
        ...

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """Do all edits of one file at once, and prove it.

        The changed files are written below ``staging`` at their relative names. Raises `StripError`, with nothing
        that the caller would keep, when it cannot be done or proved.
        """
        ...


class Digest:
    """The SHA-256 of a file, made by a thread while other work is done: hashing leaves the interpreter to others."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp = stamp(path)
        self._digest = ""
        self._left = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        held = hashlib.sha256()
        with suppress(OSError), self.path.open("rb", buffering=0) as file:
            while not self._left and (piece := file.read(_PIECE)):
                held.update(piece)
            if not self._left:
                self._digest = held.hexdigest()

    def get(self) -> str:
        """Return the digest; of a file that was written to meanwhile, or could not be read, it is made anew."""
        self._thread.join()
        return self._digest if self._digest and stamp(self.path) == self.stamp else sha256(self.path)

    def leave(self) -> None:
        """End the work: nobody wants it."""
        self._left = True


def said(error: OSError) -> str:
    """Return what the system says of a file, of which one, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; free some space or name another place for the result"
    return f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)


def stamp(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file is written: size, time in nanoseconds, inode."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
