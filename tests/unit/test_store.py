"""The compiled lexicon: every block is checked, a damaged file is made anew, terms come one by one."""

import gc
import os
from pathlib import Path

import pytest

from untag.errors import LexiconError
from untag.match import store

pytestmark = pytest.mark.skipif(not store.has_hyperscan(), reason="hyperscan has no wheel here")


@pytest.fixture(scope="module")
def body():
    opened = store.load()  # compiles where no cache is
    assert opened.version
    with open(f"{store.cache_folder()}/{store._key()}", "rb") as f:
        return f.read()


def reader(body):
    return lambda start, size: body[start : start + size]


def test_terms_come_one_by_one(body):
    lexicon = store._opened(reader(body))
    last = len(lexicon.terms) - 1
    assert lexicon.terms[0].text
    assert lexicon.terms[last] is lexicon.terms[last]
    with pytest.raises(IndexError):
        lexicon.terms[last + 1]
    with pytest.raises(IndexError):
        lexicon.terms[-1]


@pytest.mark.parametrize("damage", [b"", b"not a lexicon", store.MAGIC + b"\xff" * 16])
def test_a_file_that_is_none_of_ours_is_no_lexicon(damage):
    assert store._opened(reader(damage)) is None


def test_a_damaged_block_is_an_error_and_never_a_silent_miss(body):
    spoilt = bytearray(body)
    spoilt[-100] ^= 1
    lexicon = store._opened(reader(bytes(spoilt)))
    with pytest.raises(LexiconError, match="damaged"):
        lexicon.binary.propose("né race".encode())


def test_a_damaged_head_is_no_lexicon(body):
    spoilt = bytearray(body)
    spoilt[len(store.MAGIC) + 20] ^= 1
    assert store._opened(reader(bytes(spoilt))) is None


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_loading_again_and_again_holds_no_files():
    def held():
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    store.load()
    before = held()
    for _ in range(20):
        store.load()
    assert held() <= before + 1
