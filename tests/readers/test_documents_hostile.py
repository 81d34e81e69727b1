"""Documents that want to crash, hang or fill the memory of their reader, and protected ones."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import zipfile

import document_files as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag import scan
from untag.errors import ReadError
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.documents import DOORS, child, package
from untag.readers.artifacts.documents.ole import Compound
from untag.readers.base import Part

EN = "The system shall recognise whether a captured face is Uyghur and send an alarm."


def parts(door, data, name="file"):
    reader = next(d for d in DOORS if d.name == door).reader()
    return list(reader.parts(Blob((name,), data), Budget(), Deadline.after(20)))


def gaps(items):
    return [(item.reason, item.detail) for item in items if isinstance(item, Gap)]


def texts(items):
    return [item.text for item in items if isinstance(item, Part)]


def scanned(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return scan(str(path))


def test_entities_do_not_expand_and_the_text_before_is_kept():
    laughs = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l" + str(n - 1) + ";" if n else ""}">'
        for n in range(60)
    )
    prolog = f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]>'
    data = make.docx([("p", EN)], prolog=prolog)
    started = time.monotonic()
    items = parts("docx", data)
    assert time.monotonic() - started < 2
    assert any(reason == "unsupported" for reason, _ in gaps(items))
    # its bytes are searched as they are instead
    assert any(isinstance(item, Blob) and item.trail[-1] == "word/document.xml" for item in items)


def test_external_entities_are_not_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    prolog = f'<!DOCTYPE x SYSTEM "file://{secret}">'
    items = parts("docx", make.docx([("p", EN)], prolog=prolog))
    assert EN in texts(items)
    assert not any("SECRET" in text for text in texts(items))


def test_a_bomb_ends_in_a_gap_and_keeps_what_came_before(tmp_path):
    body = make.docx([("p", EN)])
    path = tmp_path / "bomb.docx"
    path.write_bytes(body)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/zeros.bin", b"\0" * (80 << 20))
    found = scan(str(path))
    assert any(gap.reason == "limit" for gap in found.gaps)
    assert found.status == "blocked"


def test_a_second_document_of_the_same_name_is_read_too(tmp_path):
    path = tmp_path / "twice.docx"
    path.write_bytes(make.docx([("p", "Nothing to see.")]))
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{w}"><w:p><w:r><w:t>{EN}</w:t></w:r></w:p></w:document>'
        )
    found = scan(str(path))
    assert any(gap.reason == "duplicate" for gap in found.gaps)
    assert found.status == "blocked"


def test_damaged_xml_keeps_what_came_before(tmp_path):
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    broken = f'<w:document xmlns:w="{w}"><w:p><w:r><w:t>{EN}</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a < b'
    found = scanned(tmp_path, "a.docx", make.docx([], extra={"word/document.xml": broken}))
    assert found.status == "blocked"
    assert any(gap.reason in ("corrupt", "truncated") for gap in found.gaps)


def test_deep_xml():
    deep = "<w:x>" * 100_000
    data = make.docx(
        [], extra={"word/document.xml": f'<w:document xmlns:w="w"><w:p><w:r><w:t>hello</w:t></w:r></w:p>{deep}'}
    )
    items = parts("docx", data)
    assert tuple(texts(items)) == ("hello",)
    assert any(reason == "limit" for reason, _ in gaps(items))


def test_many_cells_are_few_parts():
    rows = [["image", "age", "group"], *([f"{n % 7}.jpg", n, "a"] for n in range(20_000))]
    items = parts("xlsx", make.xlsx({"S": rows}, shared=False))
    assert len(items) < 50


def test_wide_cells_do_not_fill_memory():
    data = make.xlsx({"S": [["a", "b"]]})
    sheet = '<worksheet><sheetData><row r="1"><c r="XFD1" t="str"><v>x</v></c><c r="ZZZ1" t="s"><v>99999999999</v></c></row></sheetData></worksheet>'
    items = parts("xlsx", make.zipped({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet}))
    assert not gaps(items)
    assert parts("xlsx", data)


def test_repeated_cells_of_opendocument_are_not_made():
    body = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell></table:table-row>'
    data = make.ods({"S": [["a", "b"]]})
    parts("opendocument", data)
    namespaces = 'xmlns:table="t" xmlns:text="x" xmlns:office="o"'
    items = parts(
        "opendocument",
        make.zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": f"<office:c {namespaces}><office:spreadsheet><table:table>{body * 50}</table:table></office:spreadsheet></office:c>",
            }
        ),
    )
    assert len(items) < 20


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", make.compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000})),
        (
            "a.odt",
            make.odt(
                [("p", EN)], manifest='<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
            ),
        ),
        ("a.doc", None),
        (
            "a.xls",
            make.compound({"Workbook": b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 12 + b"\x2f\x00\x02\x00\x00\x00"}),
        ),
        ("a.ppt", make.compound({"PowerPoint Document": b"x" * 5000, "EncryptedSummary": b"y" * 5000})),
    ],
)
def test_protected_office_files(tmp_path, name, data):
    if data is None:
        plain = bytearray(make.doc([("p", EN)]))
        at = plain.index(b"\xec\xa5\xc1\x00")
        plain[at + 11] |= 1
        data = bytes(plain)
    found = scanned(tmp_path, name, data)
    assert [gap.reason for gap in found.gaps] == ["encrypted"]
    assert found.status == "incomplete"


def test_protected_member_of_a_document(tmp_path):
    data = bytearray(make.docx([("p", EN)]))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(sign), bytes(data)):
            data[match.start() + at] |= 1
    found = scanned(tmp_path, "a.docx", bytes(data))
    assert {gap.reason for gap in found.gaps} == {"encrypted"}


def test_macros_and_pictures_are_embedded_files():
    items = parts(
        "docx",
        make.docx([("p", EN)], extra={"word/vbaProject.bin": b"\xd0\xcf", "word/media/a.png": b"\x89PNG"}),
        "a.docx",
    )
    trails = {item.trail for item in items if isinstance(item, Blob)}
    assert ("a.docx", "word/vbaProject.bin") in trails
    assert ("a.docx", "word/media/a.png") in trails


def test_an_embedded_sheet_is_read(tmp_path):
    inner = make.xlsx({"Attributes": [["face_image", "age", "ethnicity"], ["a.jpg", 3, "x"]]})
    found = scanned(tmp_path, "a.docx", make.docx([("p", "See the sheet.")], extra={"word/embeddings/s.xlsx": inner}))
    trails = {finding.trail for finding in found.findings}
    assert ("a.docx", "word/embeddings/s.xlsx") in trails


def test_compound_chains_that_run_in_circles():
    data = bytearray(make.compound({"WordDocument": b"x" * 9000, "1Table": b"y" * 9000}))
    for at in range(512, 1024, 4):
        data[at : at + 4] = (3).to_bytes(4, "little")
    file = Compound(bytes(data))
    for stream in file.streams:
        file.read(stream)


def test_rich_text_nested_without_end():
    items = parts("rtf", b"{\\rtf1 before\\par " + b"{" * 100_000)
    assert "before" in texts(items)
    assert {reason for reason, _ in gaps(items)} >= {"limit"}


def test_rich_text_object_is_an_embedded_file():
    items = parts("rtf", b"{\\rtf1 a{\\object{\\*\\objdata " + b"504b0304 00\n00" + b"}}{\\pict\\pngblip 89504e47}}")
    blobs = [bytes(item.data) for item in items if isinstance(item, Blob)]
    assert blobs == [b"PK\x03\x04\0\0", b"\x89PNG"]


def test_rich_text_in_a_chinese_code_page():
    sentence = "识别维吾尔族人脸并报警"
    raw = b"{\\rtf1\\ansi\\ansicpg936 " + b"".join(b"\\'%02x" % byte for byte in sentence.encode("gb18030")) + b"\\par}"
    assert texts(parts("rtf", raw)) == [sentence]


def test_letter_with_endless_parts():
    data = (
        b"MIME-Version: 1.0\r\nFrom: a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 20_000
    )
    items = parts("letter", data)
    assert ("limit", "a letter of more than 2,000 parts") in gaps(items)


def test_package_spools_what_does_not_fit(monkeypatch):
    monkeypatch.setattr(package, "HELD", 100)
    assert EN in texts(parts("docx", make.docx([("p", EN)])))


def test_a_child_that_hangs_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", _script(tmp_path, "import time\ntime.sleep(60)\n"))
    started = time.monotonic()
    with pytest.raises(ReadError) as caught:
        list(child.ask("pdf_child", b"x", {}, Deadline.after(0.5)))
    assert caught.value.reason == "limit"
    assert time.monotonic() - started < 10


def test_a_child_that_dies_is_told(monkeypatch, tmp_path):
    say = "import sys\nsys.stdout.buffer.write(b'\\x02\\0\\0\\0\\0\\0\\0\\0{}')\nsys.stdout.flush()\nimport os\nos.abort()\n"
    monkeypatch.setattr(sys, "executable", _script(tmp_path, say))
    seen = []
    with pytest.raises(ReadError) as caught:
        seen.extend(child.ask("pdf_child", b"x", {}, Deadline.after(20)))
    assert caught.value.reason == "crashed"


def test_a_child_that_answers_without_end(monkeypatch, tmp_path):
    say = "import sys\nsys.stdout.buffer.write(b'\\xff\\xff\\xff\\xff\\0\\0\\0\\0')\nsys.stdout.flush()\n"
    monkeypatch.setattr(sys, "executable", _script(tmp_path, say))
    with pytest.raises(ReadError) as caught:
        list(child.ask("pdf_child", b"x", {}, Deadline.after(20)))
    assert caught.value.reason == "limit"


def test_a_child_has_no_network_and_no_children():
    code = (
        "from untag.readers.artifacts.documents import bounds\n"
        "import socket, subprocess\n"
        "bounds.alone()\n"
        "for call in (lambda: socket.create_connection(('127.0.0.1', 9)), lambda: subprocess.run(['true'])):\n"
        "    try:\n        call()\n        print('done')\n"
        "    except PermissionError:\n        print('refused')\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["refused", "refused"]


def _script(tmp_path, code):
    path = tmp_path / "python"
    path.write_text(f"#!{sys.executable}\n{code}")
    path.chmod(0o755)
    return str(path)


SEEDS = {
    "docx": make.docx([("h", "Face"), ("p", EN), ("t", [["a", "b"], ["c", "d"]])]),
    "pptx": make.pptx([("h", "Face"), ("p", EN)]),
    "xlsx": make.xlsx({"S": [["face", "race"], ["a", "b"]]}),
    "opendocument": make.odt([("h", "Face"), ("p", EN), ("t", [["a", "b"], ["c", "d"]])]),
    "epub": make.epub([("h", "Face"), ("p", EN)]),
    "rtf": make.rtf([("h", "Face"), ("p", EN), ("t", [["a", "b"], ["c", "d"]])]),
    "letter": make.eml([("p", EN)]),
    "compound": make.doc([("p", EN)]),
    "compound xls": make.xls({"S": [["face", "race"], ["a", "b"]]}),
    "compound ppt": make.ppt([("p", EN)]),
}


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_only_read_errors_come_of_damage(kind, data):
    body = bytearray(SEEDS[kind])
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
        body = body or bytearray(b"\0")
    body = body[: data.draw(st.integers(1, len(body)))]
    try:
        items = parts(kind.split()[0], bytes(body))
    except ReadError:
        return
    for item in items:
        assert isinstance(item, (Part, Blob, Gap))
        assert not isinstance(item, Part) or "\n" not in item.text


@pytest.mark.parametrize("kind", ["docx", "rtf", "letter", "compound", "opendocument", "epub"])
@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=600))
def test_only_read_errors_come_of_noise(kind, data):
    magic = {"rtf": b"{\\rtf1", "compound": SEEDS["compound"][:512], "letter": b"MIME-Version: 1.0\nFrom: a\n"}.get(
        kind, b"PK\x03\x04"
    )
    try:
        parts(kind, magic + data)
    except ReadError:
        return


def test_a_header_of_several_lines_is_one_name():
    items = parts("xlsx", make.xlsx({"S": [["face\nimage", "eye\n\ncolour"], ["a", "b"]]}))
    assert {"face image", "eye colour"} <= set(texts(items))


def test_the_source_of_a_macro_is_unpacked():
    # the example of MS-OVBA 3.2.2, behind what a module's stream begins with
    from untag.readers.artifacts.documents import vba

    literal = b"Attribute VB_Name = 1\r\n"
    packed = b"".join(b"\0" + literal[at : at + 8] for at in range(0, len(literal), 8))
    copies = b"\x02a" + (0x0000 | 9 - 3).to_bytes(2, "little")  # one byte, then nine copies of it
    stream = b"cache" + b"\x01"
    for chunk in (packed, copies):
        stream += (0xB000 | len(chunk) - 1).to_bytes(2, "little") + chunk
    assert vba.source(stream) == literal + b"a" * 10
    assert vba.source(stream[:-3]).startswith(literal)
    assert vba.source(b"") == b""
    for at in range(len(stream)):
        vba.source(stream[:at] + b"\xff" + stream[at + 1 :])


def test_notes_comments_and_running_heads(tmp_path):
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    head = f"<w:hdr {w}><w:p><w:r><w:t>Restricted</w:t></w:r></w:p></w:hdr>"
    comments = f"<w:comments {w}><w:comment><w:p><w:r><w:t>{EN}</w:t></w:r></w:p></w:comment></w:comments>"
    extra = {"word/header1.xml": head, "word/header2.xml": head, "word/comments.xml": comments}
    items = parts("docx", make.docx([("p", "Face report.")], extra=extra))
    assert texts(items).count("Restricted") == 1
    comment = next(item for item in items if isinstance(item, Part) and item.text == EN)
    assert comment.scope.route() == ("section comments",)


def test_deleted_text_is_no_text():
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{w}"><w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p></w:document>'
    assert texts(parts("docx", make.docx([], extra={"word/document.xml": body}))) == ["new"]
