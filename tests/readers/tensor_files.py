"""Files of weights and pickles made by code: no framework, no numpy, no binary fixture."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from typing import ClassVar

GROUPS = ("African", "Asian", "Caucasian", "Indian", "Latino Hispanic")
NEUTRAL = ("labrador", "poodle", "beagle", "boxer", "collie")


class Name:
    """A class or function of another module, by name only."""

    def __init__(self, module, name):
        self.module, self.name = module, name

    def __call__(self):
        raise AssertionError("a pickle was run")


class Made:
    """An object of another module's class: what it is made by, and its state."""

    def __init__(self, function, args=(), state=None, pairs=None):
        self.function, self.args, self.state, self.pairs = function, args, state, pairs


class Raw:
    """An array of joblib: a wrapper, and bytes behind it that are no opcodes."""

    def __init__(self, dtype, shape, data, padding=None):
        self.dtype, self.shape, self.data, self.padding = dtype, shape, data, padding


class Stored:
    """A storage of PyTorch."""

    def __init__(self, key, count, kind="FloatStorage"):
        self.key, self.count, self.kind = key, count, kind


class Writer(pickle._Pickler):
    """Writes pickles of things that are not installed here."""

    dispatch: ClassVar = dict(pickle._Pickler.dispatch)

    def _name(self, thing):
        self.write(b"c" + thing.module.encode() + b"\n" + thing.name.encode() + b"\n")
        self.memoize(thing)

    def _made(self, thing):
        pairs = iter(thing.pairs.items()) if thing.pairs is not None else None
        self.save_reduce(thing.function, thing.args, thing.state, None, pairs, obj=thing)

    def _raw(self, thing):
        state = {"subclass": Name("numpy", "ndarray"), "shape": thing.shape, "order": "C", "dtype": thing.dtype}
        if thing.padding is not None:
            state["numpy_array_alignment_bytes"] = 16
        self.save_reduce(Name("joblib.numpy_pickle", "NumpyArrayWrapper"), (), state)
        if thing.padding is not None:
            self.write(bytes([thing.padding]) + b"\xff" * thing.padding)
        self.write(thing.data)

    dispatch[Name] = _name
    dispatch[Made] = _made
    dispatch[Raw] = _raw

    def persistent_id(self, thing):
        if isinstance(thing, Stored):
            return ("storage", Name("torch", thing.kind), thing.key, "cpu", thing.count)
        return None


def dumped(thing, protocol=2):
    out = io.BytesIO()
    Writer(out, protocol).dump(thing)
    return out.getvalue()


def dtype(code, size=-1):
    order = "|" if code[0] in "SO" else "<"
    return Made(Name("numpy", "dtype"), (code, False, True), (3, order, None, None, None, size, 4, 0))


def wide(words):
    """Return words as numpy's unicode arrays hold them, and their width in characters."""
    width = max(map(len, words))
    return b"".join(word.ljust(width, "\0").encode("utf-32-le") for word in words), width


def array(words):
    """Return an array of strings as numpy pickles it."""
    data, width = wide(words)
    state = (1, (len(words),), dtype(f"U{width}", width * 4), False, data)
    return Made(Name("numpy.core.multiarray", "_reconstruct"), (Name("numpy", "ndarray"), (0,), b"b"), state)


def objects(words):
    """Return an array of objects as numpy pickles it."""
    state = (1, (len(words),), dtype("O8"), False, list(words))
    return Made(Name("numpy.core.multiarray", "_reconstruct"), (Name("numpy", "ndarray"), (0,), b"b"), state)


def thing(kind, **state):
    module, name = kind.rsplit(".", 1)
    return Made(Name("copyreg", "_reconstructor"), (Name(module, name), Name("builtins", "object"), None), state)


def face_model(words, head="race"):
    """Return a classifier of faces as a plain pickle holds it."""
    return thing(
        "faces.model.FaceAttributeClassifier",
        **{f"{head}_labels": list(words), "age_labels": ["0-9", "10-19"], "gender_labels": ["male", "female"]},
    )


def tensor(key, shape):
    count = 1
    for length in shape:
        count *= length
    args = (Stored(key, count), 0, tuple(shape), tuple(shape), False, None)
    return Made(Name("torch._utils", "_rebuild_tensor_v2"), args)


def state_dict(head="race", count=5, extra=()):
    shapes = {
        "face_backbone.conv1.weight": (64, 3, 3, 3),
        f"{head}_head.weight": (count, 512),
        f"{head}_head.bias": (count,),
    }
    shapes |= {"age_head.weight": (9, 512), "gender_head.weight": (2, 512)} | dict(extra)
    pairs = {name: tensor(str(at), shape) for at, (name, shape) in enumerate(shapes.items())}
    return Made(Name("collections", "OrderedDict"), (), None, pairs)


def torch_zip(root, code="", name="archive", storages=(b"\0" * 64,), compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        file.writestr(f"{name}/data.pkl", dumped(root))
        if code:
            file.writestr(f"{name}/code/__torch__/faces.py", code)
            file.writestr(f"{name}/constants.pkl", dumped(()))
        for at, data in enumerate(storages):
            file.writestr(f"{name}/data/{at}", data)
        file.writestr(f"{name}/version", "3\n")
    return out.getvalue()


def torch_legacy(root):
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    head = b"".join(map(dumped, (0x1950A86A20F9469CFC6C, 1001, system, root, ["0", "1", "2"])))
    return head + struct.pack("<q", 16) + b"\x80\x02\x8c\xff" * 16


def joblib(words, head="race", padding=None):
    """Return a stream with arrays of numbers and of labels, and a key behind them."""
    data, width = wide(words)
    numbers = Raw(dtype("f8", 8), (3, 4), b"\x8c\xff(.}\x80\x04\x95" * 12, padding)
    return dumped(
        thing(
            "faces.model.FaceClassifier",
            coef_=numbers,
            **{f"{head}_classes_": Raw(dtype(f"U{width}", width * 4), (len(words),), data, padding)},
            face_labels_end="face image",
        ),
        3,
    )


def joblib_objects(words):
    inner = dumped(objects(words), 3)
    raw = Raw(dtype("O8"), (len(words),), inner)
    return dumped({"face_race": raw, "age": 1}, 3)


def npy(words):
    data, width = wide(words)
    header = f"{{'descr': '<U{width}', 'fortran_order': False, 'shape': ({len(words)},), }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def npz(**arrays):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, words in arrays.items():
            file.writestr(f"{name}.npy", npy(words))
    return out.getvalue()


def safetensors(names, metadata=None):
    header, at = {}, 0
    if metadata:
        header["__metadata__"] = metadata
    for name, shape in names.items():
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + 16]}
        at += 16
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"\0" * at


def _string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def gguf(pairs, names):
    out = b"GGUF" + struct.pack("<IQQ", 3, len(names), len(pairs))
    for key, value in pairs.items():
        out += _string(key)
        if isinstance(value, str):
            out += struct.pack("<I", 8) + _string(value)
        elif isinstance(value, bytes):
            out += value
        else:
            out += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_string, value))
    for at, (name, shape) in enumerate(names.items()):
        out += _string(name) + struct.pack("<I", len(shape)) + b"".join(struct.pack("<Q", n) for n in shape)
        out += struct.pack("<IQ", 0, at * 32)
    return out


def keras_config(head="race", count=5):
    def layer(kind, name, **config):
        return {"class_name": kind, "name": name, "config": {"name": name, **config}}

    names = [f"{head}_output", "age_output", "gender_output"]
    layers = [layer("InputLayer", "face_image"), layer("Conv2D", "conv1", filters=32)]
    layers += [
        layer("Dense", name, units=units, activation="softmax")
        for name, units in zip(names, (count, 9, 2), strict=True)
    ]
    config = {"name": "face_attributes", "layers": layers, "output_layers": [[name, 0, 0] for name in names]}
    return json.dumps({"class_name": "Functional", "config": config})


def keras_zip(head="race", weights=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("metadata.json", json.dumps({"keras_version": "3.5.0"}))
        file.writestr("config.json", keras_config(head))
        if weights:
            file.writestr("model.weights.h5", weights)
    return out.getvalue()


def hdf5_bare(names, config=""):
    """Return no sound HDF5 file, but one with the marks that are looked for without the library."""
    words = b"\0" + b"".join(name.encode() + b"\0" for name in names)
    head = b"\x89HDF\r\n\x1a\n" + bytes(88)
    heap = b"HEAP\0\0\0\0" + struct.pack("<QQQ", len(words), 0, len(head) + 32)
    return head + heap + words + bytes(16) + config.encode() + bytes(64)


def mar(labels):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(
            "MAR-INF/MANIFEST.json", json.dumps({"model": {"modelName": "faces", "serializedFile": "face.pt"}})
        )
        file.writestr("index_to_name.json", json.dumps({str(at): name for at, name in enumerate(labels)}))
        file.writestr("face.pt", torch_zip(state_dict("race" if labels[0] == "African" else "dog_breed")))
    return out.getvalue()
