"""A package of a registry: one archive, fetched once, verified, and scanned as the file that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.model import FileRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.sources import SourceOptions


class PackageSource:
    """``pypi:name[==version]`` or ``npm:name[@version]``."""

    def __init__(self, target: str, options: SourceOptions) -> None:
        """Check the name; nothing is fetched before `items`."""
        scheme, _, spec = target.partition(":")
        if scheme == "pypi":
            from untag.sources import pypi as registry  # noqa: PLC0415 - loads where it is used
        else:
            from untag.sources import npm as registry  # type: ignore[no-redef]  # noqa: PLC0415
        self._name, self._version = registry.parse(spec.strip())
        self._spec = spec.strip()
        self._scheme = scheme
        self._fetch = registry.fetch
        self._options = options
        self.sha256 = ""
        """Digest of the archive, once it is there."""

    @property
    def title(self) -> str:
        """The name and the version: the one that was found, once it is known."""
        sign = "==" if self._scheme == "pypi" else "@"
        return f"{self._scheme}:{self._name}" + (f"{sign}{self._version}" if self._version else "")

    def items(self) -> Iterator[FileRef]:
        """Yield the archive."""
        path, self.sha256, self._version = self._fetch(self._spec, self._options)
        yield FileRef((path.name,), str(path), path.stat().st_size)
