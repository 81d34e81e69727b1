"""Fuzz every text reader: ``python tests/fuzz/fuzz_readers.py -max_total_time=60``.

The first byte chooses the file name, the next few the wanted ranges; what is left
is the text. A crash, a range without exactly one span or a wrong line is a finding.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "properties"))

with atheris.instrument_imports(include=["untag"]):
    from untag.limits import Deadline
    from untag.model import Span
    from untag.readers import reader_for
    from untag.readers.base import Text
    from untag.readers.raw import strings_around

from reader_sources import HOSTS, filled

NAMES = [*sorted(HOSTS), "noname"]


def one(data: bytes) -> None:
    source = atheris.FuzzedDataProvider(data)
    name = NAMES[source.ConsumeIntInRange(0, len(NAMES) - 1)]
    steps = [source.ConsumeIntInRange(0, 80) for _ in range(8)]
    body = source.ConsumeBytes(source.remaining_bytes())
    if name in HOSTS and source.remaining_bytes() == 0 and len(body) < 40:
        cut = len(body) * 7 % (len(filled(name)) or 1)
        body = filled(name)[:cut] + body + filled(name)[cut:]
    wanted: list[tuple[int, int]] = []
    at = 0
    for gap, size in zip(steps[::2], steps[1::2], strict=True):
        start = at + gap
        stop = min(len(body), start + 1 + size % 20)
        if start >= stop:
            break
        wanted.append((start, stop))
        at = stop
    text = Text((name,), body)
    spans = [item for item in reader_for(text).spans(text, wanted, Deadline.after(20)) if isinstance(item, Span)]
    for start, stop in wanted:
        held = [span for span in spans if span.start <= start and stop <= span.stop]
        assert len(held) == 1, (name, start, stop, spans)
    for span in spans:
        assert span.line == 1 + body.count(b"\n", 0, span.start), (name, span)
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        for start, stop in wanted[:1]:
            strings_around(body, start, stop, encoding=encoding)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
