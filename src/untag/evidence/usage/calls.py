"""One line of a log as a call: who, when, which endpoint, what was sent and what came back."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from untag.evidence.usage.mapping import FIELDS
from untag.nouns import dataclass

if TYPE_CHECKING:
    from untag.evidence.usage.mapping import Mapping

CLF: Final = re.compile(
    r'(?P<host>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]*)\] "(?P<request>(?:[^"\\]|\\.)*)" (?:\d{3}|-) \S+'
)
ALB: Final = re.compile(
    r"\S+ (?P<time>\S+) \S+ (?P<client>\S+) \S+ \S+ \S+ \S+ (?:\d{3}|-) \S+ \S+ \S+ "
    r'"(?P<request>(?:[^"\\]|\\.)*)"'
)
LINE: Final = re.compile(r"[A-Z]{3,10} \S.* HTTP/\d(?:\.\d)?")
STAMP: Final = "%d/%b/%Y:%H:%M:%S %z"
EPOCH: Final = re.compile(r"\d{10}(?:\.\d+)?|\d{13}|\d{16}|\d{19}")
SECONDS: Final = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
PORT: Final = re.compile(r":\d{1,5}$")
ADDRESS: Final = re.compile(r"(?:(\d{1,3}(?:\.\d{1,3}){3})|\[([0-9a-fA-F:.]+)\]):\d{1,5}")
"""An address with a port, as Envoy and others log it."""
SHAPES: Final = 512
"""Sets of names of which the places of the fields are remembered: the lines of a log have few."""
EMPTY: Final = (None, "", "-")
"""What stands where a log has no value."""
_written: Final = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its response, as far as the log holds them."""

    client: str
    time: str
    """ISO 8601 in UTC, empty where the log's is none."""
    method: str
    path: str
    query: str
    request: bytes = b""
    request_type: str = ""
    response: bytes = b""
    response_type: str = ""


class Parser:
    """Reads the lines of one log; a W3C log names its fields in lines of its own, a CSV in its first."""

    def __init__(self, mapping: Mapping, head: bytes = b"") -> None:
        """Take the mapping, and what names the fields where the log itself does."""
        self._mapping = mapping
        self._names = dict(mapping.fields)
        self._found: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
        self._columns: list[str] = []
        self._separator = ","
        if mapping.format in ("csv", "tsv"):
            # a spreadsheet of many countries writes semicolons
            self._separator = "\t" if mapping.format == "tsv" else max(",;\t", key=_text(head).count)
            self._columns = self._split(_text(head))
        elif mapping.format == "w3c":
            self._columns = _text(head).split()[1:]

    def call(self, line: bytes) -> Call | None:
        """Return the call of a line; None for one that is not of the format."""
        form = self._mapping.format
        if form in ("json", "otlp", "parquet"):
            return self._json(line)
        text = _text(line)
        if form == "combined":
            return _combined(text)
        if form == "alb":
            return _alb(text)
        values = text.split(" ") if form == "w3c" else self._split(text)
        if len(values) != len(self._columns):
            return None
        row = dict(zip(self._columns, values, strict=True))
        return _w3c(row) if form == "w3c" else self._mapped(row)

    def rest(self, line: bytes) -> dict[str, Any]:
        """Return the fields of a line that the mapping does not name; empty where the format has no names."""
        form = self._mapping.format
        if form in ("json", "otlp", "parquet"):
            row = read(line)
        elif form in ("csv", "tsv"):
            values = self._split(_text(line))
            # the line that names the columns is no call
            row = dict(zip(self._columns, values, strict=False)) if values != self._columns else None
        else:
            return {}
        if not isinstance(row, dict):
            return {}
        keys = tuple(row)
        named = {name for names in self._standing(keys) for name in names}
        return {
            key: value
            for key, value in row.items()
            if value not in EMPTY and key not in named and not any(name.startswith(f"{key}.") for name in named)
        }

    def _split(self, text: str) -> list[str]:
        try:
            return next(csv.reader([text], delimiter=self._separator), [])
        except csv.Error:
            return []

    def _json(self, line: bytes) -> Call | None:
        row = read(line)
        if self._mapping.format == "parquet":
            row = _held(row)
        return self._mapped(row) if isinstance(row, dict) else None

    def _mapped(self, row: dict[str, Any]) -> Call | None:
        values: list[Any] = []
        for names in self._standing(tuple(row)):
            for name in names:
                value = row[name] if name in row else _at(row, name)
                if value not in EMPTY:
                    values.append(value)
                    break
            else:
                values.append("")
        client, time, method, url, path, query, _, asked, asked_type, given, given_type = values
        path, query = str(path), str(query)
        if isinstance(asked, str) and LINE.fullmatch(asked):
            # the request line of HTTP, which nginx calls the request
            told = _request(asked)
            if told and not path and not url:
                method, path, query = told
            asked = ""
        if not path:
            path, inner = _url(str(url))
            query = query or inner
        elif "?" in path:
            path, _, inner = path.partition("?")
            query = query or inner
        request, response = body(asked), body(given)
        if not path and not request and not response:
            return None
        # in the order of the fields: a noun made by names takes longer than the rest of the line
        return Call(
            _caller(str(client)),
            moment(str(time)),
            str(method),
            path or "/",
            query.removeprefix("?"),
            request,
            str(asked_type),
            response,
            str(given_type),
        )

    def _standing(self, keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Return which names of each field, in the order of `FIELDS`, can stand in a row with these keys."""
        names = self._found.get(keys)
        if names is None:
            if len(self._found) >= SHAPES:
                self._found.clear()
            here = set(keys)
            names = self._found[keys] = tuple(
                tuple(name for name in self._names.get(field, ()) if name in here or _inside(name, here))
                for field in FIELDS
            )
        return names


def _held(value: Any) -> Any:
    """Return a value without members that are null: a column has a place for what another row holds."""
    if isinstance(value, dict):
        return {key: _held(inner) for key, inner in value.items() if inner is not None}
    return [_held(inner) for inner in value] if isinstance(value, list) else value


def _caller(client: str) -> str:
    """Return who called: an address without its port, which is another with each connection."""
    if ":" not in client:
        return client
    found = ADDRESS.fullmatch(client)
    return (found[1] or found[2]) if found else client


def _inside(name: str, keys: set[str]) -> bool:
    """Say whether a name with dots may lead into an object under one of the keys."""
    return any(name.startswith(key) and name[len(key) : len(key) + 1] == "." for key in keys)


def _at(row: dict[str, Any], name: str) -> Any:
    """Return a value by its name: as it stands, or dot by dot into nested objects, the longest names first."""
    if name in row:
        return row[name]
    head = name.rpartition(".")[0]
    while head:
        inner = row.get(head)
        if isinstance(inner, dict):
            return _at(inner, name[len(head) + 1 :])
        if isinstance(inner, list):
            # OpenTelemetry: attributes as a list of keys with typed values
            return _attribute(inner, name[len(head) + 1 :])
        head = head.rpartition(".")[0]
    return None


def _attribute(rows: list[Any], name: str) -> Any:
    for row in rows:
        if isinstance(row, dict) and row.get("key") == name:
            value = row.get("value")
            return next(iter(value.values()), None) if isinstance(value, dict) else value
    return None


def body(value: Any) -> bytes:
    """Return a value of a log as the bytes of a body: a text as it is, all else as JSON."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if value in ("", None):
        return b""
    try:
        return fast().dumps(value)  # type: ignore[no-any-return]
    except (TypeError, ValueError, AttributeError):  # halves of characters, long numbers, or the library is not there
        return _written(value).encode("utf-8", "surrogatepass")


def read(line: bytes) -> Any:
    """Return the JSON value of a line, from its first brace on; None where it holds none."""
    try:
        return fast().loads(line)
    except (ValueError, AttributeError):
        pass
    # another encoding, a prefix of the logger, numbers or halves of characters that the library refuses
    text = _text(line)
    start = text.find("{")
    if start < 0:
        return None
    for library in (fast(), json):
        try:
            return library.loads(text[start:])
        except (ValueError, RecursionError, AttributeError):
            continue
    return None


@cache
def fast() -> Any:
    """Return the fast library, where it is installed: it takes less than `json`, and what it refuses goes there."""
    try:
        import orjson  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return orjson


def _text(line: bytes) -> str:
    """Decode a line; logs mix encodings, and no line may be lost for that."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace") if _looks_chinese(line) else line.decode("latin-1")


def _looks_chinese(line: bytes) -> bool:
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _url(url: str) -> tuple[str, str]:
    if url.startswith("/") and not url.startswith("//"):
        # what a server logs: no host stands before the path
        path, _, query = url.partition("#")[0].partition("?")
        return path, query
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0], url.partition("?")[2]
    return parts.path, parts.query


def _request(text: str) -> tuple[str, str, str] | None:
    words = text.split(" ")
    if len(words) < 2:  # noqa: PLR2004 - method and target
        return None
    target = " ".join(words[1:-1]) if len(words) > 2 and words[-1].startswith("HTTP/") else " ".join(words[1:])  # noqa: PLR2004
    path, query = _url(target)
    return words[0], path or "/", query


def _combined(text: str) -> Call | None:
    found = CLF.match(text)
    asked = _request(found["request"]) if found else None
    if not found or not asked:
        return None
    client = found["user"] if found["user"] != "-" else found["host"]
    return Call(client, moment(found["time"]), *asked)


def _alb(text: str) -> Call | None:
    found = ALB.match(text)
    asked = _request(found["request"]) if found else None
    if not found or not asked:
        return None
    return Call(PORT.sub("", found["client"]).strip("[]"), moment(found["time"]), *asked)


def _w3c(row: dict[str, str]) -> Call | None:
    path = row.get("cs-uri-stem") or row.get("cs-uri") or ""
    if not path:
        return None
    path, _, inner = path.partition("?")
    query = row.get("cs-uri-query", "")
    client = next((row[n] for n in ("cs-username", "c-ip", "x-forwarded-for") if row.get(n, "-") != "-"), "")
    when = moment(f"{row.get('date', '')}T{row.get('time', '')}Z") if row.get("time") else ""
    return Call(client, when, row.get("cs-method", ""), path or "/", inner if query in ("", "-") else query)


@lru_cache(maxsize=4_096)
def moment(text: str) -> str:
    """Return a log's time as ISO 8601 in UTC to the second; empty where it is none."""
    try:
        if EPOCH.fullmatch(text):
            whole = text.partition(".")[0]
            found = datetime.fromtimestamp(int(whole) / SECONDS[len(whole)], UTC)
        elif "/" in text[:12]:
            found = datetime.strptime(text, STAMP)  # noqa: DTZ007 - the stamp has its zone
        else:
            found = datetime.fromisoformat(text)
        # the first and the last hours of the calendar have no place in UTC
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{found.replace(microsecond=0, tzinfo=None).isoformat()}Z"
