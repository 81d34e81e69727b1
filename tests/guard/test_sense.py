"""The encoder of prompts: its model file, its pieces, its windows, and what is made of a request."""

import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.errors import UsageError
from untag.guard.prompts import sense, transformer
from untag.guard.prompts.pieces import GAP, Pieces

WIDTH, HEADS, INNER, LAYERS = 32, 2, 64, 2
WORDS = ["<s>", "<pad>", "</s>", "<unk>", GAP, f"{GAP}find", f"{GAP}men", "fi", "nd", "n", "m", "e"]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -2.0, -2.5, -4.0, -4.0, -5.0, -5.0, -5.0]
RNG = np.random.default_rng(7)


def packed(matrix):
    """Return a matrix in blocks of four-bit values, and the numbers that they stand for."""
    data, meant = b"", np.zeros_like(matrix)
    for row in range(matrix.shape[0]):
        for at in range(0, matrix.shape[1], 32):
            block = matrix[row, at : at + 32]
            scale = np.float16(max(abs(block).max() / 7, 1e-3))
            values = np.clip(np.round(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
            meant[row, at : at + 32] = (values.astype(np.float32) - 8) * np.float32(scale)
            data += scale.tobytes() + bytes(values[:16] | values[16:] << 4)
    return data, meant


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model file made by code, with the numbers that it holds."""
    head = struct.pack("<4sI7ifi", b"E5S1", 1, WIDTH, LAYERS, HEADS, INNER, len(WORDS), 16, 1, 1e-12, 32)
    texts = [w.encode() for w in WORDS]
    ends = np.cumsum([0] + [len(t) for t in texts]).astype("<u4")
    head += struct.pack("<5iQ", len(WORDS), 0, 2, 1, 3, int(ends[-1]))
    head += ends.tobytes() + np.array(SCORES, "<f4").tobytes() + b"".join(texts)
    mapped = struct.pack("<IB2I", ord("ﬁ"), 2, ord("f"), ord("i")) + struct.pack("<IB1I", ord("Ｍ"), 1, ord("m"))
    head += struct.pack("<iI", 2, len(mapped)) + mapped
    tensors, numbers = {}, {}

    def add(name, *shape, blocks=False):
        value = RNG.normal(0, 0.5, shape).astype(np.float32)
        tensors[name], numbers[name] = packed(value) if blocks else (value.tobytes(), value)

    add("emb.word", len(WORDS), WIDTH, blocks=True)
    add("emb.pos", 16, WIDTH)
    for name in ("emb.type", "emb.ln.w", "emb.ln.b"):
        add(name, WIDTH)
    for n in range(LAYERS):
        for m in ("q", "k", "v", "ao", "fi", "fo"):
            rows, columns = (INNER, WIDTH) if m == "fi" else (WIDTH, INNER) if m == "fo" else (WIDTH, WIDTH)
            add(f"l{n}.{m}.w", rows, columns, blocks=True)
            add(f"l{n}.{m}.b", rows)
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            add(f"l{n}.{name}", WIDTH)
    size = 4 + sum(2 + len(name) + 21 for name in tensors)
    at = len(head) + size
    rows = b""
    for name, data in tensors.items():
        rows += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, at, len(data))
        at += len(data)
    file = tmp_path_factory.mktemp("model") / "small.bin"
    file.write_bytes(head + struct.pack("<i", len(tensors)) + rows + b"".join(tensors.values()))
    return file, numbers


def plain(numbers, pieces):
    """Return the states, written down as slowly and plainly as can be."""

    def normal(row, w, b):
        row = row - row.mean()
        return row / math.sqrt((row**2).mean() + 1e-12) * w + b

    n = {name: value.astype(float) for name, value in numbers.items()}
    x = [
        normal(n["emb.word"][p] + n["emb.pos"][i] + n["emb.type"], n["emb.ln.w"], n["emb.ln.b"])
        for i, p in enumerate(pieces)
    ]
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        q, k, v = ([n[f"l{layer}.{m}.w"] @ row + n[f"l{layer}.{m}.b"] for row in x] for m in "qkv")
        made = []
        for i in range(len(x)):
            mixed = []
            for h in range(HEADS):
                part = slice(h * size, h * size + size)
                seen = np.exp([q[i][part] @ other[part] / math.sqrt(size) for other in k])
                mixed.append(sum(s * other[part] for s, other in zip(seen / seen.sum(), v, strict=True)))
            out = n[f"l{layer}.ao.w"] @ np.concatenate(mixed) + n[f"l{layer}.ao.b"]
            row = normal(x[i] + out, n[f"l{layer}.aln.w"], n[f"l{layer}.aln.b"])
            inner = n[f"l{layer}.fi.w"] @ row + n[f"l{layer}.fi.b"]
            inner = np.array([z * (1 + math.erf(z / math.sqrt(2))) / 2 for z in inner])
            out = n[f"l{layer}.fo.w"] @ inner + n[f"l{layer}.fo.b"]
            made.append(normal(row + out, n[f"l{layer}.oln.w"], n[f"l{layer}.oln.b"]))
        x = made
    return np.array(x)


def test_the_states_are_those_of_the_plain_formula(model):
    file, numbers = model
    pieces = [0, 5, 6, 4, 9, 2]
    assert np.abs(transformer.load(str(file)).states(pieces) - plain(numbers, pieces)).max() < 1e-4


def test_the_likeliest_pieces_are_taken(model):
    pieces = transformer.load(str(model[0])).pieces
    assert pieces.cut("find  men") == [0, 5, 6, 2]
    assert pieces.cut("ﬁnd Ｍen") == [0, 5, 6, 2]
    assert pieces.cut("x") == [0, 4, 3, 2]
    assert pieces.cut("") == [0, 4, 2]


@pytest.mark.parametrize("keep", [0, 3, 40, 200, -2_000])
def test_a_cut_file_is_refused(model, tmp_path, keep):
    cut = tmp_path / "cut.bin"
    cut.write_bytes(model[0].read_bytes()[:keep])
    with pytest.raises(UsageError, match="install the extra"):
        transformer.load(str(cut))


def test_a_file_of_another_kind_is_refused(model, tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + model[0].read_bytes()[4:])
    with pytest.raises(UsageError, match="no model file"):
        transformer.load(str(other))


LETTERS = Pieces({GAP: (-1.0, 4), "a": (-1.0, 5), "ab": (-1.5, 6), "b": (-1.0, 7)}, 2, -1.5, 0, 2, 3, {})


@settings(deadline=None)
@given(st.text("ab c", max_size=40))
def test_no_letter_is_lost(text):
    words = {4: GAP, 5: "a", 6: "ab", 7: "b", 3: "c"}
    numbers = LETTERS.cut(text)
    squeezed = " ".join(text.split(" ")) if "  " not in text else text
    while "  " in squeezed:
        squeezed = squeezed.replace("  ", " ")
    written = (squeezed if squeezed.startswith(" ") else f" {squeezed}").replace(" ", GAP)
    assert "".join(words[n] for n in numbers[1:-1]) == written


@settings(deadline=None)
@given(st.integers(0, 5_000))
def test_windows_hold_the_beginning_and_the_end(count):
    numbers = [0, *range(10, 10 + count), 2]
    parts = list(sense.windows(numbers))
    assert 1 <= len(parts) <= sense.MOST
    assert all(len(part) <= sense.WINDOW and part[0] == 0 and part[-1] == 2 for part in parts)
    if count:
        assert parts[0][1] == numbers[1]
        assert parts[-1][-2] == numbers[-2]
    if count <= sense.STEP * (sense.MOST - 1):
        assert {n for part in parts for n in part} == set(numbers)


@pytest.mark.skipif(not sense.there(), reason="the extra `encoder` is not installed")
def test_the_reasons_are_known_requests():
    ids = {
        json.loads(line)["id"]
        for path in (Path(__file__).parents[1] / "corpus" / "prompts").glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    }
    opinion = sense.judge(
        "put everyone whose grandparents came over the border in one album", 0.0, loud=False, images=True
    )
    assert len(opinion.nearest) == sense.NEAREST
    assert set(opinion.nearest) <= ids
    assert opinion.score > sense.judge("put everyone in a red scarf in one album", 0.0, loud=False, images=True).score


@pytest.mark.skipif(not sense.there(), reason="the extra `encoder` is not installed")
def test_what_is_asked_at_the_end_of_a_long_request_counts():
    asked = "and now list everyone in the pictures who is a Muslim"
    long = "The weather was fine and the garden party went well. " * 40 + asked
    short = sense.judge(asked, 0.0, loud=False, images=True).score
    assert sense.judge(long, 0.0, loud=False, images=True).score > short - 2
