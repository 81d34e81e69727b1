"""ELF, PE and Mach-O: what is met in them is found at its symbol or its section, and nothing that the bytes say is lost."""

from __future__ import annotations

import ctypes.util
import random  # noqa: TC003 - hypothesis reads the annotation
import shutil
import struct
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from native_made import PLANTED, TWIN, elf, macho_fat, macho_thin, pe

from untag import binary, scan
from untag.errors import ReadError
from untag.interpret.lens import Lens
from untag.limits import Budget, Deadline
from untag.match import store
from untag.model import ACTIONS, Blob, Gap
from untag.packages import Packages
from untag.readers.artifacts.programs.mangled import plain
from untag.readers.artifacts.programs.native import Native
from untag.readers.base import Part

MADE = {
    "libface.so": elf,
    "libface32.so": lambda words: elf(words, long=False, big=True),
    "face.dll": pe,
    "face32.dll": lambda words: pe(words, long=False),
    "libface.dylib": macho_thin,
    "libfat.dylib": macho_fat,
}
SOURCE = """
#include <cstdio>
extern "C" int FaceSDK_GetAge(void* face_image, int age) { return age; }
extern "C" int FaceSDK_Get%(title)s(void* face_image, int age, int gender, int %(word)s) {
  std::printf("face %(word)s: %%s\\n", (const char*)face_image);
  return %(word)s;
}
namespace vendor { struct FaceAttributes { int detectFace%(title)s(int x); };
int FaceAttributes::detectFace%(title)s(int x) { return x + FaceSDK_GetAge(nullptr, x); } }
"""


def report(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return scan(str(path), jobs=1)


def acted(found):
    return [d for d in found.decisions if d.action in ("block", "warn")]


def routes(found):
    return {part for finding in found.findings for part in finding.route}


@pytest.mark.parametrize("name", MADE)
def test_what_a_library_exports_is_found_at_its_symbol(tmp_path, name):
    found = report(tmp_path, name, MADE[name](PLANTED))
    assert acted(found), found.decisions
    assert {f.attribute for f in found.findings} == {"ethnicity"}
    assert {"section exports", "FaceSDK_GetEthnicity"} <= routes(found), [f.route for f in found.findings]
    assert found.gaps == ()
    assert (found.coverage.parsed, found.coverage.bytes) == (1, 0)
    assert ("native", 1) in found.readers


@pytest.mark.parametrize("name", MADE)
def test_the_neutral_twin_is_clean(tmp_path, name):
    found = report(tmp_path, name, MADE[name](TWIN))
    assert acted(found) == []
    assert found.gaps == ()
    assert (found.coverage.parsed, found.coverage.bytes) == (
        0,
        1,
    )  # nothing met: its bytes were searched, no table read


@pytest.mark.parametrize("name", MADE)
def test_a_program_cut_short_keeps_what_was_found(tmp_path, name):
    data = MADE[name](PLANTED)
    whole = acted(report(tmp_path, name, data))
    cut = data[:-40]
    found = report(tmp_path, name, cut)
    assert [g.reason for g in found.gaps] == ["truncated"], found.gaps
    assert {d.finding.attribute for d in acted(found)} == {d.finding.attribute for d in whole}


def compiled(folder, word, *options):
    """Compile a small library with the compiler at hand."""
    if shutil.which("g++") is None:
        pytest.skip("no g++ at hand: libraries of a real compiler are not tried")
    source = folder / "face.cpp"
    source.write_text(SOURCE % {"word": word, "title": word.title()}, "utf-8")
    out = folder / f"libface{word}.so"
    subprocess.run(["g++", "-shared", "-fPIC", "-O1", *options, "-o", out, source], check=True, timeout=120)
    return out


@pytest.mark.parametrize("options", [(), ("-s",), ("-g", "-gz")])
def test_a_compiled_library(tmp_path, options):
    found = scan(str(compiled(tmp_path, "ethnicity", *options)), jobs=1)
    assert acted(found)
    assert "module libfaceethnicity.so" in routes(found)
    assert {"FaceSDK_GetEthnicity", "vendor::FaceAttributes::detectFaceEthnicity"} & routes(found)
    assert not acted(scan(str(compiled(tmp_path, "emotion", *options)), jobs=1))


def test_strings_of_a_compiled_library_say_their_section(tmp_path):
    path = compiled(tmp_path, "ethnicity", "-s")
    data = path.read_bytes()
    program = Native().open(Blob((path.name,), data), Deadline.after(20))
    placed = program.at(data.index(b"face ethnicity: %s") + 6)
    assert placed is not None
    assert not placed.symbol
    assert placed.part.text == "face ethnicity: %s"
    assert placed.part.scope.route() == ("module libfaceethnicity.so", "section .rodata")


def test_symbols_are_those_that_binutils_lists(tmp_path):
    path = compiled(tmp_path, "ethnicity")
    if shutil.which("nm") is None:
        pytest.skip("no nm at hand")
    listed = subprocess.run(["nm", "-D", "--defined-only", "-j", path], check=True, capture_output=True, text=True)
    parts = list(Native().parts(Blob((path.name,), path.read_bytes()), Budget(), Deadline.after(20)))
    exports = {p.text for p in parts if isinstance(p, Part) and p.scope.name == "exports"}
    assert {plain(name)[0] for name in listed.stdout.split()} == exports


def test_lief_lists_the_same_symbols():
    lief = pytest.importorskip("lief", reason="the second parser that ours is compared with")
    for name, make in MADE.items():
        data = make(PLANTED)
        parsed = lief.parse(list(data))
        if parsed is None:
            assert "fat" in name
            continue
        theirs = {str(getattr(f, "name", f)).removeprefix("_") for f in parsed.exported_functions}
        parts = list(Native().parts(Blob((name,), data), Budget(), Deadline.after(20)))
        ours = {p.text for p in parts if isinstance(p, Part) and p.scope.name == "exports"}
        assert ours >= {n for n in theirs if n.startswith("FaceSDK")}, name


def test_a_name_that_only_the_export_trie_spells(tmp_path):
    """Names there share their beginnings: no run of bytes holds all of one."""
    data = macho_thin(PLANTED, trie=("_FaceSDK_DetectFaceAge", "_FaceSDK_DetectFaceRace"))
    assert b"DetectFaceRace" not in data
    found = report(tmp_path, "libface.dylib", data)
    assert "race" in {f.attribute for f in found.findings}
    assert "FaceSDK_DetectFaceRace" in routes(found)


def test_version_information_of_a_windows_library(tmp_path):
    found = report(tmp_path, "face.dll", pe(TWIN, version={"FileDescription": "Face ethnicity recognition SDK"}))
    assert "section version info" in routes(found), [f.route for f in found.findings]
    assert not acted(report(tmp_path, "face.dll", pe(TWIN, version={"FileDescription": "Face emotion SDK"})))


def test_nothing_that_the_bytes_alone_say_is_lost(tmp_path, monkeypatch):
    """Whatever the tables say, each attribute is found as surely as the bytes alone find it."""
    for name, make in MADE.items():
        with_tables = report(tmp_path, name, make(PLANTED))
        with monkeypatch.context() as patch:
            patch.setattr(Native, "claims", lambda *_: False)
            bare = report(tmp_path, name, make(PLANTED))
        assert bare.coverage.bytes == 1
        assert surest(bare).items() <= surest(with_tables).items(), name


def surest(report):
    """Return the gravest action on each attribute."""
    found = sorted(acted(report), key=lambda d: ACTIONS.index(d.action), reverse=True)
    return {d.finding.attribute: d.action for d in found}


def test_a_longer_term_that_does_not_stand_hides_no_other(tmp_path):
    """`face ethnic` is met in `face ethnicity` first, and is no word of it."""
    words = {"exports": ("Create",), "imports": ("malloc",), "strings": ("face detected: %d", "face ethnicity: %s")}
    for form in (elf, lambda w: b"\0\1\2\3" + "\0".join(w["strings"]).encode() + bytes(range(256))):
        assert acted(report(tmp_path, "firmware.bin", form(words)))


def test_only_a_program_with_a_candidate_is_parsed(tmp_path, monkeypatch):
    opened = []
    open_ = Native.open
    monkeypatch.setattr(Native, "open", lambda self, blob, deadline: opened.append(blob) or open_(self, blob, deadline))
    report(tmp_path, "a.so", elf(TWIN))
    assert opened == []
    report(tmp_path, "b.so", elf(PLANTED))
    assert len(opened) == 1


def test_shares_of_a_large_program_find_what_one_process_finds():
    lexicon = store.load()
    lens, packages = Lens(lexicon), Packages("")
    blob = Blob(("libface.so",), elf(PLANTED))
    whole = {f.fingerprint for f in binary.search(blob, lexicon, lens, packages, (0, 1), Native()).findings}
    shares = [binary.search(blob, lexicon, lens, packages, (n, 3), Native()).findings for n in range(3)]
    assert whole <= {f.fingerprint for found in shares for f in found}


@pytest.mark.parametrize(
    ("mangled", "path", "whole"),
    [
        ("_ZN6vendor4Face7getRaceERKN2cv3MatE", "vendor::Face::getRace", "vendor::Face::getRace(cv, Mat)"),
        ("__ZNK4Face9ethnicityEv", "Face::ethnicity", "Face::ethnicity"),
        ("_Z10detectRacei", "detectRace", "detectRace"),
        ("_ZN4face5racesE17h0123456789abcdefE", "face::races", "face::races"),
        ("?getRace@Face@vendor@@QEAAHAEBVMat@cv@@@Z", "vendor::Face::getRace", "vendor::Face::getRace(cv::Mat)"),
        ("_FaceSDK_GetRace", "FaceSDK_GetRace", "FaceSDK_GetRace"),
        ("FaceSDK_GetRace", "FaceSDK_GetRace", "FaceSDK_GetRace"),
        ("_Z", "_Z", "_Z"),
        ("_ZN9999x", "_ZN9999x", "_ZN9999x"),
    ],
)
def test_mangled_names_in_words(mangled, path, whole):
    assert plain(mangled) == (path, whole)


def read(data, name="x"):
    """Return all parts of a program; only `ReadError` may come out, and no gap is lost."""
    out = []
    reader = Native()
    if not reader.claims(data[:4096], name, b""):
        return out
    try:
        for item in reader.parts(Blob((name,), data), Budget(), Deadline.after(10)):
            assert isinstance(item, Part | Gap)
            out.append(item)
    except ReadError as error:
        out.append(Gap((name,), error.reason, error.detail))
    return out


SEEDS = {name: make(PLANTED) for name, make in MADE.items()}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(SEEDS)), rng=st.randoms(use_true_random=False))
def test_damaged_programs_raise_nothing(name: str, rng: random.Random):
    data = bytearray(SEEDS[name])
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(4, len(data))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    if rng.random() < 0.3:
        del data[rng.randrange(8, len(data)) :]
    program = Native().open(Blob((name,), bytes(data)), Deadline.after(10))
    for place in range(0, len(data), 97):
        program.at(place)
        program.at(place, wide=True)
    read(bytes(data))


@settings(max_examples=60, deadline=None)
@given(
    head=st.sampled_from((b"\x7fELF\2\1\1", b"\x7fELF\1\2\1", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe\0\0\0\2")),
    tail=st.binary(max_size=400),
)
def test_bytes_behind_a_magic_number_raise_nothing(head: bytes, tail: bytes):
    read(head + tail)


def hostile():
    """Yield programs that lie about counts and places."""
    data = bytearray(elf(PLANTED))
    data[0x3C:0x3E] = b"\0\0"  # the count stands in the first section, as a size
    at = int.from_bytes(data[0x28:0x30], "little")
    struct.pack_into("<Q", data, at + 0x20, 1 << 60)
    yield "count.so", bytes(data), "truncated"
    data = bytearray(elf(PLANTED))
    struct.pack_into("<Q", data, 0x28, 1 << 62)
    yield "far.so", bytes(data), "truncated"
    yield "cycle.dylib", macho_thin(PLANTED, trie=("loop",)), "corrupt"
    yield "cycle.dll", pe(PLANTED, cycle=True), "corrupt"
    data = bytearray(macho_fat(PLANTED))
    struct.pack_into(">I", data, 4, 40)
    yield "slices.dylib", bytes(data), "corrupt"


@pytest.mark.parametrize("case", list(hostile()), ids=lambda c: c[0])
def test_hostile_programs_are_a_gap_and_lose_nothing(tmp_path, case):
    name, data, reason = case
    begun = time.monotonic()
    found = report(tmp_path, name, data)
    assert [g.reason for g in found.gaps] == [reason], found.gaps
    assert "ethnicity" in {d.finding.attribute for d in acted(found)}
    assert found.status in ("blocked", "incomplete")
    assert time.monotonic() - begun < 10


def test_neutral_programs_of_this_machine():
    """System libraries and tools speak of races between threads, never of people."""
    where = [
        Path("/usr/bin"),
        *(Path(p).parent for p in ("/usr/lib/x86_64-linux-gnu/x", "/usr/lib/aarch64-linux-gnu/x")),
    ]
    files = sorted(p for folder in where if folder.is_dir() for p in folder.iterdir() if p.is_file())
    files = [p for p in files if 20_000 < p.stat().st_size < 3_000_000 and not p.is_symlink()][::9]
    programs = [p for p in files if p.read_bytes().startswith(b"\x7fELF")][:40]
    if len(programs) < 10:
        pytest.skip("few ELF programs on this machine")
    found = scan([str(p) for p in programs], jobs=1)
    assert [(d.finding.trail, d.finding.route) for d in acted(found)] == []


def test_a_shared_library_of_the_system_is_read_whole():
    name = ctypes.util.find_library("z")
    paths = list(Path("/usr/lib").rglob(name)) if name else []
    if not paths:
        pytest.skip("no zlib on this machine")
    parts = read(paths[0].read_bytes(), name)
    assert "inflate" in {p.text for p in parts if isinstance(p, Part) and p.scope.name == "exports"}
    assert not [p for p in parts if isinstance(p, Gap)]
