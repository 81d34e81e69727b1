"""Models written as protobuf text: Caffe's ``.prototxt``, Triton's and TensorFlow's ``.pbtxt``.

A `TextReader`: the block reader finds the place, and here the whole file becomes the model in
whose scope it stands, so that a head ten layers below still knows which net it belongs to,
and whether that net reads pictures.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.model import Scope
from untag.readers.artifacts.models.common import GENERIC, NAME
from untag.readers.blocks import block_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.model import Gap, Span
    from untag.readers.base import Text

HEAD: Final = 1 << 16
"""Bytes in which a model says its name and what it takes in; both stand before its layers."""
_NAME: Final = re.compile(rb'^name[ \t]*:[ \t]*"([^"\n]{1,200})"', re.MULTILINE)
_INPUT: Final = re.compile(
    rb'^input[ \t]*:[ \t]*"([^"\n]{1,200})"|^input[ \t]*:?[ \t]*[\[{][^"]{0,80}?name[ \t]*:[ \t]*"([^"\n]{1,200})"',
    re.MULTILINE,
)
_PICTURE: Final = re.compile(
    rb"dims[ \t]*:[ \t]*\[(?:[^\],]{1,12},)?\s{0,9}3\s{0,9},\s{0,9}\d{2,5}\s{0,9},\s{0,9}\d{2,5}\s{0,9}\]"
    rb"|dims[ \t]*:[ \t]*\[(?:[^\],]{1,12},)?\s{0,9}\d{2,5}\s{0,9},\s{0,9}\d{2,5}\s{0,9},\s{0,9}3\s{0,9}\]"
    rb"|dim[ \t]*:[ \t]*3\s{1,30}(?:input_)?dim[ \t]*:[ \t]*\d{2,5}"
)
"""Three colours and two sides, as Triton's lists and Caffe's repeated fields write them."""


class ModelText:
    """Protobuf text, known by its name."""

    name = "model-text"
    version = 1
    formats: tuple[str, ...] = ("prototxt",)

    def claims(self, text: Text) -> bool:
        """Whether the name is that of a model in protobuf text."""
        return text.name.lower().endswith((".prototxt", ".pbtxt"))

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield what stands around each wanted range, in the scope of the model."""
        yield from block_spans(text, wanted, deadline, model_of(text))


def model_of(text: Text) -> Scope:
    """Return the model that a text describes, with its inputs as what is said of it."""
    head = text.data[:HEAD]
    found = _NAME.search(head)
    name = found[1].decode("utf-8", "replace") if found else ""
    inputs = [(m[1] or m[2]).decode("utf-8", "replace") for m in _INPUT.finditer(head)][:9]
    said = f"{'reads images: ' * bool(_PICTURE.search(head))}{', '.join(inputs)}"
    if name.lower() in GENERIC:
        name = text.name.rsplit(".", 1)[0]
    return Scope("model", name[:NAME], doc=said, parent=Scope("file", text.name))
