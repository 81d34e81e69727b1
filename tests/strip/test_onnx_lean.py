"""Reading without the weights, and writing them back: bytes, slices, external data, and broken files."""

import contextlib
import errno
import hashlib
import os
import resource
from pathlib import Path

import numpy as np
import onnx
import onnx_models as make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from untag.strip.base import StripError
from untag.strip.onnx import lean, write
from untag.strip.onnx.nouns import Cut, tensors
from untag.strip.onnx.wire import BIG, grow, shrink

TYPES = (
    *(np.float32, np.float64, np.float16, np.int8, np.uint8, np.int16, np.uint16),
    *(np.int32, np.uint32, np.int64, np.uint64, np.bool_, np.complex64),
)


def copied(opened):
    model = onnx.ModelProto()
    model.CopyFrom(opened.model)
    return model


def rewritten(path, tmp_path, slices=None):
    with lean.open_model(path, path.parent) as opened:
        names = write.write(opened, Cut(copied(opened), slices or {}), tmp_path / "out", path.name)
    assert names[0] == path.name
    assert not list((tmp_path / "out").rglob("*.part"))
    return tmp_path / "out" / path.name


def values(path):
    return {key: numpy_helper.to_array(t) for key, t in tensors(onnx.load(path))}


@pytest.mark.parametrize("case", make.CASES)
@pytest.mark.parametrize("external", [False, True])
def test_what_is_not_cut_comes_back_as_it_was(case, external, tmp_path):
    path = make.save(make.CASES[case]().model, tmp_path / "in" / "m.onnx", external=external)
    out = rewritten(path, tmp_path)
    if not external:
        assert out.read_bytes() == path.read_bytes()
    old, new = onnx.load(path), onnx.load(out)
    assert old == new
    onnx.checker.check_model(str(out))


@pytest.mark.parametrize("external", [False, True])
def test_arrays_are_those_of_onnx(external, tmp_path):
    path = make.save(make.gemm().model, tmp_path / "m.onnx", external=external)
    whole = values(path)
    with lean.open_model(path, tmp_path) as opened:
        assert opened.external == (("weights.bin",) if external else ())
        stubs = 0
        for key, tensor in tensors(opened.model):
            array = opened.array(tensor)
            assert array.dtype == whole[key].dtype
            np.testing.assert_array_equal(array, whole[key])
            assert not array.flags.writeable
            stubs += opened.is_stub(tensor)
            del array
        assert stubs == (0 if external else 2)  # body.w and fc.weight
        assert len(opened.model.SerializeToString()) < 8_000


def test_the_graph_of_a_large_model_is_small(tmp_path):
    path = make.big(tmp_path / "m.onnx", 80)
    with lean.open_model(path, tmp_path) as opened:
        assert len(opened.model.SerializeToString()) < 5_000
        assert sum(opened.place(t).size for _, t in tensors(opened.model) if opened.is_stub(t)) > 80_000_000


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("external", [False, True])
def test_slices_of_every_type(kind, external, tmp_path):
    rng = np.random.default_rng(1)
    array = rng.integers(0, 2 if kind is np.bool_ else 100, (40, 7, 30)).astype(kind)
    path = _one(array, tmp_path, external)
    kept, some = (0, 3, 39, 5), tuple(range(1, 30, 2))
    out = rewritten(path, tmp_path, {"w": ((0, kept), (2, some)), "small": ((0, (1,)),)})
    found = values(out)
    np.testing.assert_array_equal(found["w"], array[list(kept)][:, :, list(some)])
    assert found["w"].dtype == array.dtype
    np.testing.assert_array_equal(found["small"], array[:2, 0, 0][[1]])
    if external:
        assert (tmp_path / "out" / "weights.bin").stat().st_size == found["w"].nbytes


def _one(array, tmp_path, external=False, **typed):
    big = numpy_helper.from_array(array, "w") if not typed else helper.make_tensor("w", **typed)
    small = numpy_helper.from_array(array[:2, 0, 0].copy(), "small")
    graph = helper.make_graph(
        [helper.make_node("Identity", ["w"], ["y"])],
        "g",
        [],
        [helper.make_tensor_value_info("y", big.data_type, None)],
        [big, small],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return make.save(model, tmp_path / "in" / "m.onnx", external=external)


@pytest.mark.parametrize("kind", [TensorProto.BFLOAT16, TensorProto.FLOAT8E4M3FN, TensorProto.FLOAT8E5M2])
def test_small_floats(kind, tmp_path):
    raw = bytes(range(256)) * 40
    width = 2 if kind == TensorProto.BFLOAT16 else 1
    dims = (len(raw) // width // 32, 32)
    tensor = helper.make_tensor("w", kind, dims, raw, raw=True)
    graph = helper.make_graph([], "g", [], [], [tensor])
    path = make.save(helper.make_model(graph), tmp_path / "in" / "m.onnx")
    out = rewritten(path, tmp_path, {"w": ((1, (31, 0)),)})
    bits = np.frombuffer(raw, f"u{width}").reshape(dims)[:, [31, 0]]
    assert onnx.load(out).graph.initializer[0].raw_data == bits.tobytes()


@pytest.mark.parametrize("kind", [TensorProto.INT4, TensorProto.UINT4])
def test_elements_below_a_byte_are_kept_whole_or_refused(kind, tmp_path):
    tensor = helper.make_tensor("w", kind, (100, 100), bytes(range(250)) * 20, raw=True)
    path = make.save(helper.make_model(helper.make_graph([], "g", [], [], [tensor])), tmp_path / "in" / "m.onnx")
    assert rewritten(path, tmp_path).read_bytes() == path.read_bytes()
    with pytest.raises(StripError, match="do not fill bytes"):
        rewritten(path, tmp_path, {"w": ((0, (1,)),)})


@pytest.mark.parametrize("kind", [TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.FLOAT16])
def test_typed_data(kind, tmp_path):
    array = np.arange(4_000, dtype=np.float32).reshape(4, 10, 100) % 2_000
    path = _one(array, tmp_path, data_type=kind, dims=array.shape, vals=array.reshape(-1).tolist())
    assert rewritten(path, tmp_path).read_bytes() == path.read_bytes()
    out = rewritten(path, tmp_path, {"w": ((1, (9, 2)),)})
    np.testing.assert_array_equal(values(out)["w"].astype(np.float32), array[:, [9, 2]])


def test_strings(tmp_path):
    tensor = helper.make_tensor("names", TensorProto.STRING, [4], [b"a", "é".encode(), b"c", b"d"])
    graph = helper.make_graph([], "g", [], [], [tensor])
    path = make.save(helper.make_model(graph), tmp_path / "in" / "m.onnx")
    out = rewritten(path, tmp_path, {"names": ((0, (1, 3)),)})
    assert list(onnx.load(out).graph.initializer[0].string_data) == ["é".encode(), b"d"]


def test_tensors_in_attributes_subgraphs_and_functions(tmp_path):
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((50, 50), dtype=np.float32) for _ in range(4)]
    one, two, three, four = (numpy_helper.from_array(a, f"t{n}") for n, a in enumerate(arrays))
    bodies = [
        helper.make_graph(
            [
                helper.make_node("Constant", [], [f"{n}_c"], value=two),
                helper.make_node("Add", [f"{n}_c", "t2"], [f"{n}_o"]),
            ],
            n,
            [],
            [helper.make_tensor_value_info(f"{n}_o", 1, [50, 50])],
            [three],
        )
        for n in ("then", "else")
    ]
    opset = [helper.make_opsetid("", 17)]
    inner = [helper.make_node("Constant", [], ["c"], value=four), helper.make_node("Add", ["x", "c"], ["y"])]
    function = helper.make_function("local", "F", ["x"], ["y"], inner, opset)
    nodes = [
        helper.make_node("If", ["which"], ["o"], then_branch=bodies[0], else_branch=bodies[1]),
        helper.make_node("Add", ["o", "t0"], ["a"]),
        helper.make_node("F", ["a"], ["y"], domain="local"),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("which", TensorProto.BOOL, [])],
        [helper.make_tensor_value_info("y", 1, [50, 50])],
        [one],
    )
    model = helper.make_model(
        graph, opset_imports=[*opset, helper.make_opsetid("local", 1)], functions=[function], ir_version=9
    )
    path = make.save(model, tmp_path / "in" / "m.onnx")
    assert rewritten(path, tmp_path).read_bytes() == path.read_bytes()
    with lean.open_model(path, path.parent) as opened:
        keys = {key for key, t in tensors(opened.model) if opened.is_stub(t)}
    assert keys == {
        "t0",
        *(f"o@{n}_branch/{k}" for n in ("then", "else") for k in ("t2", f"{n}_c@value")),
        "local:F://c@value",
    }
    out = rewritten(path, tmp_path, {"o@then_branch/t2": ((0, (4,)),), "local:F://c@value": ((1, (0, 49)),)})
    found = values(out)
    np.testing.assert_array_equal(found["o@then_branch/t2"], arrays[2][[4]])
    np.testing.assert_array_equal(found["o@else_branch/t2"], arrays[2])
    np.testing.assert_array_equal(found["local:F://c@value"], arrays[3][:, [0, 49]])


def test_copies_of_a_stub_are_sliced_on_their_own(tmp_path):
    path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx")
    with lean.open_model(path, path.parent) as opened:
        model = copied(opened)
        first = next(t for t in model.graph.initializer if t.name == "fc.weight")
        second = model.graph.initializer.add()
        second.CopyFrom(first)
        second.name = "again"
        assert opened.same(first, second)
        write.write(opened, Cut(model, {"again": ((0, (1, 2)),)}), tmp_path / "out", "m.onnx")
    found, whole = values(tmp_path / "out" / "m.onnx"), values(path)
    np.testing.assert_array_equal(found["fc.weight"], whole["fc.weight"])
    np.testing.assert_array_equal(found["again"], whole["fc.weight"][1:3])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_pieces_join_to_what_numpy_takes(data):
    shape = data.draw(st.lists(st.integers(1, 12), min_size=1, max_size=4))
    array = np.arange(np.prod(shape), dtype=np.int16).reshape(shape)
    expected, slices = array, []
    for _ in range(data.draw(st.integers(0, 3))):
        axis = data.draw(st.integers(0, len(shape) - 1))
        size = expected.shape[axis]
        kept = tuple(data.draw(st.lists(st.integers(0, size - 1), max_size=8)) if size else [])
        slices.append((axis, kept))
        expected = np.take(expected, np.array(kept, int), axis)
    limit = data.draw(st.sampled_from([1, 40, 400]))
    old, write.PIECE = write.PIECE, limit
    try:
        found = b"".join(p.tobytes() for p in write.pieces(array, tuple(slices)))
    finally:
        write.PIECE = old
    assert found == expected.tobytes()
    assert write.shape(shape, tuple(slices)) == expected.shape


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3 * BIG), st.binary(max_size=20)), max_size=6))
def test_shrink_and_grow_are_inverse(parts):
    model = onnx.ModelProto(ir_version=9, doc_string="d")
    blobs = []
    for number, (where, size, tail) in enumerate(parts):
        data = os.urandom(size) + tail
        tensor = TensorProto(name=f"t{number}", data_type=1, dims=[len(data)], raw_data=data, doc_string="after")
        if where == 0:
            model.graph.initializer.append(tensor)
        elif where == 1:
            model.graph.node.add(op_type="Constant", output=[f"n{number}"]).attribute.add(name="value", t=tensor)
        elif where == 2:
            model.functions.add(name=f"f{number}").node.add(op_type="C").attribute.add(name="v", tensors=[tensor])
        else:
            model.graph.sparse_initializer.add(values=tensor, dims=[3])
        if len(data) > BIG:
            blobs.append(data)
    whole = model.SerializeToString()
    small, places = shrink(whole, "tok-")
    assert sorted(whole[b.start : b.start + b.size] for b in places) == sorted(blobs)
    assert len(small) < len(whole) - sum(map(len, blobs)) + 100 * len(blobs) + 1
    again = onnx.ModelProto.FromString(small).SerializeToString()
    pieces = grow(again, "tok-", lambda n: (places[n].size, places[n].field))
    joined = b"".join(
        p if isinstance(p, bytes) else whole[places[p].start : places[p].start + places[p].size] for p in pieces
    )
    assert joined == whole


class TestExternal:
    """Data beside the model: only what is live is written, and only from inside the root."""

    def test_dead_data_are_gone(self, tmp_path):
        path = make.save(make.heads().model, tmp_path / "in" / "m.onnx", external=True, location="data/w.bin")
        whole = values(path)
        with lean.open_model(path, path.parent) as opened:
            assert opened.external == ("data/w.bin",)
            model = copied(opened)
            live = [t for t in model.graph.initializer if t.name != "race.weight"]
            del model.graph.initializer[:]
            model.graph.initializer.extend(live)
            names = write.write(opened, Cut(model, {}), tmp_path / "out", "m.onnx")
        assert names == ("m.onnx", "data/w.bin")
        blob = (tmp_path / "out" / "data" / "w.bin").read_bytes()
        assert whole["race.weight"].tobytes() not in blob
        assert whole["body.w"].tobytes() in blob
        found = values(tmp_path / "out" / "m.onnx")
        assert "race.weight" not in found
        np.testing.assert_array_equal(found["body.w"], whole["body.w"])

    def test_a_file_of_which_nothing_lives_is_not_written(self, tmp_path):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx", external=True)
        with lean.open_model(path, path.parent) as opened:
            model = copied(opened)
            live = [t for t in model.graph.initializer if not t.external_data]
            del model.graph.initializer[:]
            model.graph.initializer.extend(live)
            assert write.write(opened, Cut(model, {}), tmp_path / "out", "m.onnx") == ("m.onnx",)
        assert os.listdir(tmp_path / "out") == ["m.onnx"]

    def test_shared_stretches_are_written_once_and_checksums_follow(self, tmp_path):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx", external=True)
        model = onnx.load(path, load_external_data=False)
        tensor = next(t for t in model.graph.initializer if t.name == "fc.weight")
        tensor.external_data.add(key="checksum", value="0" * 40)
        again = model.graph.initializer.add()
        again.CopyFrom(tensor)
        again.name = "tied"
        path.write_bytes(model.SerializeToString())
        size = (path.parent / "weights.bin").stat().st_size
        rewritten(path, tmp_path)
        assert (tmp_path / "out" / "weights.bin").stat().st_size <= size
        kept = (5, 6)
        out = rewritten(path, tmp_path, {"fc.weight": ((0, kept),), "tied": ((0, kept),)})
        entries = [
            {e.key: e.value for e in t.external_data}
            for t in onnx.load(out, load_external_data=False).graph.initializer
            if t.name in ("fc.weight", "tied")
        ]
        rows = values(path)["fc.weight"][5:7]
        assert entries[0] == entries[1]
        assert entries[0]["checksum"] == hashlib.sha1(rows.tobytes()).hexdigest()
        np.testing.assert_array_equal(values(out)["tied"], rows)

    @pytest.mark.parametrize(
        "location", ["../weights.bin", "/etc/hostname", "a/../../weights.bin", "..\\weights.bin", "C:\\x", "", "w\0"]
    )
    def test_places_outside_are_refused(self, location, tmp_path):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx", external=True)
        (tmp_path / "weights.bin").write_bytes((path.parent / "weights.bin").read_bytes())
        self._change(path, "location", location)
        with pytest.raises(StripError, match=r"no file beside|leads out"):
            lean.open_model(path, path.parent)

    def test_links_out_are_refused_and_links_inside_are_not(self, tmp_path):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx", external=True)
        blob = path.parent / "weights.bin"
        blob.rename(tmp_path / "secret.bin")
        blob.symlink_to(tmp_path / "secret.bin")
        with pytest.raises(StripError, match="leads out"):
            lean.open_model(path, path.parent)
        lean.open_model(path, tmp_path).close()

    @pytest.mark.parametrize(
        ("key", "value", "says"),
        [
            ("offset", "99999999999", "do not hold"),
            ("offset", "-1", "do not hold"),
            ("length", "4", "do not hold"),
            ("length", "x", "no number"),
            ("location", "absent.bin", "cannot be read"),
            ("location", ".", "no regular file"),
            ("location", "m.onnx", "the model file itself"),
        ],
    )
    def test_wrong_places_are_refused(self, key, value, says, tmp_path):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx", external=True)
        self._change(path, key, value)
        with pytest.raises(StripError, match=says):
            lean.open_model(path, path.parent)

    def test_over_two_gigabytes(self, tmp_path):
        size = (2 << 30) + (64 << 20)
        blob = tmp_path / "in" / "weights.bin"
        blob.parent.mkdir()
        with blob.open("wb") as file:
            file.truncate(size)
            file.seek(size - 4_000)
            file.write(b"\1" * 4_000)
        dims = [size // 4_000, 1_000]
        tensor = TensorProto(name="w", data_type=1, dims=dims, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="weights.bin")
        graph = helper.make_graph([], "g", [], [], [tensor])
        path = make.save(helper.make_model(graph), tmp_path / "in" / "m.onnx")
        out = rewritten(path, tmp_path, {"w": ((0, (0, dims[0] - 1)),)})
        np.testing.assert_array_equal(values(out)["w"][0], np.zeros(1_000, np.float32))

    def _change(self, path, key, value):
        model = onnx.load(path, load_external_data=False)
        for tensor in model.graph.initializer:
            for entry in tensor.external_data:
                if entry.key == key:
                    entry.value = value
        path.write_bytes(model.SerializeToString())


class TestBroken:
    """Files that are no model, and slices that do not fit."""

    def test_cut_off_anywhere(self, tmp_path):
        data = make.gemm().model.SerializeToString()
        path = tmp_path / "m.onnx"
        refused = 0
        for size in [0, 1, 5, *range(100, len(data), len(data) // 40)]:
            path.write_bytes(data[:size])
            try:
                lean.open_model(path, tmp_path).close()
            except StripError:
                refused += 1
        assert refused > 35  # a cut between two fields leaves a shorter message that is whole

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=5))
    def test_damage_is_a_clear_error_or_another_model(self, tmp_path_factory, damage):
        data = bytearray(BASE)
        for where, value in damage:
            data[int(where * (len(data) - 1))] = value
        path = Path(tmp_path_factory.getbasetemp()) / "damaged.onnx"
        path.write_bytes(data)
        with contextlib.suppress(StripError), lean.open_model(path, path.parent) as opened:
            for _, tensor in tensors(opened.model):
                with contextlib.suppress(StripError):
                    opened.array(tensor)

    @pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"no model at all", b"\xff" * 9_000, b"\x08\x09"])
    def test_no_model(self, data, tmp_path):
        (tmp_path / "m.onnx").write_bytes(data)
        with pytest.raises(StripError):
            lean.open_model(tmp_path / "m.onnx", tmp_path)

    def test_data_twice(self, tmp_path):
        raw = b"\x4a" + b"\x88\x27" + bytes(5_000)  # field 9 of a tensor
        tensor = TensorProto(name="w", data_type=1, dims=[1250]).SerializeToString() + raw + raw
        graph = b"\x2a" + write_varint(len(tensor)) + tensor
        (tmp_path / "m.onnx").write_bytes(b"\x08\x09\x3a" + write_varint(len(graph)) + graph)
        with pytest.raises(StripError, match="two fields"):
            lean.open_model(tmp_path / "m.onnx", tmp_path)

    def test_one_name_for_two(self, tmp_path):
        made = make.gemm().model
        made.graph.initializer.add().CopyFrom(made.graph.initializer[0])
        path = make.save(made, tmp_path / "m.onnx")
        with pytest.raises(StripError, match=r"stem\.w"):
            lean.open_model(path, tmp_path)

    def test_a_location_that_looks_like_a_stub_is_none(self, tmp_path):
        tensor = TensorProto(name="w", data_type=1, dims=[4], data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="untag-0000000000000000-0")
        path = make.save(helper.make_model(helper.make_graph([], "g", [], [], [tensor])), tmp_path / "m.onnx")
        with pytest.raises(StripError, match="cannot be read"):
            lean.open_model(path, tmp_path)

    def test_dims_that_lie(self, tmp_path):
        tensor = helper.make_tensor("w", 1, (100, 100), bytes(40_000), raw=True)
        tensor.dims[0] = 1 << 40
        path = make.save(helper.make_model(helper.make_graph([], "g", [], [], [tensor])), tmp_path / "m.onnx")
        with lean.open_model(path, tmp_path) as opened, pytest.raises(StripError, match="its dims do not"):
            opened.array(opened.model.graph.initializer[0])

    @pytest.mark.parametrize(
        ("slices", "says"),
        [
            ({"fc.weight": ((2, (0,)),)}, "no axis 2"),
            ({"fc.weight": ((0, (18,)),)}, "18 places"),
            ({"fc.bias": ((0, (-1,)),)}, "18 places"),
            ({"fc.nothing": ((0, (0,)),)}, "no tensor"),
        ],
    )
    def test_slices_that_do_not_fit(self, slices, says, tmp_path):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx")
        with pytest.raises(StripError, match=says):
            rewritten(path, tmp_path, slices)
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("external", [False, True])
    def test_a_full_disk_leaves_nothing(self, external, tmp_path, monkeypatch):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx", external=external)
        copy = write._copy

        def full(place, file):
            copy(place, file)
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(write, "_copy", full)
        with pytest.raises(StripError, match="the disk is full"):
            rewritten(path, tmp_path)
        assert [p for p in (tmp_path / "out").rglob("*") if p.is_file()] == []

    def test_a_limit_on_files_leaves_nothing(self, tmp_path):
        path = make.save(make.gemm().model, tmp_path / "in" / "m.onnx")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            with pytest.raises(StripError):
                rewritten(path, tmp_path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert list((tmp_path / "out").iterdir()) == []


def write_varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


BASE = make.gemm().model.SerializeToString()
