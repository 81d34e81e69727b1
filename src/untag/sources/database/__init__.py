"""A live database as a source: the schema and its comments first, then samples of a few columns.

``postgresql://user@host/database``, ``mysql://…`` and ``mariadb://…``. Each table is one
`Blob` in memory (see `catalog.document`), each view, function, trigger and type its text.
The session is read-only; what an account may not read, and what a server that drops or
is too slow did not give, is a `Gap` beside what was read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from untag.errors import SourceError, UsageError
from untag.model import Blob, Gap
from untag.sources.database.address import parse, scheme_of
from untag.sources.database.catalog import Catalog, LostError, RefusedError, document, part
from untag.sources.database.choose import candidates, is_code, meanings, neighbours

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from untag.sources import SourceOptions
    from untag.sources.database.address import Address
    from untag.sources.database.catalog import Column, Relation, Session

TOTAL: Final = 900.0
"""Seconds for the samples of one database; its schema is read in any case."""


class DatabaseSource:
    """One database, connected when it is made."""

    def __init__(self, target: str, options: SourceOptions) -> None:
        """Connect; raise `UsageError` or `SourceError` that say what to do and never quote the address."""
        if options.staged or options.history:
            raise UsageError("--staged and --history read a git repository, not a database")
        self._address = parse(target, options.environ)
        self._session: Session | None = _session(self._address)

    @property
    def title(self) -> str:
        """Scheme, host and database: no user, no password, no parameter."""
        return self._address.title

    def items(self) -> Iterator[Blob | Gap]:
        """Yield tables, then scripts, then what could not be read, in byte order of the trail each."""
        session = self._session
        if session is None:
            raise SourceError(f"{self.title} was read already")
        self._session = None
        catalog = Catalog()
        whole = (part(self._address.database or self._address.host.rpartition("/")[2]),)
        try:
            lost = yield from self._read(session, catalog, whole)
            for trail, text in sorted(catalog.scripts):
                yield Blob(trail, text.encode("utf-8", "replace"))
            if not (catalog.relations or catalog.scripts or catalog.notes or lost):
                catalog.notes.append(("permission", "no table is visible to this account: GRANT SELECT to it"))
            for reason, detail in sorted(set(catalog.notes)):
                yield Gap(whole, reason, detail)
        finally:
            session.close()

    def _read(self, session: Session, catalog: Catalog, whole: tuple[str, ...]) -> Generator[Blob | Gap, None, bool]:
        """Yield tables with samples; return whether the connection was lost."""
        lost = not _described(session, catalog)
        pointed, pictures = neighbours(catalog.relations)
        codes: dict[tuple[str, str], Relation] = {}
        samples = _Samples(session, self._address.sample, time.monotonic() + TOTAL, lost)
        ordered = sorted(catalog.relations, key=lambda r: r.trail)
        early: dict[int, list[Gap]] = {}
        for relation in ordered:
            # lists of codes first: what points at them is told by their names
            if (relation.schema, relation.name) in pointed and is_code(relation, pointed, pictures=pictures):
                codes[(relation.schema, relation.name)] = relation
                early[id(relation)] = samples.take(relation, candidates(relation, pointed, pictures=pictures))
        for relation in ordered:
            gaps = early.get(id(relation))
            if gaps is None:
                gaps = samples.take(relation, candidates(relation, pointed, pictures=pictures))
            meanings(relation, codes)
            yield document(relation)
            yield from gaps
        yield from samples.gaps(whole, len(ordered))
        return samples.lost


@dataclass(slots=True)
class _Samples:
    """Samples of one database, as long as the server answers and time is left."""

    session: Session
    rows: int
    until: float
    lost: bool
    late: int = 0
    """Tables that were not sampled because the time was over."""
    unread: int = 0
    """Tables that were not sampled because the connection was lost."""

    def take(self, relation: Relation, chosen: list[Column]) -> list[Gap]:
        """Give the chosen columns of a table their values; return gaps for what could not be read."""
        if not chosen or not relation.stored:
            return []
        if self.lost or time.monotonic() > self.until:
            self.unread += self.lost
            self.late += not self.lost
            return []
        gaps: list[Gap] = []
        hidden = sum(not c.readable for c in chosen)
        if hidden:
            what = f"values of {hidden:,} columns were not read: GRANT SELECT on the table to the account"
            gaps.append(Gap(relation.trail, "permission", f"{what}; columns and comments were"))
        made = {id(c): [c] for c in relation.columns}
        try:
            for column in chosen:
                if column.readable:
                    made[id(column)] = self.session.sample(relation, column, self.rows)
        except RefusedError as error:
            # what is too slow for one column is so for the next
            what = f"values were not read: {error.detail}; columns and comments were"
            gaps.append(Gap(relation.trail, error.reason, what))
        except LostError:
            self.lost = True
            self.unread += 1
        relation.columns = [c for found in made.values() for c in found]
        return gaps

    def gaps(self, whole: tuple[str, ...], tables: int) -> Iterator[Gap]:
        """Yield what is missing of the whole database."""
        if self.lost:
            more = f", {self.unread:,} of them without their values" if self.unread else ""
            yield Gap(whole, "vanished", f"the connection was lost: {tables:,} tables were described{more}; try again")
        if self.late:
            told = f"values of {self.late:,} tables were not read: more than {TOTAL:g} seconds"
            yield Gap(whole, "limit", f"{told}; name schemas, as in ?schema=NAME")


def _described(session: Session, catalog: Catalog) -> bool:
    """Fill the catalogue as far as the server lets; return whether it still answers."""
    try:
        for _ in session.describe(catalog):
            continue
    except RefusedError as error:
        catalog.notes.append((error.reason, f"the catalogue was not read whole: {error.detail}"))
    except LostError:
        return False
    return True


def _session(address: Address) -> Session:
    """Return a session with the server."""
    if address.scheme == "postgresql":
        from untag.sources.database.postgres import PostgresSession  # noqa: PLC0415 - loads where it is used

        return PostgresSession(address)
    from untag.sources.database.mysql import MysqlSession  # noqa: PLC0415

    return MysqlSession(address)


__all__ = ["DatabaseSource", "scheme_of"]
