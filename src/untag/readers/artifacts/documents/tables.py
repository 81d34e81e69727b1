"""Tables in documents: a specification is quoted row by row, data of persons never is.

The words of the header decide. ``field | type | meaning`` describes an interface and
``case | step | expected result`` a test; each of their rows is a sentence. Any other
table with a header may be about people: its header cells are columns, its cells values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.limits import MEMBERS, STATEMENT
from untag.model import Scope
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.readers.artifacts.documents.flow import Flow

SPECIFIES: Final = frozenset(
    (
        *("description", "descriptions", "meaning", "type", "datatype", "parameter", "parameters", "param", "field"),
        *("fieldname", "property", "mandatory", "optional", "default", "requirement", "requirements", "expected"),
        *("feature", "function", "functionality", "module", "specification", "capability", "explanation", "definition"),
        *("usage", "precondition", "procedure", "step", "steps", "testcase", "endpoint", "method", "attribute", "api"),
        *("test", "acceptance", "criteria", "criterion", "verdict", "remark", "remarks", "format", "range", "argument"),
        *("beschreibung", "bedeutung", "feld", "typ", "описание", "тип", "поле", "параметр", "champ", "campo"),
        *("descripción", "descrição", "signification", "descrizione"),
    )
)
"""Words of a header that describes software or a test, in languages that put spaces between words."""
SPECIFIES_CJK: Final = re.compile(
    "字段|参数|參數|类型|類型|说明|說明|含义|含義|描述|必填|必选|可选|默认值|缺省|取值|属性|屬性|功能|模块|要求"
    "|测试|測試|用例|步骤|步驟|预期|預期|结果|结论|接口|指标|检测项|检验|备注|技术参数|需求|項目|项目|意味|説明|型"
    "|필드|설명|타입|형식|파라미터"
)
"""The same in Chinese, Japanese and Korean, as parts of header cells."""
NAMED: Final = re.compile(r"(?:name|no\.?|id|key|#|item|value|序号|编号|名称|姓名|번호|이름)\Z", re.IGNORECASE)
"""Header cells that stand in specifications and in tables of data alike."""
LONG: Final = 40
"""Characters from which on a cell is running text; ideographs count three."""
HEADER: Final = 60
"""Characters of a header cell at most."""
COLUMNS: Final = 300
"""Columns looked at: wider sheets repeat themselves."""
DISTINCT: Final = 400
"""Distinct values kept of a column before its first are handed on."""
VALUE: Final = 200
"""Characters of a cell that is a value."""
NOTED: Final = 40
"""Values of a column that its note lists, so that a value set is seen."""
_WORDS: Final = re.compile(r"[^\W\d_]+")
_IDEOGRAPHS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def long(text: str) -> bool:
    """Whether a cell holds running text."""
    return (
        len(text) >= LONG
        and len(text) + 2 * len(_IDEOGRAPHS.findall(text)) >= LONG
        and (" " in text.strip() or bool(_IDEOGRAPHS.search(text)))
    ) or 3 * len(_IDEOGRAPHS.findall(text)) >= LONG


def specifies(cells: Sequence[str]) -> bool:
    """Whether a header belongs to a specification or a test: one word says so, and most cells agree."""
    filled = [cell for cell in cells if cell]
    strong = sum(bool(SPECIFIES_CJK.search(c)) or bool(SPECIFIES & set(_WORDS.findall(c.lower()))) for c in filled)
    named = sum(bool(NAMED.search(cell)) for cell in filled)
    return strong > 0 and 2 * (strong + named) >= len(filled)


def header(cells: Sequence[str]) -> bool:
    """Whether a row looks like a header: two names or more, short, none of them a number, none twice."""
    filled = [cell for cell in cells if cell]
    return (
        len(filled) > 1
        and len(set(filled)) == len(filled)
        and all(len(cell) <= HEADER and _WORDS.search(cell) and not long(cell) for cell in filled)
    )


def document(rows: Sequence[Sequence[str]], name: str, flow: Flow) -> Iterator[Part]:
    """Yield the parts of one table of a document."""
    from untag.readers.artifacts.documents.flow import tidy  # noqa: PLC0415 - the two know each other

    clean = [[tidy(cell) for cell in row[:COLUMNS]] for row in rows]
    clean = [row for row in clean if any(row)]
    if not clean:
        return
    first = clean[0]
    if header(first) and specifies(first):
        yield from specification(clean, name, flow)
    elif max(map(len, clean)) == 2 and len(clean) > 1 and not _grid(clean):  # noqa: PLR2004 - keys and values
        yield from _form(clean, name, flow)
    elif header(first) and len(clean) > 1:
        yield from _data(clean, name, flow)
    else:
        for row in clean:
            for cell in row:
                yield from flow.paragraph(cell)


def specification(rows: Sequence[Sequence[str]], name: str, flow: Flow) -> Iterator[Part]:
    """Yield each row of a specification as a sentence; its scope lists the names of the first column."""
    key = 0
    if NAMED.search(rows[0][0]) and re.search(r"no\.?\Z|#|序号|编号|번호", rows[0][0], re.IGNORECASE):
        key = 1
    names = [row[key][:HEADER] for row in rows[1:] if len(row) > key and row[key]]
    scope = Scope("table", name, tuple(names[:MEMBERS]), " | ".join(rows[0])[:STATEMENT], flow.scope)
    for row in rows:
        text = " | ".join(cell for cell in row if cell)
        for piece in (text,) if len(text) <= STATEMENT else [cell for cell in row if cell]:
            if len(piece) <= STATEMENT:
                yield Part(piece, "prose", scope, piece)
            else:
                yield from flow.paragraph(piece, scope)


def _grid(rows: Sequence[Sequence[str]]) -> bool:
    """Whether two columns are a list of records rather than a form: the first cells repeat or are numbers."""
    keys = [row[0] for row in rows[1:] if row]
    named = [key for key in keys if key and _WORDS.search(key)]
    return len(set(keys)) < len(keys) or 2 * len(named) < len(keys)


def _form(rows: Sequence[Sequence[str]], name: str, flow: Flow) -> Iterator[Part]:
    """Yield a form: what is asked for, and the answers, which are values."""
    keys = tuple(row[0][:HEADER] for row in rows if row[0])[:MEMBERS]
    table = Scope("table", name, keys, "", flow.scope)
    for row in rows:
        key, value = row[0], row[1] if len(row) > 1 else ""
        if long(key):
            yield from flow.paragraph(key)
        elif key:
            yield Part(key, "member", table, key)
        if long(value):
            yield from flow.paragraph(value, Scope("section", key[:HEADER], keys, "", table))
        elif value:
            yield Part(value, "value", Scope("row", key[:HEADER], keys, "", table), value)


def _data(rows: Sequence[Sequence[str]], name: str, flow: Flow) -> Iterator[Part]:
    sheet = Sheet(flow, name)
    for row in rows:
        yield from sheet.row(row)
    yield from sheet.end()


class Sheet:
    """A table whose rows come one by one: its columns by name and value set, its values each once."""

    __slots__ = ("_flow", "_handed", "_header", "_looked", "_name", "_spec", "_table", "_waiting")

    def __init__(self, flow: Flow, name: str = "") -> None:
        self._flow = flow
        self._name = name
        self._header: list[str] = []
        self._waiting: dict[int, dict[str, None]] = {}
        self._handed = False
        self._looked: list[list[str]] = []
        self._spec: list[list[str]] | None = None
        self._table = flow.scope

    def row(self, cells: Sequence[str]) -> Iterator[Part]:
        """Take the strings of one row, empty where a cell has none."""
        cells = [" ".join(cell.split()) for cell in cells[:COLUMNS]]
        if not any(cells):
            return
        if not self._header:
            if not header(cells):
                if len(self._looked) < TITLES:
                    self._looked.append(list(cells))
                    return
                yield from self._without()
                yield from self._values(cells)
                return
            yield from self._above()
            self._open(list(cells))
            return
        if self._spec is not None:
            self._spec.append(list(cells))
            if len(self._spec) > MEMBERS:
                yield from self._specified()
            return
        yield from self._values(cells)

    def _open(self, cells: list[str]) -> None:
        self._header = cells
        if specifies(cells):
            self._spec = [cells]
        members = tuple(cell for cell in cells if cell)[:MEMBERS]
        self._table = Scope("table", self._name, members, "", self._flow.scope)

    def _above(self) -> Iterator[Part]:
        """Yield what stands above the header: titles and remarks."""
        for row in self._looked:
            for cell in row:
                yield from self._flow.paragraph(cell)
        self._looked = []

    def _without(self) -> Iterator[Part]:
        """Go on without a header: what came so far are values like the rest."""
        self._header = [""]
        rows, self._looked = self._looked, []
        for row in rows:
            if sum(map(bool, row)) == 1:
                yield from self._flow.paragraph(next(filter(None, row)))
            else:
                yield from self._values(row)

    def _specified(self) -> Iterator[Part]:
        from untag.readers.artifacts.documents.flow import tidy  # noqa: PLC0415 - the two know each other

        rows = [[tidy(cell) for cell in row] for row in self._spec or ()]
        if len(rows) > 1 or not self._handed:
            yield from specification(rows, self._name, self._flow)
        self._spec = [self._header]
        self._handed = True

    def _values(self, cells: Sequence[str]) -> Iterator[Part]:
        for at, cell in enumerate(cells):
            if not cell or not _WORDS.search(cell):
                continue
            if long(cell) and not self._column(at):
                yield from self._flow.paragraph(cell)
                continue
            known = self._waiting.setdefault(at, {})
            if cell[:VALUE] in known:
                continue
            known[cell[:VALUE]] = None
            if len(known) >= DISTINCT:
                yield from self._hand()

    def _column(self, at: int) -> str:
        return self._header[at] if at < len(self._header) else ""

    def _hand(self) -> Iterator[Part]:
        """Hand on what waits: the columns first, with their value sets beside them, then the values."""
        if not self._handed:
            self._handed = True
            for at, name in enumerate(self._header):
                if name:
                    values = list(self._waiting.get(at, ()))
                    note = ", ".join(values[:NOTED]) if len(values) < DISTINCT else ""
                    yield Part(name, "member", self._table, name, note)
        for at, known in self._waiting.items():
            scope = Scope("row", self._column(at), self._table.members, "", self._table)
            for value in known:
                yield Part(value, "value", scope, value)
        self._waiting = {}

    def end(self) -> Iterator[Part]:
        """Yield what still waits when the table ends."""
        if self._spec is not None:
            yield from self._specified()
            return
        if not self._header:
            yield from self._without()
        yield from self._hand()


TITLES: Final = 8
"""Rows above a header that may hold a title or remarks."""
