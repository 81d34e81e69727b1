"""Programs made by code: small assemblers of class files, DEX, Android resources, .pyc and .NET assemblies.

Each takes names and strings and lays them out as the format's specification has it, no more.
"""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from hashlib import sha1, sha256

# --- Java ---------------------------------------------------------------------------------------


class Pool:
    def __init__(self):
        self.items = []
        self.known = {}

    def add(self, raw):
        if raw not in self.known:
            self.items.append(raw)
            self.known[raw] = len(self.items)
        return self.known[raw]

    def utf8(self, text):
        raw = text.encode()
        return self.add(b"\x01" + struct.pack(">H", len(raw)) + raw)

    def link(self, tag, *numbers):
        return self.add(bytes([tag]) + struct.pack(f">{len(numbers)}H", *numbers))

    def type(self, name):
        return self.link(7, self.utf8(name))

    def string(self, text):
        return self.link(8, self.utf8(text))

    def field(self, owner, name, kind):
        return self.link(9, self.type(owner), self.link(12, self.utf8(name), self.utf8(kind)))


def class_file(name, fields=(), lists=(), methods=(), *, notes=(), flags=0x21, constants=None):
    """``notes``: field → text of its annotation; ``lists``: (field, texts) that <clinit> stores; ``constants``: field → text."""
    pool = Pool()
    this, above = pool.type(name), pool.type("java/lang/Object")
    notes, constants = dict(notes), dict(constants or {})
    body = struct.pack(">H", len(fields))
    for field in fields:
        attributes = []
        if field in notes:
            raw = struct.pack(
                ">HHHHBH",
                1,
                pool.utf8("Lcom/google/gson/annotations/SerializedName;"),
                1,
                pool.utf8("value"),
                ord("s"),
                pool.utf8(notes[field]),
            )
            attributes.append((pool.utf8("RuntimeVisibleAnnotations"), raw))
        if field in constants:
            attributes.append((pool.utf8("ConstantValue"), struct.pack(">H", pool.string(constants[field]))))
        kind = f"L{name};" if flags & 0x4000 else "Ljava/lang/String;"
        body += struct.pack(
            ">HHHH", 0x4019 if flags & 0x4000 else 2, pool.utf8(field), pool.utf8(kind), len(attributes)
        )
        for number, raw in attributes:
            body += struct.pack(">HI", number, len(raw)) + raw
    body += struct.pack(">H", len(methods) + bool(lists))
    for method in methods:
        body += struct.pack(">HHHH", 1, pool.utf8(method), pool.utf8("()Ljava/lang/String;"), 0)
    if lists:
        code = b""
        for field, texts in lists:
            for text in texts:
                code += b"\x59\x13" + struct.pack(">H", pool.string(text)) + b"\x53"
            code += b"\xb3" + struct.pack(">H", pool.field(name, field, "[Ljava/lang/String;"))
        raw = struct.pack(">HHI", 4, 0, len(code) + 1) + code + b"\xb1" + bytes(4)
        body += struct.pack(">HHHHHI", 8, pool.utf8("<clinit>"), pool.utf8("()V"), 1, pool.utf8("Code"), len(raw)) + raw
    body += b"\0\0"
    head = b"\xca\xfe\xba\xbe" + struct.pack(">HHH", 0, 61, len(pool.items) + 1)
    return head + b"".join(pool.items) + struct.pack(">HHHH", flags, this, above, 0) + body


# --- DEX ----------------------------------------------------------------------------------------


def uleb(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def dex_file(classes, extra=()):
    """``classes``: name → {"fields": [...], "methods": [...], "lists": {field: [texts]}, "notes": {field: text}}."""
    gson = "Lcom/google/gson/annotations/SerializedName;"
    texts = {"V", "Ljava/lang/String;", "<clinit>", "value", gson, *extra}
    for name, what in classes.items():
        texts |= {f"L{name};", *what.get("fields", ()), *what.get("methods", ()), *what.get("notes", {}).values()}
        for field, items in what.get("lists", {}).items():
            texts |= {field, *items}
    strings = sorted(texts)
    types = sorted({"V", "Ljava/lang/String;", gson, *(f"L{name};" for name in classes)})
    number, kind = {t: i for i, t in enumerate(strings)}, {t: i for i, t in enumerate(types)}
    fields, methods = [], []
    for name, what in classes.items():
        fields += [
            (kind[f"L{name};"], kind["Ljava/lang/String;"], number[f])
            for f in (*what.get("fields", ()), *what.get("lists", ()))
        ]
        methods += [
            (kind[f"L{name};"], 0, number[m])
            for m in (*what.get("methods", ()), *(["<clinit>"] if what.get("lists") else []))
        ]
    fields.sort()
    methods.sort()
    place = 0x70 + 4 * len(strings) + 4 * len(types) + 12 + 8 * len(fields) + 8 * len(methods) + 32 * len(classes)
    data = bytearray()

    def put(raw, align=1):
        data.extend(bytes(-(place + len(data)) % align))
        data.extend(raw)
        return place + len(data) - len(raw)

    string_places = [put(uleb(len(t)) + t.encode() + b"\0") for t in strings]
    defs = b""
    for name, what in classes.items():
        mine = kind[f"L{name};"]
        own = [i for i, f in enumerate(fields) if f[0] == mine]
        does = [i for i, m in enumerate(methods) if m[0] == mine]
        code_at = 0
        if what.get("lists"):
            units = b""
            for field, items in what["lists"].items():
                for item in items:
                    units += struct.pack("<BBHBBH", 0x1A, 0, number[item], 0x4D, 0, 0)
                at = next(i for i in own if fields[i][2] == number[field])
                units += struct.pack("<BBH", 0x69, 0, at)
            units += b"\x0e\0"
            code_at = put(struct.pack("<HHHHII", 2, 0, 0, 0, 0, len(units) // 2) + units, 4)
        inner = uleb(len(own)) + uleb(0) + uleb(len(does)) + uleb(0)
        before = 0
        for i in own:
            inner += uleb(i - before) + uleb(2)
            before = i
        before = 0
        for i in does:
            inner += uleb(i - before) + uleb(9) + uleb(code_at if methods[i][2] == number["<clinit>"] else 0)
            before = i
        class_at = put(inner)
        noted = 0
        if what.get("notes"):
            pairs = b""
            for field, text in what["notes"].items():
                n = number[text]
                size = 1 if n < 256 else 2
                item = put(
                    b"\1"
                    + uleb(kind[gson])
                    + uleb(1)
                    + uleb(number["value"])
                    + bytes([(size - 1) << 5 | 0x17])
                    + n.to_bytes(size, "little")
                )
                pairs += struct.pack(
                    "<II", next(i for i in own if fields[i][2] == number[field]), put(struct.pack("<II", 1, item), 4)
                )
            noted = put(struct.pack("<IIII", 0, len(what["notes"]), 0, 0) + pairs, 4)
        defs += struct.pack("<8I", mine, 1, 0xFFFFFFFF, 0, 0xFFFFFFFF, noted, class_at, 0)
    tables, out, at = [], b"", 0x70
    for count, raw in (
        (len(strings), struct.pack(f"<{len(strings)}I", *string_places)),
        (len(types), struct.pack(f"<{len(types)}I", *(number[t] for t in types))),
        (1, struct.pack("<III", number["V"], kind["V"], 0)),
        (len(fields), b"".join(struct.pack("<HHI", *f) for f in fields)),
        (len(methods), b"".join(struct.pack("<HHI", *m) for m in methods)),
        (len(classes), defs),
    ):
        tables += [count, at]
        out += raw
        at += len(raw)
    whole = out + bytes(data)
    rest = struct.pack("<III", 0x70 + len(whole), 0x70, 0x12345678) + struct.pack(
        "<IIIIIIIIIIIIIIIII", 0, 0, 0, *tables, len(data), place
    )
    body = rest + whole
    signed = sha1(body).digest() + body
    return b"dex\n035\0" + struct.pack("<I", zlib.adler32(signed)) + signed


# --- Android resources --------------------------------------------------------------------------


def string_pool(texts, wide=False):
    raw, places = b"", []
    for text in texts:
        places.append(len(raw))
        if wide:
            raw += struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"
        else:
            raw += bytes([len(text), len(text.encode())]) + text.encode() + b"\0"
    raw += bytes(-len(raw) % 4)
    start = 28 + 4 * len(texts)
    return (
        struct.pack("<HHIIIIII", 1, 28, start + len(raw), len(texts), 0, 0 if wide else 0x100, start, 0)
        + struct.pack(f"<{len(texts)}I", *places)
        + raw
    )


def arsc_file(strings, arrays=None, wide=False):
    """``strings``: key → value; ``arrays``: key → items."""
    arrays = arrays or {}
    values = [*strings.values(), *(v for items in arrays.values() for v in items)]
    keys = [*strings, *arrays]

    def chunk(number, rows):
        places = struct.pack(f"<{len(rows)}I", *(sum(map(len, rows[:i])) for i in range(len(rows))))
        config = struct.pack("<I", 64) + bytes(60)
        head = 20 + len(config)
        body = places + b"".join(rows)
        return (
            struct.pack("<HHIBBHII", 0x201, head, head + len(body), number, 0, 0, len(rows), head + len(places))
            + config
            + body
        )

    plain = [struct.pack("<HHIHBBI", 8, 0, i, 8, 0, 3, i) for i in range(len(strings))]
    bags, at = [], len(strings)
    for i, items in enumerate(arrays.values()):
        bag = struct.pack("<HHIII", 16, 1, len(strings) + i, 0, len(items))
        for n in range(len(items)):
            bag += struct.pack("<IHBBI", 0x02000000 + n, 8, 0, 3, at + n)
        at += len(items)
        bags.append(bag)
    inner = string_pool(["string", "array"]) + string_pool(keys) + chunk(1, plain) + (chunk(2, bags) if bags else b"")
    head = struct.pack("<I", 0x7F) + "com.vendor.camera".encode("utf-16-le").ljust(256, b"\0") + bytes(20)
    package = struct.pack("<HHI", 0x200, 8 + len(head), 8 + len(head) + len(inner)) + head + inner
    body = string_pool(values, wide) + package
    return struct.pack("<HHII", 2, 12, 12 + len(body), 1) + body


def axml_file(elements, wide=True):
    """``elements``: (tag, {attribute: value}) in order."""
    texts = []
    for tag, attributes in elements:
        texts += [tag, *attributes, *attributes.values()]
    texts = list(dict.fromkeys(texts))
    number = {t: i for i, t in enumerate(texts)}
    body = string_pool(texts, wide)
    for tag, attributes in elements:
        rows = b"".join(
            struct.pack("<IIIHBBI", 0xFFFFFFFF, number[k], number[v], 8, 0, 3, number[v]) for k, v in attributes.items()
        )
        head = struct.pack("<IIIIHHHHHH", 1, 0xFFFFFFFF, 0xFFFFFFFF, number[tag], 20, 20, len(attributes), 0, 0, 0)
        body += struct.pack("<HHI", 0x102, 16, 8 + len(head) + len(rows)) + head + rows
    return struct.pack("<HHI", 3, 8, 8 + len(body)) + body


# --- Python -------------------------------------------------------------------------------------

MAGIC = {6: 3379, 7: 3394, 8: 3413, 9: 3425, 10: 3439, 11: 3495, 12: 3531, 13: 3571, 14: 3627}
OPCODES = {13: (83, 114)}
"""LOAD_CONST and STORE_NAME."""


def marshalled(value, minor):
    """Write strings, bytes, tuples, None and `code` dictionaries as a version's marshal does."""
    if value is None:
        return b"N"
    if isinstance(value, str):
        raw = value.encode()
        return (
            b"\xda" + bytes([len(raw)]) if value.isascii() and len(raw) < 256 else b"u" + struct.pack("<I", len(raw))
        ) + raw
    if isinstance(value, bytes):
        return b"s" + struct.pack("<I", len(value)) + value
    if isinstance(value, tuple):
        return b")" + bytes([len(value)]) + b"".join(marshalled(item, minor) for item in value)
    longs = [
        value.get("args", 0),
        *([0] if minor >= 8 else []),
        0,
        *([0] if minor < 11 else []),
        2,
        value.get("flags", 0),
    ]
    out = b"\xe3" + struct.pack(f"<{len(longs)}I", *longs)
    fields = [value["code"], value["consts"], value["names"], value.get("locals", ())]
    fields += [b"", "m.py", value["name"], value["name"]] if minor >= 11 else [(), (), "m.py", value["name"]]
    out += b"".join(marshalled(f, minor) for f in fields) + struct.pack("<I", 1) + marshalled(b"", minor)
    return out + (marshalled(b"", minor) if minor >= 11 else b"")


def pyc_file(minor, class_name, members, lists):
    """``members``: names that a class body assigns; ``lists``: name → texts that the module assigns as tuples."""
    load, store = OPCODES.get(minor, (100, 90))
    inner = {
        "code": b"".join(bytes([load, 0, store, i]) for i in range(len(members))),
        "consts": (None,),
        "names": tuple(members),
        "name": class_name,
    }
    code = b"".join(bytes([load, 1 + i, store, i]) for i in range(len(lists)))
    module = {
        "code": code,
        "consts": (inner, *(tuple(v) for v in lists.values())),
        "names": (*lists, class_name),
        "name": "<module>",
    }
    head = struct.pack("<H", MAGIC[minor]) + b"\r\n" + bytes(8 if minor == 6 else 12)
    return head + marshalled(module, minor)


# --- .NET ---------------------------------------------------------------------------------------


def assembly(types, literals=(), resources=None, notes=None):
    """``types``: name → fields; ``literals`` of one method of the first type; ``notes``: field → text of an attribute."""
    resources, notes = resources or {}, notes or {}
    names, places = b"\0", {}

    def name(text):
        nonlocal names
        if text not in places:
            places[text] = len(names)
            names += text.encode() + b"\0"
        return places[text]

    us, tokens = b"\0", []
    for text in literals:
        raw = text.encode("utf-16-le") + b"\0"
        tokens.append(len(us))
        us += (bytes([len(raw)]) if len(raw) < 128 else struct.pack(">H", 0x8000 | len(raw))) + raw
    blobs, fields, rows, attributes = b"\0", b"", b"", []
    count = 0
    rows += struct.pack("<IHHHHH", 0, name("<Module>"), 0, 0, 1, 1)
    for i, (title, members) in enumerate(types.items()):
        rows += struct.pack("<IHHHHH", 1, name(title), name("Vendor.Face"), 0, count + 1, 1 if i == 0 else 2)
        for member in members:
            count += 1
            fields += struct.pack("<HHH", 1, name(member), 0)
            if member in notes:
                raw = b"\1\0" + bytes([len(notes[member].encode())]) + notes[member].encode() + b"\0\0"
                attributes.append(struct.pack("<HHH", count << 5 | 1, 0, len(blobs)))
                blobs += bytes([len(raw)]) + raw
    base = 0x2000
    code = b"".join(b"\x72" + struct.pack("<I", 0x70000000 | t) + b"\x26" for t in tokens) + b"\x2a"
    body = struct.pack("<HHII", 0x3003, 8, len(code), 0) + code
    body += bytes(-len(body) % 4)
    embedded, listed = b"", b""
    for title, content in resources.items():
        listed += struct.pack("<IIHH", len(embedded), 1, name(title), 0)
        embedded += struct.pack("<I", len(content)) + content
    tables = {
        0: (1, struct.pack("<HHHHH", 0, name("Vendor.dll"), 0, 0, 0)),
        2: (len(types) + 1, rows),
        4: (count, fields),
        6: (1, struct.pack("<IHHHHH", base + 72, 0, 0, name("Describe"), 0, 1)),
        12: (len(attributes), b"".join(attributes)),
        40: (len(resources), listed),
    }
    tables = {n: t for n, t in tables.items() if t[0]}
    tilde = struct.pack("<IBBBBQQ", 0, 2, 0, 0, 1, sum(1 << n for n in tables), 0)
    tilde += b"".join(struct.pack("<I", t[0]) for t in tables.values()) + b"".join(t[1] for t in tables.values())
    streams = {"#~": tilde, "#Strings": names, "#US": us, "#Blob": blobs}
    streams = {n: raw + bytes(-len(raw) % 4) for n, raw in streams.items()}
    head = b"BSJB" + struct.pack("<HHII", 1, 1, 0, 12) + b"v4.0.30319\0\0" + struct.pack("<HH", 0, len(streams))
    at = len(head) + sum(8 + len(n) // 4 * 4 + 4 for n in streams)
    for n, raw in streams.items():
        head += struct.pack("<II", at, len(raw)) + n.encode().ljust(len(n) // 4 * 4 + 4, b"\0")
        at += len(raw)
    meta = head + b"".join(streams.values())
    meta_at = base + 72 + len(body)
    cli = struct.pack("<IHHIIIIII", 72, 2, 5, meta_at, len(meta), 1, 0, meta_at + len(meta), len(embedded)).ljust(
        72, b"\0"
    )
    section = cli + body + meta + embedded
    directories = b"".join(struct.pack("<II", base, 72) if i == 14 else bytes(8) for i in range(16))
    optional = struct.pack("<H", 0x10B) + bytes(90) + struct.pack("<I", 16) + directories
    pe = b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, len(optional), 0x2102) + optional
    pe += b".text\0\0\0" + struct.pack("<IIII", len(section), base, len(section), 0x200) + bytes(16)
    dos = b"MZ" + bytes(58) + struct.pack("<I", 0x80)
    return (dos.ljust(0x80, b"\0") + pe).ljust(0x200, b"\0") + section


# --- images of containers -----------------------------------------------------------------------


def tar_of(files, form=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            if data is None:
                info.type = tarfile.DIRTYPE
            elif isinstance(data, tuple):
                info.type, info.linkname = tarfile.SYMTYPE, data[0]
            else:
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data) if isinstance(data, bytes) else None)
    return out.getvalue()


def digest(data):
    return sha256(data).hexdigest()
