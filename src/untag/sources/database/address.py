"""The address of a database: ``postgresql://user@host:port/database?sslmode=require``.

The password is taken from the address, from ``PGPASSWORD`` or ``MYSQL_PWD``, or from
``.pgpass``; it goes to the driver and nowhere else. No message quotes the address.
"""

from __future__ import annotations

import getpass
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from untag.errors import UsageError
from untag.sources.database.catalog import ROWS
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

PORTS: Final = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}
ALIASES: Final = {"postgres": "postgresql"}
MODES: Final = ("disable", "prefer", "require", "verify-ca", "verify-full")
SPELLINGS: Final = {"allow": "prefer", "disabled": "disable", "preferred": "prefer", "required": "require"} | {
    "verify_ca": "verify-ca",
    "verify_identity": "verify-full",
}
"""Other words for `MODES`: libpq's ``allow``, and MySQL's."""
KNOWN: Final = "sslmode, sslrootcert, sslcert, sslkey, host, connect_timeout, schema, sample, statement_timeout"
IGNORED: Final = ("application_name", "charset", "target_session_attrs", "channel_binding", "gssencmode")
"""Parameters of other programs' addresses that change nothing here."""
SAMPLE: Final = 1_000_000
"""Rows of the largest sample that may be asked for."""
PASSFILE: Final = 1 << 20
"""Bytes of a ``.pgpass`` that are read."""
UNREADABLE: Final = (
    "the database's address cannot be read: write postgresql://user@host:port/database and, where it has a password"
    " in it, @ : / ? # [ ] and % of that as %40 %3A %2F %3F %23 %5B %5D %25; better set PGPASSWORD or MYSQL_PWD"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and how it is to be reached."""

    scheme: str
    """``postgresql``, ``mysql`` or ``mariadb``."""
    host: str
    """A name or a number, or a path of a socket's folder (PostgreSQL) or file (MySQL)."""
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    mode: str
    """How TLS is used: one of `MODES`."""
    authority: str = ""
    """Path of a file of certificates that are trusted instead of the system's."""
    certificate: str = ""
    secret_key: str = field(default="", repr=False)
    schemas: tuple[str, ...] = ()
    """Schemas to read; all when empty."""
    sample: int = ROWS
    connect_seconds: float = 10.0
    statement_seconds: float = 10.0
    """Seconds for one statement that samples values."""

    @property
    def title(self) -> str:
        """What reports and messages show: no user, no password, no parameter."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.is_socket:
            host = "localhost"
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return printable(f"{self.scheme}://{host}{port}/{self.database}")

    @property
    def is_socket(self) -> bool:
        """Whether it is a socket in the file system of this machine."""
        return self.host.startswith("/")

    @property
    def near(self) -> bool:
        """Whether what is sent stays on this machine."""
        return self.is_socket or self.host in ("localhost", "::1") or self.host.startswith("127.")


def scheme_of(target: str) -> str:
    """Return the kind of database that a target names, or nothing: ``mysql+pymysql://…`` is ``mysql``."""
    scheme, mark, _ = target.partition("://")
    name = scheme.partition("+")[0].lower()
    name = ALIASES.get(name, name)
    return name if mark and name in PORTS else ""


def parse(target: str, environ: Mapping[str, str]) -> Address:
    """Read an address; raise `UsageError`, which never quotes it."""
    scheme = scheme_of(target)
    try:
        parts = urlsplit(target)
        port = parts.port
        host, user, password = (unquote(p or "") for p in (parts.hostname, parts.username, parts.password))
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), max_num_fields=100)
    except ValueError:
        raise UsageError(UNREADABLE) from None
    if parts.fragment or "," in parts.netloc or "\0" in unquote(target):
        raise UsageError(UNREADABLE)
    said = _options(options)
    postgres = scheme == "postgresql"
    host = said.get("host") or host or (environ.get("PGHOST", "") if postgres else "") or "localhost"
    user = user or (environ.get("PGUSER", "") if postgres else "") or _account()
    database = unquote(parts.path.removeprefix("/")) or (environ.get("PGDATABASE", "") if postgres else "")
    port = port or (_whole(environ.get("PGPORT", ""), 0, 65_535) if postgres else 0) or PORTS[scheme]
    if postgres:
        database = database or user
    address = Address(
        scheme,
        host,
        port,
        user,
        password,
        database,
        _mode(said.get("sslmode") or (environ.get("PGSSLMODE", "") if postgres else "")),
        said.get("sslrootcert") or (environ.get("PGSSLROOTCERT", "") if postgres else ""),
        said.get("sslcert", ""),
        said.get("sslkey", ""),
        tuple(v for k, v in options if k == "schema"),
        _whole(said.get("sample", ""), ROWS, SAMPLE),
        float(_whole(said.get("connect_timeout", ""), 10, 600) or 10),
        (_whole(said.get("statement_timeout", ""), 10_000, 600_000) or 10_000) / 1_000,
    )
    return _completed(address, environ)


def _completed(address: Address, environ: Mapping[str, str]) -> Address:
    """Return the address with what it leaves to others: the password and how TLS is used."""
    from dataclasses import replace  # noqa: PLC0415 - only here

    password = address.password
    if not password and address.scheme == "postgresql":
        password = environ.get("PGPASSWORD", "") or _pgpass(address, environ)
    elif not password:
        password = environ.get("MYSQL_PWD", "")
    mode = address.mode or ("prefer" if address.near else "require")
    if mode == "require" and address.authority:
        mode = "verify-ca"  # as libpq does
    if address.is_socket:
        mode = "disable"
    return replace(address, password=password, mode=mode)


def _options(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the parameters by their names; MySQL's ``ssl-mode`` and ``unix_socket`` are taken as well."""
    names = {"ssl-mode": "sslmode", "ssl_mode": "sslmode", "ssl-ca": "sslrootcert", "ssl_ca": "sslrootcert"}
    names |= {"unix_socket": "host", "socket": "host"}
    said = {names.get(key, key): value for key, value in pairs}
    for key in said:
        if key not in KNOWN.split(", ") and key not in IGNORED:
            raise UsageError(f"unknown parameter {printable(key)[:40]!r} in the database's address; known: {KNOWN}")
    return said


def _mode(word: str) -> str:
    mode = SPELLINGS.get(word.lower(), word.lower())
    if mode and mode not in MODES:
        raise UsageError(f"unknown sslmode in the database's address; use one of {', '.join(MODES)}")
    return mode


def _whole(word: str, default: int, most: int) -> int:
    if not word:
        return default
    if not re.fullmatch(r"\d{1,9}", word):
        raise UsageError("a number in the database's address is none: sample, connect_timeout or statement_timeout")
    return min(int(word), most)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _pgpass(address: Address, environ: Mapping[str, str]) -> str:
    """Return the password that ``.pgpass`` keeps, as libpq looks for it (its manual, "The Password File")."""
    home = environ.get("APPDATA", "") if os.name == "nt" else environ.get("HOME", "")
    own = Path(home, "postgresql", "pgpass.conf") if os.name == "nt" else Path(home, ".pgpass")
    path = Path(environ["PGPASSFILE"]) if environ.get("PGPASSFILE") else own
    try:
        if not path.is_file() or (os.name != "nt" and path.stat().st_mode & 0o077):
            return ""  # libpq, too, passes over a file that others can read
        with path.open(encoding="utf-8", errors="replace") as lines:
            text = lines.read(PASSFILE)
    except OSError:
        return ""
    wanted = ("localhost" if address.is_socket else address.host, str(address.port), address.database, address.user)
    for line in text.splitlines():
        fields = [re.sub(r"\\(.)", r"\1", f) for f in re.split(r"(?<!\\):", line)]
        if len(fields) == len(wanted) + 1 and not line.startswith("#"):
            *named, password = fields
            if all(n in ("*", w) for n, w in zip(named, wanted, strict=True)):
                return password
    return ""
