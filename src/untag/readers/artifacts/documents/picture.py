"""Pictures, when text in them is to be read: PNG, JPEG, WebP, TIFF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.readers.artifacts.documents import PICTURES, ocr
from untag.readers.artifacts.documents.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.base import Part


class PictureReader:
    """Reads the text in a picture; without `ocr.ask` it claims none, and pictures stay opaque."""

    name = "picture"
    version = 1
    formats: tuple[str, ...] = ("png", "jpeg", "webp", "tiff")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether a picture begins here and pictures are to be read."""
        return ocr.asked() and (head.startswith(PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002
        """Yield each line of text in the picture."""
        flow = Flow(blob.trail[-1])
        flow.at("section", "text in the picture")
        for line in ocr.read_image(blob.data):
            yield from flow.paragraph(line)
