"""Fuzz the document readers: ``python tests/fuzz/fuzz_documents.py -max_total_time=60``.

The first byte chooses the format; the rest damages a document made by code, or replaces
the text of one of its members, so that the parsers behind the zip are met too. Anything
but parts, embedded files, gaps and `ReadError` is a finding. PDF and pictures are read by
processes of their own: ``fuzz_documents.py --pdf`` damages PDFs, slowly.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "readers"))

with atheris.instrument_imports(include=["untag"]):
    from untag.errors import ReadError
    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.artifacts.documents.docx import DocxReader
    from untag.readers.artifacts.documents.epub import EpubReader
    from untag.readers.artifacts.documents.legacy import CompoundReader
    from untag.readers.artifacts.documents.letter import LetterReader
    from untag.readers.artifacts.documents.odf import OpenDocumentReader
    from untag.readers.artifacts.documents.pdf import PdfReader
    from untag.readers.artifacts.documents.pptx import PptxReader
    from untag.readers.artifacts.documents.rtf import RtfReader
    from untag.readers.artifacts.documents.xlsx import XlsxReader
    from untag.readers.base import Part

import document_files as make

TEXT = [("h", "Face"), ("p", "识别 the face of a person."), ("t", [["field", "type"], ["age", "int"]])]
ROWS = {"S": [["face", "age"], ["a.jpg", "b"]]}
SEEDS = [
    (DocxReader, make.docx(TEXT)),
    (PptxReader, make.pptx(TEXT)),
    (XlsxReader, make.xlsx(ROWS)),
    (OpenDocumentReader, make.odt(TEXT)),
    (OpenDocumentReader, make.ods(ROWS)),
    (EpubReader, make.epub(TEXT)),
    (RtfReader, make.rtf(TEXT)),
    (LetterReader, make.eml(TEXT)),
    (CompoundReader, make.doc(TEXT)),
    (CompoundReader, make.xls(ROWS)),
    (CompoundReader, make.ppt(TEXT)),
]
MEMBERS = {
    DocxReader: "word/document.xml",
    PptxReader: "ppt/slides/slide1.xml",
    XlsxReader: "xl/worksheets/sheet1.xml",
    OpenDocumentReader: "content.xml",
    EpubReader: "OEBPS/c1.xhtml",
}
STREAMS = ("WordDocument", "Workbook", "PowerPoint Document", "1Table")


def one(data: bytes) -> None:
    source = atheris.FuzzedDataProvider(data)
    reader, body = SEEDS[source.ConsumeIntInRange(0, len(SEEDS) - 1)]
    if source.ConsumeBool() and reader in MEMBERS:
        body = make.zipped({MEMBERS[reader]: source.ConsumeBytes(source.remaining_bytes())})
    elif source.ConsumeBool() and reader is CompoundReader:
        body = make.compound({name: source.ConsumeBytes(2_000) for name in STREAMS[source.ConsumeIntInRange(0, 2) :]})
    else:
        changed = bytearray(body)
        for _ in range(source.ConsumeIntInRange(0, 20)):
            at = source.ConsumeIntInRange(0, len(changed) - 1)
            changed[at] = source.ConsumeIntInRange(0, 255)
        body = bytes(changed[: source.ConsumeIntInRange(1, len(changed))]) + source.ConsumeBytes(200)
    read(reader, body)


def damaged(data: bytes) -> None:
    body = bytearray(make.pdf([*TEXT, ("new",), *TEXT]))
    source = atheris.FuzzedDataProvider(data)
    while source.remaining_bytes():
        body[source.ConsumeIntInRange(0, len(body) - 1)] = source.ConsumeIntInRange(0, 255)
    read(PdfReader, bytes(body))


def read(reader: type, body: bytes) -> None:
    try:
        for item in reader().parts(Blob(("file",), body), Budget(), Deadline.after(20)):
            assert isinstance(item, (Part, Blob, Gap)), item
            if isinstance(item, Part):
                assert "\n" not in item.text, item
    except ReadError:
        pass


if __name__ == "__main__":
    slow = "--pdf" in sys.argv
    arguments = [argument for argument in sys.argv if argument != "--pdf"]
    atheris.Setup(arguments, damaged if slow else one)
    atheris.Fuzz()
