"""What is text beyond doubt, at a glance: most files are, and no table of formats need be asked for them."""

from __future__ import annotations

from typing import Final

HEAD: Final = 4_096
SOON: Final = 64
"""Bytes in which a message of protocol buffers shows a control byte; text has none."""
_SIGNS: Final = b"\t\n\r !\"#$%&'()*+,-./:;=?@[]^_`{|}~<\\"
_PLAIN: Final = frozenset((*_SIGNS, *range(48, 58), *range(65, 91), *range(97, 123)))
_MAGIC: Final = (
    b"PK", b"BZh", b"!<ar", b"RIFF", b"GIF8", b"OggS", b"fLaC", b"ID3", b"wOF", b"7z", b"BM", b"II*", b"MM", b"LZIP",
    b"%PDF", b"(\xb5", b"]\x00", b"true", b"OTTO", b"ttcf", b"070", b"Rar!", b"MZ", b"dex\n", b"GGUF", b"PAR1",
    b"ARROW", b"SQLite", b"!BDN", b"Obj", b"\xff", b"8BPS", b"qoif", b"LZ4", b"xar!", b"{\\rt",
    # letters, whose parts may be encoded
    b"From ", b"From:", b"To:", b"Date:", b"Subject:", b"Return-Path:", b"Received:", b"Delivered-To:", b"MIME-V",
    b"Mime-V", b"Message-I", b"Content-Type:", b"DKIM-S", b"ARC-S", b"Reply-To:", b"Sender:", b"X-",
)  # fmt: skip
_CONTROL: Final = bytes((*range(9), 11, *range(14, 27), *range(28, 32), 127))
_TFJS: Final = (b'"modelTopology"', b'"weightsManifest"', b'"graph-model"', b'"layers-model"')
"""Keys and words of a model of TensorFlow.js, which is JSON and has a reader of its own."""


def is_plain(head: bytes, name: str = "") -> bool:
    """Whether what begins with ``head`` is text beyond doubt, that no reader of structured files would claim."""
    if not head or head[0] not in _PLAIN or head.find(b"\0", 0, HEAD) >= 0 or head.startswith(_MAGIC):
        return False
    if head[257:262] == b"ustar":
        return False
    if head[0] == 10:  # noqa: PLR2004 - a line feed, or the first field of a message
        return len(head[:SOON].translate(None, _CONTROL)) == len(head[:SOON])
    return not (name.endswith(".json") and is_tfjs(head))


def is_tfjs(head: bytes) -> bool:
    """Whether a model of TensorFlow.js begins here."""
    return head[:1] in (b"{", b"[") and any(head.find(mark, 0, HEAD) >= 0 for mark in _TFJS)


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 throughout."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
