"""Files of torch.save are put together here opcode by opcode: nothing of PyTorch is imported, here or there."""

import hashlib
import json
import pickle
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.model import Finding
from untag.strip.base import Choice, Edit, Refusal, StripError, Unit
from untag.strip.editors.torch import EDITOR

WHATEVER = Choice()
KINDS = {
    "F32": ("FloatStorage", "<f4"),
    "F16": ("HalfStorage", "<f2"),
    "I64": ("LongStorage", "<i8"),
    "U8": ("ByteStorage", "u1"),
    "BF16": ("BFloat16Storage", "<u2"),
}


def text(word):
    data = word.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def ints(values):
    return b"(" + b"".join(number(v) for v in values) + b"t"


def tensor(kind, key, count, offset, shape, strides):
    storage = (
        b"("
        + text("storage")
        + b"ctorch\n"
        + KINDS[kind][0].encode()
        + b"\n"
        + text(key)
        + text("cpu")
        + number(count)
        + b"tQ"
    )
    hooks = b"ccollections\nOrderedDict\n)R"
    return (
        b"ctorch._utils\n_rebuild_tensor_v2\n("
        + storage
        + number(offset)
        + ints(shape)
        + ints(strides)
        + b"\x89"
        + hooks
        + b"tR"
    )


def strides_of(shape):
    found = []
    step = 1
    for n in reversed(shape):
        found.append(step)
        step *= n
    return tuple(reversed(found))


def save(path, tensors, body=None, extra=b"", members=(), compress=zipfile.ZIP_STORED):
    """Write a state dict; ``tensors`` is name → (type, array) or (type, array, offset, shape, strides)."""
    items = b""
    for n, (name, (kind, array, *view)) in enumerate(tensors.items()):
        offset, shape, strides = view or (0, array.shape, strides_of(array.shape))
        items += text(name) + tensor(kind, str(n), array.size, offset, shape, strides)
    whole = (
        b"\x80\x02" + (body if body is not None else b"ccollections\nOrderedDict\n)R(" + items + extra + b"u") + b"."
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("archive/data.pkl", whole)
        packed.writestr("archive/byteorder", "little")
        for n, (_, array, *_) in enumerate(tensors.values()):
            packed.writestr(f"archive/data/{n}", np.ascontiguousarray(array).tobytes(), compress)
        packed.writestr("archive/version", "3\n")
        for name, data in members:
            packed.writestr(name, data)


def tensors(kind="F32", seed=0):
    random = np.random.default_rng(seed)
    dtype = KINDS[kind][1]

    def make(*shape):
        return kind, (random.standard_normal(shape) if kind == "F32" else random.integers(1, 250, shape)).astype(dtype)

    return {
        "trunk.weight": make(16, 3),
        "fc_age.weight": make(7, 16),
        "fc_age.bias": make(7),
        "race_classifier.weight": make(5, 16),
        "race_classifier.bias": make(5),
    }


def load(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__")
    return {
        k: (v["dtype"], tuple(v["shape"]), data[8 + size + v["data_offsets"][0] : 8 + size + v["data_offsets"][1]])
        for k, v in header.items()
    }


def finding(attribute="race"):
    return Finding(
        "UT105",
        attribute,
        "infers",
        "inferred_from_image",
        (),
        "high",
        ("m.pt",),
        ("model m", "race_classifier.bias"),
        0,
        0,
        "race",
        "x",
        "",
        "m",
        (),
        "f" * 16,
    )


def unit(folder, findings=None, name="m.pt"):
    listing = tuple(sorted(p.name for p in folder.iterdir()))
    return Unit(folder, name, (finding(),) if findings is None else tuple(findings), listing)


def planned(folder, choice=WHATEVER, findings=None):
    assert EDITOR.takes(unit(folder))
    return list(EDITOR.plan(unit(folder, findings), choice))


def strip(folder, out, choice=WHATEVER, findings=None):
    out.mkdir(exist_ok=True)
    edits = planned(folder, choice, findings)
    assert [type(e) for e in edits] == [Edit], edits
    outcome = EDITOR.apply(unit(folder, findings), edits, out)
    assert all(c.passed for c in outcome.checks)
    assert outcome.written == ("m.safetensors",)
    assert outcome.deleted == ("m.pt",)
    return outcome, edits[0]


def folder_of(tmp_path, *args, **more):
    (tmp_path / "in").mkdir(exist_ok=True)
    save(tmp_path / "in/m.pt", *args, **more)
    return tmp_path / "in"


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_goes_and_the_rest_becomes_safetensors(tmp_path, kind):
    held = tensors(kind)
    folder = folder_of(tmp_path, held)
    before = hashlib.sha256((folder / "m.pt").read_bytes()).digest()
    _, edit = strip(folder, tmp_path / "out")
    assert hashlib.sha256((folder / "m.pt").read_bytes()).digest() == before
    assert edit.safety == "unsafe"
    after = load(tmp_path / "out/m.safetensors")
    assert list(after) == ["trunk.weight", "fc_age.weight", "fc_age.bias"]
    for name, found in after.items():
        assert found == (kind, held[name][1].shape, held[name][1].tobytes())


def test_the_library_of_the_format_reads_it(tmp_path):
    numpy = pytest.importorskip("safetensors.numpy")
    held = tensors()
    strip(folder_of(tmp_path, held), tmp_path / "out")
    found = numpy.load_file(tmp_path / "out/m.safetensors")
    assert all(np.array_equal(found[name], held[name][1]) for name in found)


def test_a_tensor_that_does_not_lie_in_one_piece(tmp_path):
    base = np.arange(24, dtype="<f4").reshape(4, 6)
    held = tensors() | {
        "turned.weight": ("F32", base, 1, (3, 4), (2, 6)),
        "one.bias": ("F32", base, 5, (), ()),
        "none": ("F32", base, 0, (0, 3), (3, 1)),
    }
    strip(folder_of(tmp_path, held), tmp_path / "out")
    after = load(tmp_path / "out/m.safetensors")
    assert after["turned.weight"] == ("F32", (3, 4), base[:, 1::2].T[:3].tobytes())
    assert after["one.bias"] == ("F32", (), base.reshape(-1)[5].tobytes())
    assert after["none"] == ("F32", (0, 3), b"")


def test_a_checkpoint_keeps_the_path_of_its_tensors(tmp_path):
    held = tensors()
    items = b"".join(
        text(n) + tensor("F32", str(i), a.size, 0, a.shape, strides_of(a.shape))
        for i, (n, (_, a)) in enumerate(held.items())
    )
    body = b"}(" + text("epoch") + number(3) + text("model") + b"}(" + items + b"uu"
    _, edit = strip(folder_of(tmp_path, held, body=body), tmp_path / "out")
    assert "model.fc_age.bias" in load(tmp_path / "out/m.safetensors")
    assert any("epoch" in line for line in edit.depends)


def test_nothing_named_nothing_done(tmp_path):
    folder = folder_of(tmp_path, tensors())
    assert planned(folder, Choice(outputs=("no",)), []) == []
    assert [type(i) for i in planned(folder, findings=[finding("religion")])] == [Refusal]
    _, edit = strip(folder, tmp_path / "out", Choice(outputs=("fc_age",)), [])
    assert edit.detail["tensors"] == ["fc_age.weight", "fc_age.bias"]


# --- refusals


def refused(folder, word):
    before = hashlib.sha256((folder / "m.pt").read_bytes()).digest()
    (found,) = planned(folder)
    assert isinstance(found, Refusal)
    assert word in found.reason + found.needed
    assert hashlib.sha256((folder / "m.pt").read_bytes()).digest() == before


def test_tied_tensors(tmp_path):
    held = tensors()
    folder = folder_of(tmp_path, held)
    base = np.arange(100, dtype="<f4")
    extra = text("tied") + tensor("F32", "3", 80, 0, (80,), (1,))
    save(folder / "m.pt", held, extra=extra)
    refused(folder, "tied shares the numbers of race_classifier.weight")
    assert base.size == 100


def test_an_optimizer(tmp_path):
    held = tensors() | {"optimizer.state.0.exp_avg": ("F32", np.ones(5, "<f4"))}
    refused(folder_of(tmp_path, held), "optimizer")


def test_nothing_left(tmp_path):
    held = {k: v for k, v in tensors().items() if "race" in k}
    refused(folder_of(tmp_path, held), "delete the model")


def test_the_new_name_is_taken(tmp_path):
    folder = folder_of(tmp_path, tensors())
    (folder / "m.safetensors").write_bytes(b"")
    refused(folder, "m.safetensors is there already")


@pytest.mark.parametrize(
    "body",
    [
        b"cos\nsystem\n(" + text("true") + b"tR",
        b"ctorch.nn.modules.linear\nLinear\n)\x81}b",
        b"cbuiltins\neval\n(" + text("1") + b"tR",
        b"ctorch\nFloatTensor\n)R",
        b"ccollections\nOrderedDict\n(](etR",
        b"(lp0\n",
        b"K\x01",
        b"}(K\x01u",
        b"}(" + text("a") + b"u",
        b"N)R",
        b"}q\x00(" + text("me") + b"h\x00u",
        b"}(N" + b"K\x01u",
        b"\x82\x01",
        b"i__main__\nX\n",
        text("x") + b"Q",
    ],
)
def test_what_is_no_plain_state_dict_is_refused_and_never_run(tmp_path, body):
    refused(folder_of(tmp_path, tensors(), body=body), "")


def test_a_whole_module_is_refused(tmp_path):
    class Linear:
        pass

    Linear.__module__, Linear.__qualname__ = "pickle", "PickleBuffer"
    folder = folder_of(tmp_path, tensors(), body=b"cpickle\nPickleBuffer\n(" + text("x") + b"tR")
    refused(folder, "PickleBuffer")


def test_torchscript_is_refused(tmp_path):
    refused(
        folder_of(tmp_path, tensors(), members=[("archive/code/m.py", "race = 1"), ("archive/constants.pkl", b"")]),
        "TorchScript",
    )


# --- PyTorch before 1.6


def save_old(path, held, *, order=None, more=b"", little=True, other=b""):
    """Write a file as ``torch.save`` did before 1.6: five pickles, then the storages, each behind its count."""
    items, storages = other, []
    for n, (name, (kind, array, *view)) in enumerate(held.items()):
        offset, shape, strides = view or (0, array.shape, strides_of(array.shape))
        made = tensor(kind, str(n), array.size, offset, shape, strides).replace(b"tQ", b"NtQ", 1)
        items += text(name) + made
        storages.append((str(n), array))
    order = order or [key for key, _ in storages]
    values = dict(storages)
    data = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2)
    data += pickle.dumps({"protocol_version": 1001, "little_endian": little, "type_sizes": {"int": 4}}, 2)
    data += b"\x80\x02ccollections\nOrderedDict\n)R(" + items + b"u." + pickle.dumps(order, 2)
    for key in order:
        data += struct.pack("<q", values[key].size) + np.ascontiguousarray(values[key]).tobytes()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data + more)
    return path.parent


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("turned", [False, True])
def test_a_head_goes_from_a_file_of_before_1_6(tmp_path, kind, turned):
    held = tensors(kind)
    order = [str(n) for n in range(len(held))][:: -1 if turned else 1]
    folder = save_old(tmp_path / "in/m.pt", held, order=order)
    before = (folder / "m.pt").read_bytes()
    strip(folder, tmp_path / "out")
    assert (folder / "m.pt").read_bytes() == before
    after = load(tmp_path / "out/m.safetensors")
    assert list(after) == ["trunk.weight", "fc_age.weight", "fc_age.bias"]
    for name, found in after.items():
        assert found == (kind, held[name][1].shape, held[name][1].tobytes())
    data = (tmp_path / "out/m.safetensors").read_bytes()
    assert not any(np.ascontiguousarray(row).tobytes() in data for row in held["race_classifier.weight"][1])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"more": b"x"}, "goes on behind"),
        ({"little": False}, "another byte order"),
        ({"order": ["0", "1", "2", "3"]}, "other storages"),
        ({"order": ["0", "0", "1", "2", "3"]}, "other storages"),
        ({"other": text("x") + b"cos\nsystem\n(X\x02\x00\x00\x00lstR"}, "the name os.system"),
    ],
)
def test_a_file_of_before_1_6_that_is_not_sound(tmp_path, change, says):
    refused(save_old(tmp_path / "in/m.pt", tensors(), **change), says)


def test_every_truncation_of_a_file_of_before_1_6(tmp_path):
    folder = save_old(tmp_path / "in/m.pt", tensors())
    data = (folder / "m.pt").read_bytes()
    for stop in range(40, len(data), 41):
        (folder / "m.pt").write_bytes(data[:stop])
        items = planned(folder)
        assert all(isinstance(item, Refusal) for item in items), stop


# --- bad input


def lie(folder, held, **change):
    kind, array, offset, shape, strides = {
        "kind": "F32",
        "array": held["fc_age.bias"][1],
        "offset": 0,
        "shape": (7,),
        "strides": (1,),
        **change,
    }.values()
    save(folder / "m.pt", held | {"fc_age.bias": (kind, array, offset, shape, strides)})


@pytest.mark.parametrize(
    "change",
    [
        {"shape": (8,)},
        {"offset": 1},
        {"strides": (2,)},
        {"shape": (1 << 40, 1 << 40), "strides": (0, 1)},
        {"offset": -1},
        {"strides": (1, 1)},
        {"shape": (-1,)},
    ],
)
def test_a_tensor_that_reaches_beyond_its_storage(tmp_path, change):
    held = tensors()
    folder = folder_of(tmp_path, held)
    lie(folder, held, **change)
    refused(folder, "")


def test_a_storage_of_another_size_or_compressed(tmp_path):
    held = tensors()
    folder = folder_of(tmp_path, held)
    save(
        folder / "m.pt",
        {**held, "trunk.weight": ("F64", held["trunk.weight"][1])} if False else held,
        compress=zipfile.ZIP_DEFLATED,
    )
    refused(folder, "compressed")
    items = (
        text("a.weight") + tensor("F32", "0", 47, 0, (5,), (1,)) + text("race") + tensor("F32", "1", 112, 0, (5,), (1,))
    )
    save(folder / "m.pt", held, body=b"}(" + items + b"u")
    refused(folder, "size")


@pytest.mark.parametrize("cut", [10, 200, 500])
def test_a_truncated_file_is_not_taken(tmp_path, cut):
    folder = folder_of(tmp_path, tensors())
    path = folder / "m.pt"
    path.write_bytes(path.read_bytes()[:-cut])
    assert not EDITOR.takes(unit(folder)) or [type(i) for i in planned(folder)] == [Refusal]


def test_a_plan_for_other_bytes_leaves_nothing(tmp_path):
    folder = folder_of(tmp_path, tensors())
    edits = planned(folder)
    save(folder / "m.pt", tensors(seed=1))
    (tmp_path / "out").mkdir()
    with pytest.raises(StripError, match="plan again"):
        EDITOR.apply(unit(folder), edits, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_copy_of_the_head_leaves_nothing(tmp_path):
    held = tensors()
    folder = folder_of(tmp_path, held | {"twin": held["race_classifier.weight"]})
    (tmp_path / "out").mkdir()
    with pytest.raises(StripError, match="removed values absent"):
        strip(folder, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), at=st.integers(0, 2000), flip=st.integers(0, 255))
def test_broken_pickles_are_refused_or_exact(tmp_path_factory, data, at, flip):
    folder = tmp_path_factory.mktemp("in")
    held = tensors()
    items = b"".join(
        text(n) + tensor("F32", str(i), a.size, 0, a.shape, strides_of(a.shape))
        for i, (n, (_, a)) in enumerate(held.items())
    )
    body = bytearray(b"}(" + items + b"u")
    body[at % len(body)] = flip
    save(folder / "m.pt", held, body=bytes(body) if at % 3 else data)
    for item in planned(folder):
        if isinstance(item, Edit):
            out = tmp_path_factory.mktemp("out")
            try:
                EDITOR.apply(unit(folder), [item], out)
            except StripError:
                assert list(out.iterdir()) == []
