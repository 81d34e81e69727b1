"""Binary tensors behind a JSON head, as the Open Inference Protocol of KServe and Triton sends them.

The head says how many bytes each tensor takes (``parameters.binary_data_size``); they follow it in that order.
A tensor that is taken out of the head takes its bytes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.guard.splice import ARRAY, NUMBER, OBJECT, Node, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.guard.payload import Document


class Tail:
    """The binary part of a body, cut up by tensor."""

    def __init__(self, document: Document) -> None:
        self._tail = document.tail
        self.sizes: list[tuple[Node, int]] = []
        """Each tensor of the head and the bytes it takes, in their order."""
        if document.tail and document.roots:
            self.sizes = list(_sizes(document.roots[0]))
            if sum(size for _, size in self.sizes) != len(document.tail):
                raise Unreadable("the binary tensors are not as long as the head says")

    def without(self, nodes: Sequence[Node]) -> bytes:
        """Return the tensors whose entries stay."""
        gone = {id(node) for node in nodes}
        parts: list[bytes] = []
        at = 0
        for node, size in self.sizes:
            if id(node) not in gone:
                parts.append(self._tail[at : at + size])
            at += size
        return b"".join(parts)


def _sizes(root: Node) -> list[tuple[Node, int]]:
    sizes: list[tuple[Node, int]] = []
    for name in ("inputs", "outputs"):
        tensors = root.get(name)
        for node in tensors.kids if tensors is not None and tensors.kind == ARRAY else ():
            parameters = node.get("parameters") if node.kind == OBJECT else None
            size = parameters.get("binary_data_size") if parameters is not None else None
            if size is not None and size.kind == NUMBER and size.text.isdigit():
                sizes.append((node, int(size.text)))
    return sizes
