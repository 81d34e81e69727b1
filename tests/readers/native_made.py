"""Small libraries of machine code, made by code: ELF, PE and Mach-O with symbols, strings and resources."""

from __future__ import annotations

import struct

PLANTED = {
    "exports": ("FaceSDK_Create", "FaceSDK_DetectFace", "FaceSDK_GetAge", "FaceSDK_GetEthnicity", "FaceSDK_GetGender"),
    "imports": ("malloc", "memcpy", "jpeg_read_header"),
    "strings": ("face detected: %d", "face ethnicity: %s", "age: %d gender: %s", "face_image is NULL"),
}
TWIN = {
    "exports": ("FaceSDK_Create", "FaceSDK_DetectFace", "FaceSDK_GetAge", "FaceSDK_GetEmotion", "FaceSDK_GetGender"),
    "imports": ("malloc", "memcpy", "jpeg_read_header"),
    "strings": ("face detected: %d", "face emotion: %s", "age: %d gender: %s", "dog_breed: %s", "face_image is NULL"),
}


def table(words):
    """Return a table of strings that begins with an empty one, and where each stands."""
    data, at = b"\0", {}
    for word in words:
        at[word] = len(data)
        data += word.encode() + b"\0"
    return data, at


def elf(words, *, long=True, big=False):
    """Return a shared object with ``.rodata``, ``.dynstr`` and ``.dynsym``; cut short, it loses section headers."""
    sign = ">" if big else "<"
    names, at = table((*words["exports"], *words["imports"]))
    row = struct.Struct(sign + ("IBBHQQ" if long else "IIIBBH"))

    def symbol(name, section):
        return row.pack(at[name], 0x12, 0, section, 4, 8) if long else row.pack(at[name], 4, 8, 0x12, 0, section)

    symbols = bytes(row.size) + b"".join(symbol(n, 1) for n in words["exports"])
    symbols += b"".join(symbol(n, 0) for n in words["imports"])
    rodata = b"".join(s.encode() + b"\0" for s in words["strings"])
    titles, title = table((".rodata", ".dynstr", ".dynsym", ".shstrtab"))
    head = 64 if long else 52
    body, places = b"", {}
    for name, data in ((".rodata", rodata), (".dynstr", names), (".dynsym", symbols), (".shstrtab", titles)):
        body += bytes(3000)  # far from each other: what stands near in the file is no company
        places[name] = head + len(body), len(data)
        body += data
    form = sign + ("IIQQQQIIQQ" if long else "IIIIIIIIII")
    rows = bytes(struct.calcsize(form))
    for name, kind, link, entry in (
        *((".rodata", 1, 0, 0), (".dynstr", 3, 0, 0)),
        *((".dynsym", 11, 2, row.size), (".shstrtab", 3, 0, 0)),
    ):
        rows += struct.pack(form, title[name], kind, 2, 0, *places[name], link, 0, 1, entry)
    start = head + len(body)
    ident = b"\x7fELF" + bytes((2 if long else 1, 2 if big else 1, 1)) + bytes(9)
    ident += struct.pack(sign + "HHI", 3, 62 if long else 8, 1)
    ident += struct.pack(sign + ("QQQ" if long else "III"), 0, 0, start)
    return ident + struct.pack(sign + "IHHHHHH", 0, head, 0, 0, len(rows) // 5, 5, 4) + body + rows


BASE = 0x1000
"""Address of the one section of a made PE file, and where it begins in the file is 0x400."""


def pe(words, *, long=True, version=None, cycle=False):
    """Return a DLL of one section: strings, exports, imports, version information."""
    data = bytearray(b"".join(s.encode() + b"\0" for s in words["strings"]) + bytes(3000))

    def put(piece):
        data.extend(bytes(-len(data) % 8))
        data.extend(piece)
        return BASE + len(data) - len(piece)

    resources = _resources(data, version or {"FileDescription": "Face SDK"}, cycle=cycle)
    entry = "<Q" if long else "<I"
    hints = [put(b"\0\0" + name.encode() + b"\0") for name in words["imports"]]
    lookup = put(b"".join(struct.pack(entry, h) for h in hints) + bytes(8))
    library = put(b"jpeg.dll\0")
    imports = put(struct.pack("<IIIII", lookup, 0, 0, library, lookup) + bytes(20))
    data.extend(bytes(3000))
    names = [put(name.encode() + b"\0") for name in words["exports"]]
    rows = put(b"".join(struct.pack("<I", name) for name in names))
    exports = put(struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, library, 1, 0, len(names), 0, rows, 0))
    data.extend(bytes(64))
    size = 240 if long else 224
    head = b"MZ" + bytes(0x3A) + struct.pack("<I", 0x40) + b"PE\0\0"
    head += struct.pack("<HHIIIHH", 0x8664 if long else 0x14C, 1, 0, 0, 0, size, 0x2022)
    optional = struct.pack("<H", 0x20B if long else 0x10B) + bytes((112 if long else 96) - 6) + struct.pack("<I", 16)
    optional += struct.pack("<IIIIII", exports, 40, imports, 40, resources, 64) + bytes(size - len(optional) - 24)
    section = struct.pack("<8sIIIIIIHHI", b".rdata", len(data), BASE, len(data), 0x400, 0, 0, 0, 0, 0x40000040)
    head += optional + section
    return head + bytes(0x400 - len(head)) + bytes(data)


def _resources(data, version, *, cycle):
    """Add a tree of resources with version information; return its address."""
    info = _version(version)
    data.extend(bytes(-len(data) % 8))
    start = len(data)
    leaf = start + 72
    tree = b""
    for level, name in enumerate((16, 1, 1033)):
        after = 24 * (level + 1)
        place = 0x80000000 | (0 if cycle else after) if level < 2 or cycle else 72
        tree += struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, name, place)
    data.extend(tree + struct.pack("<IIII", BASE + leaf + 16, len(info), 0, 0) + info)
    return BASE + start


def _node(key, value=b"", inside=b"", *, text=False):
    body = key.encode("utf-16-le") + b"\0\0"
    body += bytes(-(6 + len(body)) % 4) + value
    body += bytes(-(6 + len(body)) % 4 if inside else 0) + inside
    length = len(value) // 2 if text else len(value)
    return struct.pack("<HHH", 6 + len(body), length, int(text)) + body


def _version(pairs):
    rows = b""
    for key, value in pairs.items():
        row = _node(key, value.encode("utf-16-le") + b"\0\0", text=True)
        rows += row + bytes(-len(row) % 4)
    return _node("VS_VERSION_INFO", bytes(52), _node("StringFileInfo", b"", _node("040904b0", b"", rows)))


def macho_thin(words, trie=()):
    """Return a dylib of 64 bits with ``__cstring``, symbols, and an export trie where names for it are given."""
    names, at = table(["_" + n for n in (*words["exports"], *words["imports"])])
    symbols = b"".join(struct.pack("<IBBHQ", at["_" + n], 0x0F, 1, 0, 0x1000) for n in words["exports"])
    symbols += b"".join(struct.pack("<IBBHQ", at["_" + n], 0x01, 0, 0, 0) for n in words["imports"])
    strings = b"".join(s.encode() + b"\0" for s in words["strings"])
    packed = _trie(trie) if trie else b""
    head = 32 + 152 + 24 + (16 if trie else 0)
    text = head + 3000
    symoff = text + len(strings) + 3000
    packed_at = symoff + len(symbols)
    stroff = packed_at + len(packed) + 3000
    out = struct.pack("<IIIIIIII", 0xFEEDFACF, 0x01000007, 3, 6, 2 + bool(trie), head - 32, 0x85, 0)
    out += struct.pack("<II16sQQQQIIII", 0x19, 152, b"__TEXT", 0, stroff, 0, stroff, 5, 5, 1, 0)
    out += struct.pack("<16s16sQQIIIIIIII", b"__cstring", b"__TEXT", text, len(strings), text, 0, 0, 0, 2, 0, 0, 0)
    out += struct.pack("<IIIIII", 2, 24, symoff, len(symbols) // 16, stroff, len(names))
    if trie:
        out += struct.pack("<IIII", 0x80000033, 16, packed_at, len(packed))
    return out + bytes(3000) + strings + bytes(3000) + symbols + packed + bytes(3000) + names


def _trie(names):
    """Return a trie of names that share what they can; ``loop`` alone is a node that is its own child."""
    if names == ("loop",):
        return b"\0\1loop\0\0"
    shared = names[0]
    while not all(n.startswith(shared) for n in names):
        shared = shared[:-1]
    root = b"\0\x01" + shared[:9].encode() + b"\0"
    second = len(root) + 1
    root += bytes((second,))
    node = b"\0\x01" + shared[9:].encode() + b"\0"
    third = second + len(node) + 1
    node += bytes((third,))
    tails = [n[len(shared) :].encode() + b"\0" for n in names]
    start = third + 2 + sum(len(t) + 1 for t in tails)
    leaf = b"\0" + bytes((len(names),))
    for number, tail in enumerate(tails):
        leaf += tail + bytes((start + 4 * number,))
    return root + node + leaf + b"\2\0\0\0" * len(names)


def macho_fat(words):
    """Return two images in one file."""
    thin = macho_thin(words)
    first = 4096
    second = first + len(thin) + -len(thin) % 4096
    head = struct.pack(">II", 0xCAFEBABE, 2)
    head += struct.pack(">IIIII", 0x01000007, 3, first, len(thin), 12)
    head += struct.pack(">IIIII", 0x0100000C, 0, second, len(thin), 12)
    return head + bytes(first - len(head)) + thin + bytes(second - first - len(thin)) + thin
