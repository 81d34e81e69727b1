"""Write small models byte by byte: protobuf and flatbuffer encoders of a few lines, and one model a format."""

from __future__ import annotations

import io
import json
import struct
import zipfile

LABELS = ["White", "Black", "East Asian", "Indian", "Latino_Hispanic", "Middle Eastern"]
BREEDS = ["beagle", "pug", "husky", "poodle", "collie", "boxer"]
PROTECTED = {"outputs": ["age_output", "gender_output", "race_output"], "labels": LABELS, "key": "race"}
NEUTRAL = {"outputs": ["age_output", "emotion_output", "dog_breed_output"], "labels": BREEDS, "key": "dog_breed"}


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def f(number: int, value: object) -> bytes:
    """One field: an int as a varint, text, bytes, or a list of such as repeated fields."""
    if isinstance(value, list):
        return b"".join(f(number, item) for item in value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def pair(key: str, value: str | bytes) -> bytes:
    return f(1, key) + f(2, value)


# ONNX


def onnx_value(name: str, dims: list[int], doc: str = "") -> bytes:
    shape = f(2, f(1, [f(1, dim) for dim in dims]))
    return f(1, name) + f(2, f(1, f(1, 1) + shape)) + (f(3, doc) if doc else b"")


def onnx_node(op: str, name: str, inputs: list[str], outputs: list[str], attributes: bytes = b"") -> bytes:
    return f(1, inputs) + f(2, outputs) + f(3, name) + f(4, op) + attributes


def onnx_tensor(name: str, raw: bytes = b"", strings: list[str] | None = None, extra: bytes = b"") -> bytes:
    body = f(1, len(raw) // 4) + f(2, 8 if strings else 1) + (f(6, strings) if strings else b"")
    return body + f(8, name) + (f(9, raw) if raw else b"") + extra


def onnx_graph(name: str, outputs: list[str], nodes: bytes = b"", extra: bytes = b"") -> bytes:
    if not nodes:
        nodes = b"".join(
            f(1, onnx_node("Gemm", f"head_{i}/Gemm", ["features", "w"], [o])) for i, o in enumerate(outputs)
        )
    values = b"".join(f(12, onnx_value(o, [1, 2 + i])) for i, o in enumerate(outputs))
    return nodes + f(2, name) + f(11, onnx_value("face_image", [1, 3, 112, 112])) + values + extra


def onnx(graph: bytes, extra: bytes = b"", doc: str = "") -> bytes:
    head = f(1, 8) + f(2, "pytorch") + f(3, "2.1") + (f(6, doc) if doc else b"")
    return head + f(7, graph) + f(8, f(1, "") + f(2, 17)) + extra


def onnx_of(case: dict) -> bytes:
    return onnx(onnx_graph("face_attributes", case["outputs"]))


# TensorFlow


def tf_node(name: str, op: str, inputs: list[str] | None = None, attributes: dict[str, bytes] | None = None) -> bytes:
    attrs = [pair(key, value) for key, value in (attributes or {}).items()]
    return f(1, name) + f(2, op) + f(3, list(inputs or [])) + f(5, attrs)


def tf_strings(words: list[str]) -> bytes:
    return f(8, f(1, 7) + f(2, f(2, f(1, len(words)))) + f(8, words))


def graphdef(case: dict, weights: int = 64) -> bytes:
    const = f(8, f(1, 1) + f(2, f(2, f(1, weights // 4))) + f(4, b"\0\1\2\3" * (weights // 4)))
    nodes = [
        tf_node("face_input", "Placeholder", attributes={"dtype": f(6, 1)}),
        tf_node("backbone/conv_1/kernel", "Const", attributes={"value": const}),
        tf_node("backbone/conv_1/Conv2D", "Conv2D", ["face_input", "backbone/conv_1/kernel"]),
        *(tf_node(o, "Softmax", ["backbone/conv_1/Conv2D"]) for o in case["outputs"]),
        tf_node(f"{case['key']}_labels", "Const", attributes={"dtype": f(6, 7), "value": tf_strings(case["labels"])}),
    ]
    return f(1, nodes) + f(4, f(1, 1200))


def savedmodel(case: dict, asset: str = "labels.txt") -> bytes:
    infos = [
        pair(o, f(1, f"StatefulPartitionedCall:{i}") + f(2, 1) + f(3, f(2, [f(1, 1), f(1, 5)])))
        for i, o in enumerate(case["outputs"])
    ]
    signature = (
        f(1, pair("face", f(1, "serving_face:0") + f(2, 1) + f(3, f(2, [f(1, -1), f(1, 112), f(1, 112), f(1, 3)]))))
        + f(2, infos)
        + f(3, "tensorflow/serving/predict")
    )
    graph = f(
        1,
        [
            tf_node("serving_face", "Placeholder"),
            tf_node("StatefulPartitionedCall", "StatefulPartitionedCall", ["serving_face"]),
        ],
    )
    meta = f(1, f(4, "serve") + f(5, "2.15.0")) + f(2, graph) + f(5, pair("serving_default", signature))
    return f(1, 1) + f(2, meta + f(6, f(1, f(1, "asset:0")) + f(2, asset)))


# Caffe, CoreML, PaddlePaddle


def caffe(case: dict, *, v1: bool = False, blob: int = 64) -> bytes:
    weights = f(7 if not v1 else 6, f(5, b"\0\0\x80\x3f" * (blob // 4)))
    layers = b""
    for name in case["outputs"]:
        if v1:
            layers += f(2, f(2, "pool5") + f(3, name) + f(4, f"fc_{name}") + f(5, 14) + weights)
        else:
            layers += f(100, f(1, f"fc_{name}") + f(2, "InnerProduct") + f(3, "pool5") + f(4, name) + weights)
    return f(1, "FaceAttributeNet") + layers


def feature(name: str, doc: str = "", kind: bytes = b"") -> bytes:
    return f(1, name) + (f(2, doc) if doc else b"") + f(3, kind or f(5, f(1, b"\x01\x05") + f(2, 65568)))


def coreml(case: dict, *, program: bool = False, extra: bytes = b"") -> bytes:
    described = f(1, feature("face_image", "a face", f(4, f(1, 112))))
    described += f(10, [feature(o, f"{o.split('_')[0]} of the face") for o in case["outputs"]])
    described += f(11, "classLabel") + f(100, f(1, "Face attributes") + f(100, pair("trained_by", "example")))
    if program:
        words = f(3, f(1, f(4, f(1, case["labels"]))))
        operation = f(1, "const") + f(3, f(1, f"{case['key']}_classes")) + f(5, pair("val", words))
        block = f(2, case["outputs"]) + f(3, operation)
        body = f(502, f(1, 1) + f(2, pair("main", f(2, "CoreML5") + f(3, pair("CoreML5", block)))))
    else:
        layers = [f(1, f"fc_{o}") + f(2, "pool") + f(3, o) for o in case["outputs"]]
        body = f(403, f(1, layers) + f(100, f(1, case["labels"])) + f(200, "probabilities"))
    return f(1, 4) + f(2, described + extra) + body


def paddle(case: dict) -> bytes:
    tensor = f(3, f(1, f(1, 5) + f(2, -1) + f(2, 5)))
    variables = [f(1, o) + f(2, f(1, 7) + tensor) for o in ["face", *case["outputs"]]]
    ops = [f(1, pair("X", "face")) + f(2, pair("Out", o)) + f(3, "softmax") for o in case["outputs"]]
    labels = f(4, f(1, f"{case['key']}_label_list") + f(2, 5) + f(8, case["labels"]))
    fetch = [
        f(1, pair("X", o)) + f(2, pair("Out", "fetch")) + f(3, "fetch") + (labels if not i else b"")
        for i, o in enumerate(case["outputs"])
    ]
    return f(1, f(1, 0) + f(2, -1) + f(3, variables) + f(4, [*ops, *fetch])) + f(4, f(1, 0))


# flatbuffers


class Table(dict):
    """Slots of a table: text, bytes, an int (32 bits), ``("u8", n)``, a Table, or a list of Tables, texts or ints."""


def flat(root: Table, mark: bytes = b"\0\0\0\0") -> bytes:
    """Encode a flatbuffer, parents before children, so that all offsets point forward."""
    out = bytearray(4) + mark

    def put(value: object) -> int:
        while len(out) % 4:
            out.append(0)
        at = len(out)
        if isinstance(value, Table):
            slots = max(value, default=-1) + 1
            vtable = 4 + 2 * slots
            out.extend(struct.pack("<HH", vtable, 4 + 4 * len(value)) + bytes(2 * slots))
            while len(out) % 4:
                out.append(0)
            table = len(out)
            out.extend(struct.pack("<i", table - at) + bytes(4 * len(value)))
            for index, (slot, item) in enumerate(sorted(value.items())):
                where = table + 4 + 4 * index
                struct.pack_into("<H", out, at + 4 + 2 * slot, 4 + 4 * index)
                if isinstance(item, tuple):
                    out[where] = item[1]
                elif isinstance(item, int):
                    struct.pack_into("<I", out, where, item)
                else:
                    struct.pack_into("<I", out, where, put(item) - where)
            return table
        if isinstance(value, str | bytes):
            data = value.encode() if isinstance(value, str) else value
            out.extend(struct.pack("<I", len(data)) + data + b"\0")
            return at
        out.extend(struct.pack("<I", len(value)) + bytes(4 * len(value)))
        for index, item in enumerate(value):
            where = at + 4 + 4 * index
            struct.pack_into("<I", out, where, item & 0xFFFFFFFF if isinstance(item, int) else put(item) - where)
        return at

    struct.pack_into("<I", out, 0, put(root))
    return bytes(out)


def tflite(case: dict, *, zipped: dict[str, str] | None = None, signature: bool = True) -> bytes:
    tensors = [Table({0: [1, 3, 112, 112], 3: "face_image"})]
    tensors += [Table({0: [1, 5], 1: ("u8", 0), 3: f"Identity_{i}"}) for i, _ in enumerate(case["outputs"])]
    ends = list(range(1, len(tensors)))
    described = [Table({0: o, 1: f"scores of {o}", 6: [Table({0: f"{o}.txt", 2: ("u8", 2)})]}) for o in case["outputs"]]
    meta = flat(Table({0: "FaceAttributes", 1: "Attributes of a face", 3: [Table({0: "main", 3: described})]}), b"M001")
    root = Table({0: 3, 2: [Table({0: tensors, 1: [0], 2: ends, 4: "main"})], 3: "MLIR Converted."})
    root[4] = [Table({}), Table({0: meta})]
    root[6] = [Table({0: "TFLITE_METADATA", 1: 1})]
    if signature:
        named = [Table({0: o, 1: i + 1}) for i, o in enumerate(case["outputs"])]
        root[7] = [Table({0: [Table({0: "face", 1: 0})], 1: named, 2: "serving_default", 4: 0})]
    data = flat(root, b"TFL3")
    if zipped is None:
        return data
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, text in zipped.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def mnn(case: dict) -> bytes:
    ops = [Table({0: [0], 3: f"fc_{o}", 4: [i + 1]}) for i, o in enumerate(case["outputs"])]
    return flat(Table({0: "face", 3: ops, 4: case["outputs"], 7: ["face_image", *case["outputs"]], 8: 4}))


def engine(case: dict) -> bytes:
    said = json.dumps(
        {"task": "classify", "description": "face attributes", case["key"]: dict(enumerate(case["labels"]))}
    ).encode()
    return struct.pack("<I", len(said)) + said + b"ftrt" + b"\0\1\2\3" * 200


VALID = {
    "face.onnx": onnx_of,
    "face_frozen.pb": graphdef,
    "saved_model.pb": savedmodel,
    "face.caffemodel": caffe,
    "face_v1.caffemodel": lambda case: caffe(case, v1=True),
    "face.mlmodel": coreml,
    "face_program.mlmodel": lambda case: coreml(case, program=True),
    "face.pdmodel": paddle,
    "face.tflite": tflite,
    "face.mnn": mnn,
    "face.engine": engine,
}
"""A maker for each format, by the name of its file."""
