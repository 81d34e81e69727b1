"""Reads the text in a picture with rapidocr, in a process of its own: ``python -m …ocr_child SETTINGS < picture``."""

from __future__ import annotations

import io
import json
import os
import sys
from importlib import import_module
from typing import Any

from untag.readers.artifacts.documents import bounds

FRAMES = 20
"""Pages of a TIFF that are read."""


def rows(found: list[tuple[Any, str]]) -> list[str]:
    """Put what was read at one height into one line, from left to right."""
    boxes = []
    for box, text in found:
        xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
        boxes.append((min(ys), max(ys), min(xs), text))
    boxes.sort()
    lines: list[list[tuple[float, str]]] = []
    middle = 0.0
    for top, bottom, left, text in boxes:
        if lines and top < middle:
            lines[-1].append((left, text))
        else:
            lines.append([(left, text)])
            middle = (top + bottom) / 2
    return ["  ".join(text for _, text in sorted(line)) for line in lines]


def pictures(settings: dict[str, Any]) -> Any:
    """Yield the frames of the picture as RGB, made smaller where they are very large."""
    image_of: Any = import_module("PIL.Image")
    sequence: Any = import_module("PIL.ImageSequence")

    image_of.MAX_IMAGE_PIXELS = None  # the size is judged below, before anything is unpacked
    with image_of.open(io.BytesIO(bounds.given()), formats=["PNG", "JPEG", "WEBP", "TIFF", "PPM"]) as image:
        for number, frame in enumerate(sequence.Iterator(image)):
            if number >= FRAMES:
                return
            width, height = frame.size
            if width * height > settings["largest"]:
                bounds.say({"refused": "limit", "why": f"a picture of more than {settings['largest']:,} pixels"})
                return
            shrink = (settings["pixels"] / max(width * height, 1)) ** 0.5
            if shrink < 1:
                frame.draft("RGB", (int(width * shrink), int(height * shrink)))
                frame = frame.resize((max(int(width * shrink), 1), max(int(height * shrink), 1)))  # noqa: PLW2901
            yield frame.convert("RGB")


def main() -> int:
    """Read the settings and the picture; return the exit code."""
    bounds.alone()
    settings = json.loads(sys.argv[1])
    os.environ["OMP_NUM_THREADS"] = "2"
    name = next((n for n in settings["library"] if _there(n)), "")
    if not name:
        bounds.say({"refused": "missing_extra", "why": "pip install 'untag[ocr]'"})
        return 0
    np: Any = import_module("numpy")

    reader = import_module(name).RapidOCR()
    bounds.confine(settings["memory"], settings["seconds"])
    try:
        for picture in pictures(settings):
            answer = reader(np.asarray(picture)[:, :, ::-1])
            if isinstance(answer, tuple):
                found = [(row[0], str(row[1])) for row in answer[0] or ()]
            else:
                found = list(zip(answer.boxes, answer.txts, strict=False)) if answer.txts else []
            bounds.say({"lines": rows(found)})
    except MemoryError:
        return 3
    except (OSError, ValueError, SyntaxError, EOFError):
        bounds.say({"refused": "corrupt", "why": "a picture that cannot be unpacked"})
    sys.stdout.flush()
    os._exit(0)


def _there(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    raise SystemExit(main())
