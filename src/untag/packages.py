"""What a package says of itself: its name, summary, keywords and the head of its README.

An artifact deep in a package need not name a face; the package's own description
often does. Only short, descriptive parts are looked at, and only for artifacts in
which something stood that could matter.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from untag.sources.names import DESCRIPTIONS

if TYPE_CHECKING:
    from untag.interpret import Lens, Seen
    from untag.model import Blob

HEAD: Final = 16_384
"""Bytes read of a metadata file."""
README_CHARS: Final = 500
UP: Final = 6
"""Folders climbed to find a description."""
FIELD: Final = r"^\s*(?:Name|Summary|Keywords|name|description|keywords|title|artifactId)\s*[:=]\s*(.+)$"
"""Compiled when the first description is met."""


def describe(name: str, data: bytes) -> str:
    """Return what a metadata file says its package is about."""
    text = data[:HEAD].decode("utf-8", "replace")
    if name.lower().startswith("readme"):
        return text[:README_CHARS]
    if name.endswith(".json"):
        import json  # noqa: PLC0415 - start-up time is a feature

        try:
            raw = json.loads(data[: HEAD * 4].decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return " ".join(re.findall(r'"(?:name|description)"\s*:\s*"([^"]*)"', text)[:4])
        if not isinstance(raw, dict):
            return ""
        words = raw.get("keywords") if isinstance(raw.get("keywords"), list) else []
        parts = [raw.get("name"), raw.get("description"), *(words or [])]
        return "\n".join(p for p in parts if isinstance(p, str))
    head, _, body = text.partition("\n\n")
    found = "\n".join(re.findall(FIELD, head if name in ("METADATA", "PKG-INFO") else text, re.MULTILINE)[:8])
    return f"{found}\n{body[:README_CHARS]}" if name in ("METADATA", "PKG-INFO") else found


class Packages:
    """Descriptions by folder: read from disk below a root, learnt as they pass in containers."""

    def __init__(self, root: str = "") -> None:
        self.root = root
        """The scanned folder on disk, or empty."""
        self._folders: dict[tuple[str, ...], str] = {}
        self._seen: dict[tuple[str, ...], Seen] = {}

    def learn(self, blob: Blob) -> None:
        """Take note of a member that describes its package."""
        folder, _, name = blob.trail[-1].rpartition("/")
        if name not in DESCRIPTIONS:
            return
        if folder.endswith((".dist-info", ".egg-info")):
            folder = folder.rpartition("/")[0]
        key = (*blob.trail[:-1], folder)
        known = self._folders.get(key, "")
        self._folders[key] = f"{known}\n{describe(name, bytes(blob.data[: HEAD * 4]))}"[:4000]
        self._seen.clear()

    def of(self, trail: tuple[str, ...], lens: Lens) -> Seen:
        """Return what the nearest description above an artifact speaks of."""
        from untag.interpret.lens import NOTHING  # noqa: PLC0415 - only text with a candidate needs it

        folder = trail[-1].rpartition("/")[0]
        for _ in range(UP):
            key = (*trail[:-1], folder)
            if key not in self._seen:
                text = self._folders.get(key, "")
                if not text and len(trail) == 1 and self.root:
                    text = self._from_disk(folder)
                self._seen[key] = lens.see(text) if text else NOTHING
            if self._seen[key] is not NOTHING:
                return self._seen[key]
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        return NOTHING

    def _from_disk(self, folder: str) -> str:
        """Read the descriptions that lie in one folder of the scanned tree."""
        base = os.path.join(self.root, folder)
        texts = []
        try:
            names = set(os.listdir(base))
        except OSError:
            return ""
        found: list[str] = [n for n in DESCRIPTIONS if n in names]
        infos = [n for n in names if n.endswith((".dist-info", ".egg-info"))]
        if len(infos) == 1:
            found.append(os.path.join(infos[0], "METADATA"))
        for name in found:
            path = os.path.join(base, name)
            if os.path.islink(path):
                continue
            try:
                with open(path, "rb") as f:
                    texts.append(describe(os.path.basename(name), f.read(HEAD * 4)))
            except OSError:
                continue
        return "\n".join(texts)[:4000]
