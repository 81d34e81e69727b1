"""Documents made by code, as little of each format as a reader needs: no binary fixtures, no libraries.

A document is a list of blocks: ``("h", text)``, ``("p", text)``, ``("t", rows)`` and
``("new",)``, which begins a page, slide, sheet or chapter where the format has them.
"""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr


def zipped(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, kind)
    return out.getvalue()


def _runs(text, tag):
    """Split a text into runs in the middle of its words, as editors do."""
    step = 7
    parts = [text[at : at + step] for at in range(0, len(text), step)]
    return "".join(
        f'<{tag[0]}:r><{tag[0]}:t xml:space="preserve">{escape(part)}</{tag[0]}:t></{tag[0]}:r>' for part in parts
    )


def _split(blocks):
    groups = [[]]
    for block in blocks:
        if block[0] == "new":
            groups.append([])
        else:
            groups[-1].append(block)
    return groups


RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(blocks, extra=None, prolog=""):
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = ""
    for block in blocks:
        if block[0] == "h":
            body += f'<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr>{_runs(block[1], "w")}</w:p>'
        elif block[0] == "p":
            body += f"<w:p>{_runs(block[1], 'w')}</w:p>"
        elif block[0] == "t":
            rows = "".join(
                "<w:tr>" + "".join(f"<w:tc><w:p>{_runs(cell, 'w')}</w:p></w:tc>" for cell in row) + "</w:tr>"
                for row in block[1]
            )
            body += f"<w:tbl>{rows}</w:tbl>"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f'{prolog}<w:document xmlns:w="{w}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{w}"><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>',
    }
    return zipped(members | (extra or {}))


def pptx(blocks):
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    p = "http://schemas.openxmlformats.org/presentationml/2006/main"
    members = {"[Content_Types].xml": "<Types/>"}
    ids = rels = ""
    # the files are numbered against the order of the show
    groups = _split(blocks)
    for at, group in enumerate(groups):
        number = len(groups) - at
        shapes = ""
        for block in group:
            if block[0] == "t":
                rows = "".join(
                    "<a:tr>"
                    + "".join(f"<a:tc><a:txBody><a:p>{_runs(c, 'a')}</a:p></a:txBody></a:tc>" for c in row)
                    + "</a:tr>"
                    for row in block[1]
                )
                shapes += f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
                continue
            title = '<p:ph type="title"/>' if block[0] == "h" else ""
            shapes += f"<p:sp><p:nvSpPr><p:nvPr>{title}</p:nvPr></p:nvSpPr><p:txBody><a:p>{_runs(block[1], 'a')}</a:p></p:txBody></p:sp>"
        members[f"ppt/slides/slide{number}.xml"] = (
            f'<p:sld xmlns:p="{p}" xmlns:a="{a}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>'
        )
        ids += f'<p:sldId id="{256 + at}" r:id="rId{at}"/>'
        rels += f'<Relationship Id="rId{at}" Type="slide" Target="slides/slide{number}.xml"/>'
    members["ppt/presentation.xml"] = (
        f'<p:presentation xmlns:p="{p}" xmlns:r="{DOC}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
    )
    members["ppt/_rels/presentation.xml.rels"] = f'<Relationships xmlns="{RELS}">{rels}</Relationships>'
    return zipped(members)


def _letter(at):
    return chr(65 + at)


def xlsx(sheets, shared=True):
    """``sheets`` maps a name to rows; strings are shared, or in place."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    members = {"[Content_Types].xml": "<Types/>"}
    strings: dict[str, int] = {}
    book = rels = ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        body = ""
        for line, row in enumerate(rows, 1):
            cells = ""
            for at, value in enumerate(row):
                ref = f"{_letter(at)}{line}"
                if isinstance(value, (int, float)):
                    cells += f'<c r="{ref}"><v>{value}</v></c>'
                elif shared:
                    cells += f'<c r="{ref}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'
                else:
                    cells += f'<c r="{ref}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            body += f'<row r="{line}">{cells}</row>'
        members[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )
        book += f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        rels += f'<Relationship Id="rId{number}" Type="worksheet" Target="worksheets/sheet{number}.xml"/>'
    members["xl/workbook.xml"] = f'<workbook xmlns="{main}" xmlns:r="{DOC}"><sheets>{book}</sheets></workbook>'
    members["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{RELS}">{rels}</Relationships>'
    if strings:
        items = "".join(f"<si><r><t>{escape(s[:3])}</t></r><r><t>{escape(s[3:])}</t></r></si>" for s in strings)
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{items}</sst>'
    return zipped(members)


_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "draw")
)


def _spans(text):
    return f"{escape(text[:9])}<text:span>{escape(text[9:14])}</text:span>{escape(text[14:])}"


def _odf_blocks(blocks):
    out = ""
    for block in blocks:
        if block[0] == "h":
            out += f'<text:h text:outline-level="1">{_spans(block[1])}</text:h>'
        elif block[0] == "p":
            out += f"<text:p>{_spans(block[1])}</text:p>"
        elif block[0] == "t":
            out += _odf_table(block[1], "Table1")
    return out


def _odf_table(rows, name):
    body = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{_spans(str(c))}</text:p></table:table-cell>" for c in row)
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    return f"<table:table table:name={quoteattr(name)}>{body}</table:table>"


def _odf(kind, body, manifest=""):
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{manifest}</m:manifest>',
            "content.xml": f"<office:document-content {_ODF}><office:body>{body}</office:body></office:document-content>",
        }
    )


def odt(blocks, manifest=""):
    return _odf("text", f"<office:text>{_odf_blocks(blocks)}</office:text>", manifest)


def odp(blocks):
    pages = "".join(f"<draw:page>{_odf_blocks(group)}</draw:page>" for group in _split(blocks))
    return _odf("presentation", f"<office:presentation>{pages}</office:presentation>")


def ods(sheets):
    tables = "".join(_odf_table(rows, name) for name, rows in sheets.items())
    return _odf("spreadsheet", f"<office:spreadsheet>{tables}</office:spreadsheet>")


def epub(blocks):
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    }
    items = refs = ""
    for number, group in enumerate(_split(blocks), 1):
        body = ""
        for block in group:
            if block[0] == "t":
                body += (
                    "<table>"
                    + "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in r) + "</tr>" for r in block[1])
                    + "</table>"
                )
            else:
                tag = "h1" if block[0] == "h" else "p"
                body += (
                    f"<{tag}>{escape(block[1][:9])}<i>{escape(block[1][9:14])}</i>{escape(block[1][14:])}&nbsp;</{tag}>"
                )
        members[f"OEBPS/c{number}.xhtml"] = (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
        )
        items += f'<item id="c{number}" href="c{number}.xhtml"/>'
        refs += f'<itemref idref="c{number}"/>'
    members["OEBPS/book.opf"] = f"<package><manifest>{items}</manifest><spine>{refs}</spine></package>"
    return zipped(members)


def rtf(blocks):
    def text(value):
        out = ""
        for unit in struct.unpack(f"<{len(value.encode('utf-16-le')) // 2}h", value.encode("utf-16-le")):
            char = chr(unit & 0xFFFF)
            out += f"\\u{unit}?" if not 32 <= unit < 127 else "\\" + char if char in "\\{}" else char
        return out[: len(out)]

    body = ""
    for block in blocks:
        if block[0] == "h":
            body += "{\\pard\\s1\\outlinelevel0 " + text(block[1]) + "\\par}\n"
        elif block[0] == "p":
            body += (
                "\\pard " + text(block[1][:9]) + "{\\b " + text(block[1][9:14]) + "}" + text(block[1][14:]) + "\\par\n"
            )
        elif block[0] == "t":
            for row in block[1]:
                body += "\\trowd\\intbl " + "".join(text(cell) + "\\cell " for cell in row) + "\\row\n"
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset134 SimSun;}}\n" + body + "}"
    ).encode("ascii")


def eml(blocks):
    lines = []
    for block in blocks:
        if block[0] == "t":
            lines += [
                "<table>",
                *("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in block[1]),
                "</table>",
            ]
        elif block[0] != "new":
            lines.append(f"<p>{escape(block[1])}</p>")
    html = base64.encodebytes(f"<html><body>{''.join(lines)}</body></html>".encode()).decode()
    return (
        "From: a@example.org\r\nTo: b@example.org\r\nSubject: =?utf-8?b?"
        + base64.b64encode(b"Report").decode()
        + '?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="BB"\r\n\r\n'
        "--BB\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + html.replace("\n", "\r\n")
        + "--BB--\r\n"
    ).encode()


def pdf(blocks, attachments=None, running="", password=False):
    """One page a group; text is set in one font whose codes are UTF-16, hyphenated nowhere."""
    objects: list[bytes] = []

    def add(content):
        objects.append(content if isinstance(content, bytes) else content.encode("latin-1"))
        return len(objects)

    def stream(content):
        return b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"

    catalog, pages = add(""), add("")
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        "1 beginbfrange <0000> <FFFF> <0000> endbfrange\nendcmap end end"
    )
    unicode_map = add(stream(cmap.encode()))
    info = add(
        "<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 -200 1000 900] /Ascent 800 /Descent -200 /ItalicAngle 0 /CapHeight 700 /StemV 80 >>"
    )
    low = add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [0 255 500] /FontDescriptor {info} 0 R >>"
    )
    font = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [{low} 0 R] /ToUnicode {unicode_map} 0 R >>"
    )
    kids = []
    for group in _split(blocks):
        y = 780
        ops = []

        def show(text, x, size, y, ops=ops):
            ops.append(f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET")

        for block in group:
            if block[0] == "scan":
                ops.append("q 400 0 0 400 50 200 cm 0 0 1 1 re f Q")
                continue
            if block[0] == "t":
                for row in block[1]:
                    for at, cell in enumerate(row):
                        show(cell, 60 + at * 160, 10, y)
                    y -= 16
                y -= 20
                continue
            size = 20 if block[0] == "h" else 10
            for line in _wrapped(block[1], 80 if block[1].isascii() else 40):
                show(line, 60, size, y)
                y -= size * 1.3
            y -= size * 1.5
        if running and group:
            show(running, 60, 10, 20)
        body = add(stream("\n".join(ops).encode()))
        kids.append(
            add(
                f"<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 595 842] /Contents {body} 0 R /Resources << /Font << /F {font} 0 R >> >> >>"
            )
        )
    objects[pages - 1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode()
    names = ""
    for name, content in (attachments or {}).items():
        file = add(stream(content).replace(b"<< ", b"<< /Type /EmbeddedFile ", 1))
        spec = add(f"<< /Type /Filespec /F ({name}) /UF ({name}) /EF << /F {file} 0 R >> >>")
        names += f"({name}) {spec} 0 R "
    tree = f" /Names << /EmbeddedFiles << /Names [{names}] >> >>" if names else ""
    objects[catalog - 1] = f"<< /Type /Catalog /Pages {pages} 0 R{tree} >>".encode()
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = (
        " /Encrypt << /Filter /Standard /V 1 /R 2 /O (" + "o" * 32 + ") /U (" + "u" * 32 + ") /P -4 >> /ID [(a) (b)]"
        if password
        else ""
    )
    out += f"trailer << /Size {len(objects) + 1} /Root {catalog} 0 R{lock} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _wrapped(text, width):
    """Break lines at blanks; words longer than a line, and ideographs, anywhere."""
    lines = []
    while len(text) > width:
        cut = text.rfind(" ", 0, width) if text.isascii() else width
        cut = cut if cut > 0 else width
        lines.append(text[:cut])
        text = text[cut:].lstrip(" ")
    return [*lines, text]


def compound(streams):
    """A compound file with the given streams, all of them padded to the large kind, in one storage."""
    sector = 512
    contents = {name: content + b"\0" * max(0, 4096 - len(content)) for name, content in streams.items()}
    need = [-(-len(c) // sector) for c in contents.values()]
    directory = -(-(len(contents) + 1) * 128 // sector)
    fats = 1
    while fats * 128 < fats + directory + sum(need):
        fats += 1
    fat = [0xFFFFFFFD] * fats
    fat += [*range(fats + 1, fats + directory), 0xFFFFFFFE]
    starts = []
    for count in need:
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (fats * 128 - len(fat))

    def entry(name, kind, left, right, child, start, size):
        raw = (name + "\0").encode("utf-16-le")
        return struct.pack("<64sHBBIII16sIQQIQ", raw, len(raw), kind, 1, left, right, child, b"", 0, 0, 0, start, size)

    rows = entry("Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0)
    for at, (name, content) in enumerate(contents.items(), 1):
        right = at + 1 if at < len(contents) else 0xFFFFFFFF
        rows += entry(
            name,
            2,
            0xFFFFFFFF,
            right,
            0xFFFFFFFF,
            starts[at - 1],
            len(streams[name]) if len(streams[name]) >= 4096 else len(content),
        )
    rows = rows.ljust(directory * sector, b"\0")
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        fats,
        fats,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
    )
    header += struct.pack("<109I", *([*range(fats)] + [0xFFFFFFFF] * (109 - fats)))
    body = b"".join(c.ljust(n * sector, b"\0") for c, n in zip(contents.values(), need, strict=True))
    return header + struct.pack(f"<{len(fat)}I", *fat) + rows + body


def doc(blocks):
    parts = []
    for block in blocks:
        if block[0] == "t":
            parts.append("".join("".join(cell + "\x07" for cell in row) + "\x07" for row in block[1]))
        elif block[0] != "new":
            parts.append(block[1] + "\r")
    text = "".join(parts)
    half = len(text) // 2
    first = text[:half].encode("utf-16-le")
    second = text[half:].encode("utf-16-le")
    head = bytearray(0x400)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", head, 10, 0x0200)
    # the second half stands first in the stream: only the piece table knows their order
    main = bytes(head) + second + first
    pieces = struct.pack("<III", 0, half, len(text))
    pieces += struct.pack("<HIH", 0, 0x400 + len(second), 0) + struct.pack("<HIH", 0, 0x400, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    main = bytearray(main)
    struct.pack_into("<II", main, 0x1A2, 16, len(clx))
    return compound({"WordDocument": bytes(main), "1Table": b"\0" * 16 + clx})


def xls(sheets):
    def record(kind, content):
        return struct.pack("<HH", kind, len(content)) + content

    strings: dict[str, int] = {}
    bodies = []
    for rows in sheets.values():
        body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
        for line, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    body += record(0xFD, struct.pack("<HHHI", line, at, 0, strings.setdefault(value, len(strings))))
        bodies.append(body + record(0x0A, b""))
    table = struct.pack("<II", len(strings), len(strings))
    for text in strings:
        table += struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
    # continue the table in the middle of a character's string, as Excel does: the width is said anew
    cut = table[:-6]
    shared = record(0xFC, cut) + record(0x3C, b"\x01" + table[-6:])
    names = list(sheets)
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    bound = sum(4 + 8 + len(name) * 2 for name in names)
    offset = len(head) + bound + len(shared) + 4
    lists = b""
    for name, body in zip(names, bodies, strict=True):
        lists += record(0x85, struct.pack("<IHBB", offset, 0, len(name), 1) + name.encode("utf-16-le"))
        offset += len(body)
    return compound({"Workbook": head + lists + shared + record(0x0A, b"") + b"".join(bodies)})


def ppt(blocks):
    def atom(kind, content, version=0):
        return struct.pack("<HHI", version, kind, len(content)) + content

    slides = b""
    for group in _split(blocks):
        inner = b""
        for block in group:
            if block[0] == "t":
                for row in block[1]:
                    inner += atom(0x0FA0, " ".join(row).encode("utf-16-le"))
            else:
                inner += atom(0x0FA0, block[1].encode("utf-16-le"))
        slides += atom(0x03EE, atom(0xF00D, inner, 15), 15)
    return compound({"PowerPoint Document": atom(0x03E8, slides, 15), "Current User": b"user"})
