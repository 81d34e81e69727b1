"""Weights and pickles: PyTorch, joblib, safetensors, GGUF, HDF5 and Keras.

Nothing is unpickled and no tensor is read: names, labels, class lists, attribute names and
metadata are. Compressed files and archives whose members need no common view (``.npz``,
``.mar``, gzipped joblib files) are left to the containers, which hand their members back here.
"""

from __future__ import annotations

from typing import Final

from untag.readers.artifacts.door import Door


def _pickle(head: bytes, name: str) -> bool:
    """Whether a protocol mark of 2 to 5 begins the file, or it has a pickle's name."""
    if head[:1] == b"\x80":
        return head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")
    return name.endswith(OLD_PICKLES) and head[:1] in (b"(", b"]", b"}", b"c", b"K", b"U", b"X", b")", b"I", b"S", b"V")


OLD_PICKLES: Final = (".pkl", ".pickle", ".pck", ".pk", ".p", ".joblib", ".sav", ".pt", ".pth", ".ckpt", ".model")
"""Endings by which a pickle of protocol 0 or 1, which has no mark of its own, is known."""


def _zlib(head: bytes, name: str) -> bool:  # noqa: ARG001 - the seam has it
    """Whether a zlib or LZ4 stream may begin here."""
    return (head[:1] == b"\x78" and head[1:2] in (b"\x01", b"\x5e", b"\x9c", b"\xda")) or head[
        :4
    ] == b"\x04\x22\x4d\x18"


def _zip(head: bytes, name: str) -> bool:  # noqa: ARG001 - the seam has it
    """Whether a zip begins here."""
    return head[:4] == b"PK\x03\x04"


def _safetensors(head: bytes, name: str) -> bool:  # noqa: ARG001 - the seam has it
    """Whether a length that fits and the brace of a JSON header begin the file."""
    return head[8:9] == b"{" and head[4:8] == b"\0\0\0\0"


def _hdf5(head: bytes, name: str) -> bool:
    """Whether HDF5's signature stands at the start or behind a user block."""
    mark = b"\x89HDF\r\n\x1a\n"
    return any(head[at : at + 8] == mark for at in (0, 512, 1024, 2048)) or (
        not head and name.endswith((".h5", ".hdf5"))
    )


DOORS: Final[tuple[Door, ...]] = (
    Door("pickle", 1, ("pickle", "joblib", "pytorch-legacy"), ("tensors.pickles", "Pickles"), _pickle),
    Door("packed-pickle", 1, ("joblib",), ("tensors.packed", "Packed"), _zlib),
    Door("pytorch", 1, ("pytorch", "torchscript"), ("tensors.torchzip", "TorchZip"), _zip),
    Door("keras", 1, ("keras",), ("tensors.keraszip", "KerasZip"), _zip),
    Door("npy", 1, ("npy",), ("tensors.npy", "Npy"), lambda head, _: head[:6] == b"\x93NUMPY"),
    Door("safetensors", 1, ("safetensors",), ("tensors.safetensors", "Safetensors"), _safetensors),
    Door("gguf", 1, ("gguf",), ("tensors.gguf", "Gguf"), lambda head, _: head[:4] == b"GGUF"),
    Door("hdf5", 1, ("hdf5", "keras-h5"), ("tensors.hdf5", "Hdf5"), _hdf5),
)
