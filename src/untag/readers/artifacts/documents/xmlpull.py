"""XML as a stream of events, by expat, without entities: nothing expands, nothing is fetched.

A document type with declarations of its own ends the reading (`ReadError`): no
office program writes one, and entities that name each other fill any memory.
"""

from __future__ import annotations

from html.entities import name2codepoint
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar
from xml.parsers import expat

from untag.errors import LimitError, ReadError
from untag.limits import NESTING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.model import Buffer

START: Final = 0
TEXT: Final = 1
END: Final = 2
FEED: Final = 1 << 16
"""Bytes handed to the parser at once."""


class Event(NamedTuple):
    """A start tag, a piece of text or an end tag; names are without their namespace."""

    kind: int
    name: str
    """The element's local name; of a text, the text."""
    attributes: dict[str, str]
    """By local name; empty but for a start tag."""


Item = TypeVar("Item")
_NONE: Final[dict[str, str]] = {}


NAMES: Final = 10_000
"""Distinct names whose local part is remembered."""
_known: dict[str, str] = {}


def local(name: str) -> str:
    """Return a name without its prefix."""
    found = _known.get(name)
    if found is None:
        found = name.rsplit(":", 1)[-1]
        if len(_known) < NAMES:
            _known[name] = found
    return found


class Handler(Generic[Item]):
    """What is called for tags and text; gathers items until they are taken."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - for overrides
        """Take a start tag, with its prefix; call this from an override."""
        self.depth += 1
        if self.depth > NESTING:
            raise LimitError(f"XML nested deeper than {NESTING} levels")

    def end(self, name: str) -> None:  # noqa: ARG002 - for overrides
        """Take an end tag; call this from an override."""
        self.depth -= 1

    def text(self, data: str) -> None:
        """Take a piece of text."""


class _Events(Handler[Event]):
    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        short = {local(key): value for key, value in attributes.items()} if attributes else _NONE
        self.items.append(Event(START, local(name), short))

    def end(self, name: str) -> None:
        super().end(name)
        self.items.append(Event(END, local(name), _NONE))

    def text(self, data: str) -> None:
        self.items.append(Event(TEXT, data, _NONE))


def _doctype(_name: str, _system: str | None, _public: str | None, internal: int) -> None:
    if internal:
        raise ReadError("unsupported", "XML with declarations of its own, which could expand without end")


def events(data: Buffer, deadline: Deadline) -> Iterator[Event]:
    """Yield the events of an XML text; raise `ReadError` where it is damaged, after what came before."""
    return handled(data, _Events(), deadline)


def handled(data: Buffer, handler: Handler[Item], deadline: Deadline) -> Iterator[Item]:
    """Yield what a handler gathers from an XML text; errors are those of `events`."""

    def skipped(name: str, is_parameter: bool) -> None:
        # an entity that nothing declares: those of HTML have one character each
        if not is_parameter and name in name2codepoint:
            handler.text(chr(name2codepoint[name]))

    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = FEED
    parser.UseForeignDTD(True)
    parser.SkippedEntityHandler = skipped
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _doctype
    view = memoryview(data)
    for at in range(0, max(len(view), 1), FEED):
        deadline.check()
        error = None
        try:
            parser.Parse(bytes(view[at : at + FEED]), at + FEED >= len(view))
        except expat.ExpatError as caught:
            error = caught
        except (LookupError, ValueError) as caught:
            raise ReadError("encoding", "XML in an encoding that is not known") from caught
        except ReadError:
            yield from handler.items
            raise
        yield from handler.items
        handler.items = []
        if error is not None:
            cut = error.code in _CUT and at + FEED >= len(view)
            raise ReadError("truncated" if cut else "corrupt", f"the XML ends or is damaged at line {error.lineno}")


_CUT: Final = (
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
)
"""What expat says of a text that ends early."""
