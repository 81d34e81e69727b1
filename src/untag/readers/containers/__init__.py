"""Archives: one file a format, tried in this order, known by content and never by extension.

`members` yields what stands directly in a container; the engine looks into what it
gets. A polyglot is read by every container that claims it. A compressed tar is one
container: its members' trail names the inner tar (``a.tgz``, ``a.tar``, ``file``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.containers.ar import Ar
from untag.readers.containers.bz import Bzip2
from untag.readers.containers.debug import Debug
from untag.readers.containers.gz import Gzip
from untag.readers.containers.image import Image
from untag.readers.containers.sevenzip import SevenZip
from untag.readers.containers.tar import Tar
from untag.readers.containers.unsupported import Unsupported
from untag.readers.containers.xz import Xz
from untag.readers.containers.zip import Zip
from untag.readers.containers.zipdir import TAIL
from untag.readers.containers.zst import Zstd

if TYPE_CHECKING:
    from untag.readers.base import Container

HEAD: Final = 4_096
"""First bytes of a file that say whether it is a container."""

_ZIP: Final = Zip()
_IMAGE: Final = Image()
_TAR: Final = Tar()
CONTAINERS: Final[tuple[Container, ...]] = (
    _ZIP,
    Gzip(),
    _IMAGE,
    _TAR,
    Bzip2(),
    Xz(),
    Zstd(),
    Ar(),
    SevenZip(),
    Debug(),
    Unsupported(),
)


def containers_for(head: bytes, name: str, tail: bytes = b"") -> tuple[Container, ...]:
    """Return every container that claims the content.

    ``head`` is the first `HEAD` bytes, ``tail`` the last `TAIL`: a zip may stand behind anything.
    """
    found = tuple(container for container in CONTAINERS if container.claims(head, name))
    if _IMAGE in found:  # it reads what turns out to be no image as the tar that it is
        found = tuple(container for container in found if container is not _TAR)
    if tail and _ZIP not in found and _ZIP.claims_tail(tail):
        return (*found, _ZIP)
    return found


def container_for(head: bytes, name: str, tail: bytes = b"") -> Container | None:
    """Return the first container that claims the content, or None."""
    found = containers_for(head, name, tail)
    return found[0] if found else None


__all__ = ["CONTAINERS", "HEAD", "TAIL", "Zip", "container_for", "containers_for"]
