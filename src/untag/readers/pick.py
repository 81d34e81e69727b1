"""Which format a text is in: its name first, unless the content contradicts it; else its content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import later
from untag.readers.extensions import CODE_EXTENSIONS, EXTENSIONS, NAMES

if TYPE_CHECKING:
    from untag.readers.base import Text

HEAD: Final = 8_192
"""Bytes looked at when a text is judged by its content."""
_SHEBANG: Final = later.pattern(rb"#!\s*\S*?/?(?:env\s+(?:-S\s+)?)?([A-Za-z]+)[\d.]*(?:\s|$)")
_SHEBANGS: Final = {
    b"python": "python", b"pypy": "python", b"bash": "bash", b"sh": "bash", b"zsh": "bash", b"dash": "bash",
    b"ksh": "bash", b"node": "javascript", b"deno": "typescript", b"ruby": "ruby", b"php": "php",
    b"swift": "swift", b"perl": "blocks", b"lua": "blocks", b"Rscript": "blocks", b"scala": "scala",
}  # fmt: skip
_GUESSES: Final = tuple(
    (name, later.pattern(pattern, re.MULTILINE))
    for name, pattern in (
        ("html", rb"\A\s*(?:<!--[^>]{0,2000}-->\s*)?<(?:!doctype\s+html|html|head|body|svg)\b|\A\s*<!DOCTYPE HTML"),
        ("xml", rb"\A\s*<\?xml\b|\A\s*<(?:[\w:.-]+)(?:\s+[\w:.-]+\s*=|\s*>)"),
        ("php", rb"\A\s*<\?(?:php|=)"),
        ("mail", rb"\AMetadata-Version: |\A(?:[A-Z][\w-]*: [^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3}"),
        ("objc", rb"^[ \t]*(?:@interface|@implementation|@protocol)\s+\w|^#import\s+[<\"]"),
        (
            "cpp",
            rb"^[ \t]*(?:template\s*<|namespace\s+\w+|using\s+namespace\s|class\s+\w+\s*(?:final\s*)?[:{])|\bstd::\w",
        ),
        ("c", rb"^[ \t]*#\s*(?:include|ifndef|define|pragma)\b"),
        (
            "java",
            (
                rb"^[ \t]*(?:package|import)\s+[\w.]+;\s*$"
                rb"|^[ \t]*public\s+(?:final\s+|abstract\s+)*(?:class|interface|enum)\s"
            ),
        ),
        ("c_sharp", rb"^[ \t]*using\s+[\w.]+;\s*$|^[ \t]*namespace\s+[\w.]+\s*$"),
        ("go", rb"^package\s+\w+\s*$"),
        ("rust", rb"^[ \t]*(?:pub\s+)?(?:fn|impl|mod|struct)\s+\w+.*\{\s*$|^[ \t]*use\s+\w+(?:::\w+)+"),
        (
            "python",
            (
                rb"^[ \t]*(?:from\s+[\w.]+\s+import\s|import\s+\w+(?:\s+as\s+\w+)?\s*$"
                rb"|(?:async\s+)?def\s+\w+\s*\(.*|class\s+\w+.*:\s*$)"
            ),
        ),
        (
            "javascript",
            (
                rb"^[ \t]*(?:export\s|const\s+\w+\s*=|let\s+\w+\s*="
                rb"|var\s+\w+\s*=|function\s+\w+\s*\(|import\s.*from\s+['\"])"
            ),
        ),
        ("sql", rb"(?i)^[ \t]*(?:create\s+(?:table|view|type|index)|insert\s+into|alter\s+table|select\s.+\sfrom)\s"),
        ("markdown", rb"^#{1,6} \S.*$(?s:.*)(?:^#{1,6} \S|^```|\]\(|^[-*] )"),
        ("ini", rb"\A(?:[ \t]*[;#][^\n]*\n|[ \t\r]*\n)*[ \t]*\[[^\]\n]+\]\s*\n\s*[\w.-]+\s*="),
        (
            "yaml",
            rb"\A(?:#[^\n]*\n|[ \t\r]*\n)*(?:---\s*\n|[\w\"'./-]+:(?:[ \t][^\n]*)?\n(?:[ \t-][^\n]*\n|[\w\"'./-]+:))",
        ),
    )
)
_CPP: Final = later.pattern(
    rb"^[ \t]*(?:class\s+\w+|namespace\s+\w|template\s*<|using\s+\w"
    rb"|public:|private:|protected:|virtual\s)|\bstd::|::\w+\s*\(|nullptr",
    re.MULTILINE,
)
_OBJC: Final = later.pattern(
    rb"^[ \t]*(?:@interface|@implementation|@protocol|@class|@property|#import)\b", re.MULTILINE
)
_MATLAB: Final = later.pattern(rb"^[ \t]*(?:function\b|%|end\s*$|classdef\b)", re.MULTILINE)
_JSON_START: Final = later.pattern(
    rb"\s*(?://[^\n]*\n\s*|/\*(?:[^*]|\*(?!/))*\*/\s*)*([\[{])\s*(?:[\[{\"\]}]|-?\d|true|false|null|//|/\*)", re.DOTALL
)
_XML_START: Final = later.pattern(rb"\s*<[?!A-Za-z]")


def format_of(text: Text) -> str:
    """Return the format id of a text; ``lines`` when nothing fits."""
    head = text.data[:HEAD]
    name = text.name.lower()
    if not text.whole:
        found = _by_name(name)
        if text.header:
            return _carried(found, text.header)
        if found == "prose" and is_list(text.data):
            return "list"
        if found in ("csv", "prose", "") and _lists_files(name, text.data):
            return "list"
        return found if found in ("csv", "log", "prose", "jsonl", "ini") else "lines"
    guess = _by_name(name)
    if guess in ("prose", ""):
        shebang = _SHEBANG.match(head)
        if shebang is not None:
            return _SHEBANGS.get(shebang[1], "blocks")
    if _LABELS.search(name) is not None:
        from untag.readers.labels import is_labels  # noqa: PLC0415 - few files are named so

        if is_labels(name, text.data):
            return "labels"
    found = _confirmed(guess, head, name) if guess else _by_content(head, text.data)
    if found in _LISTED and _lists_files(name, head):
        return "list"
    if found in _HOSTS:
        found = _data_set(found, head, name)
    if found == "sql":
        from untag.readers.dumps import is_dump  # noqa: PLC0415 - few scripts are dumps

        return "dump" if is_dump(text.data) else found
    return "list" if found == "prose" and is_list(text.data) else found


def _carried(found: str, header: bytes) -> str:
    """Return the format of a window of a large text, of which ``header`` tells the beginning."""
    if found == "json":
        from untag.readers.records import records_format  # noqa: PLC0415 - loaded where it is used

        return records_format(found, header)
    return "dump" if found == "sql" else "csv"


_LISTED: Final = ("csv", "prose", "lines", "blocks", "ini")
"""What a list of files may be taken for."""


def _lists_files(name: str, data: bytes) -> bool:
    """Whether a text lists the files of a package; most texts are known not to by two cheap looks."""
    head = data[:HEAD]
    if not any(b"/" in row or b"\\" in row or b"." in row for row in head.split(b"\n", 3)[:3]):
        return False
    from untag.readers.manifest import is_manifest  # noqa: PLC0415 - few texts name files

    return is_manifest(name, head)


_LABELS: Final = re.compile(r"class|label|names|categor|synset|attribute|obj|tags|\.pbtxt\Z")
"""What the name of a label list holds; see `untag.readers.labels`."""
_HOSTS: Final = {"json": b'"', "xml": b"<", "markdown": b"---", "yaml": b"names", "prose": b".", "csv": b"."}
"""Formats in which data sets are written, with what stands in the head of one."""


def _data_set(found: str, head: bytes, name: str) -> str:
    """Return the format of a data set that is written in the format ``found``; ``found`` for any other text."""
    if _HOSTS[found] not in head:
        return found
    if found == "yaml":
        from untag.readers.labels import is_yolo  # noqa: PLC0415 - loaded where it is used

        return "yolo" if is_yolo(name, head) else found
    if found in ("prose", "csv"):
        from untag.readers.captions import captions_of  # noqa: PLC0415 - loaded where it is used
        from untag.readers.delimited import marks_of  # noqa: PLC0415 - loaded where it is used

        return "csv" if marks_of(head) >= 0 or captions_of(head) else found
    from untag.readers.records import records_format  # noqa: PLC0415 - loaded where it is used

    return records_format(found, head)


LIST: Final = 300
"""Lines from which on a text of short lines is a list of things that have nothing to do with each other."""
ENTRY: Final = 100
"""Bytes of an entry of such a list."""
SENTENCE_ENDS: Final = b".!?:;,\xe3\x80\x82"


def is_list(data: bytes) -> bool:
    """Whether a text is a long plain list, an entry a line: a word list, prompts, names; not prose."""
    rows = data[:HEAD].split(b"\n")[:-1]
    if len(rows) < LIST // 10 or data.count(b"\n", 0, 1 << 20) < LIST:
        return False
    plain = sum(
        1
        for r in rows
        if 0 < len(r.rstrip()) <= ENTRY and r.rstrip()[-1] not in SENTENCE_ENDS and r[:1] not in b"#-*>|=<[{/"
    )
    return plain >= 0.97 * len(rows)


def _by_name(name: str) -> str:
    if name in NAMES:
        return NAMES[name]
    parts = name.split(".")
    for part in parts[:0:-1]:
        found = EXTENSIONS.get(part)
        if found is not None:
            return found
        if part in CODE_EXTENSIONS:
            return "blocks"
        if part not in (
            "in",
            "j2",
            "jinja",
            "tmpl",
            "tpl",
            "template",
            "bak",
            "orig",
            "example",
            "sample",
            "dist",
            "old",
        ):
            break
    stem = parts[0]
    if (
        stem in ("readme", "license", "licence", "copying", "changelog", "notice", "authors", "news")
        and len(parts) == 1
    ):
        return "prose"
    if name.startswith((".env", "env.")):
        return "ini"
    return "blocks" if stem in ("dockerfile", "makefile", "jenkinsfile", "vagrantfile", "containerfile") else ""


def _confirmed(guess: str, head: bytes, name: str) -> str:
    """Return the guess by name unless the content says that it is something else."""
    if guess == "c":
        if name.endswith(".h"):
            if _OBJC.search(head):
                return "objc"
            return "cpp" if _CPP.search(head) else "c"
        return guess
    if guess == "objc" and name.endswith(".m") and not _OBJC.search(head) and _MATLAB.search(head):
        return "blocks"
    if guess in ("json", "notebook", "jsonl"):
        if _JSON_START.match(head) is None and head.strip():
            found = _by_content(head, head)
            return found if found not in ("prose", "lines") else "json"
        return _lines_of_json(head) if guess == "json" else guess
    if guess in ("xml", "html") and _XML_START.match(head) is None:
        return _by_content(head, head) if _JSON_START.match(head) else guess
    if guess == "typescript" and head.lstrip().startswith(b"<?xml"):
        return "xml"  # Qt translations are .ts too
    if guess in ("yaml", "ini", "prose", "csv") and head.lstrip()[:1] in (b"{", b"[") and _JSON_START.match(head):
        if guess == "ini" and head.lstrip()[:1] == b"[" and re.match(rb"\s*\[[^\]\"{}]+\]\s*\n", head):
            return guess
        return _lines_of_json(head)
    if guess in ("prose", "csv", "yaml", "python", "ini") and head.lstrip()[:5] in (b"<?xml", b"<html", b"<!DOC"):
        return "html" if b"<html" in head.lower() else "xml"
    if guess == "prose":
        found = _by_content(head, head)
        return found if found in ("csv", "mail", "ini") else "prose"
    return guess


def _lines_of_json(head: bytes) -> str:
    """Return ``jsonl`` when each line is a value of its own."""
    rows = [row.strip() for row in head.split(b"\n")[:3]]
    ends = (b"}", b"]")
    return (
        "jsonl"
        if len(rows) > 1 and rows[0].endswith(ends) and rows[1][:1] in (b"{", b"[") and len(rows[0]) > 1
        else "json"
    )


def _by_content(head: bytes, data: bytes) -> str:
    from untag.readers.delimited import delimiter_of  # noqa: PLC0415 - loaded where it is used

    if _JSON_START.match(head):
        return _lines_of_json(head)
    for name, pattern in _GUESSES:
        if pattern.search(head):
            return name
    if delimiter_of(head):
        return "csv"
    if re.search(rb"[{};]\s*$", head, re.MULTILINE) and head.count(b"{") + head.count(b";") > 2:  # noqa: PLR2004 - a count by eye, not a setting
        return "blocks"
    return "prose" if data else "lines"
