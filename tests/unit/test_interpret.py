"""The interpretation, through the scanner: what is a statement about pictured people, and what is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.engine import Scanner
from untag.interpret import Lens
from untag.interpret.excerpt import clip
from untag.interpret.judge import fingerprint
from untag.interpret.weights import weights
from untag.match import store
from untag.model import Blob
from untag.packages import Packages

LEXICON = store.load()
LENS = Lens(LEXICON)
HARD = ("high", "medium")


def find(name, text):
    """Return the findings in one made-up file."""
    scanner = Scanner(LEXICON, LENS, Packages())
    scanner.feed(Blob((name,), text if isinstance(text, bytes) else text.encode()))
    return scanner.take().findings


def hard(name, text):
    return [
        f for f in find(name, text) if f.confidence in HARD and f.operation not in ("prohibits", "audits", "declared")
    ]


STRUCT = """typedef struct {{
    int age;
    int gender;
    int glasses;
    int mask;
    int {field};   // {note}
}} FaceAttribute;
"""


@pytest.mark.parametrize(
    ("field", "note", "attribute"),
    [
        ("ethnicity", "predicted ethnicity of the face", "ethnicity"),
        ("race", "0 yellow 1 white 2 black", "race"),
        ("skin_color", "skin colour of the face", "skin_tone"),
        ("nReserved", "人脸民族属性: 0 汉族 1 维族", "ethnicity"),
        ("religion", "inferred religion of the person", "religion"),
    ],
)
def test_a_face_struct_with_the_attribute_is_found(field, note, attribute):
    found = hard("face_sdk.h", STRUCT.format(field=field, note=note))
    assert attribute in {f.attribute for f in found}
    assert all(f.acquisition == "inferred_from_image" for f in found)


@pytest.mark.parametrize("field", ["emotion", "smile", "beard", "hat", "pose"])
def test_its_neutral_twin_is_not(field):
    assert find("face_sdk.h", STRUCT.format(field=field, note="attribute of the face")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lock.py", "# avoid a race condition between the two threads\nlock.acquire()\n"),
        ("lang.js", 'module.exports = ["Uyghur", "Kazakh", "Tibetan", "Kurdish"];\n'),
        (
            "ocr.py",
            'LANGUAGES = {"ug": "Uyghur", "bo": "Tibetan"}\n\ndef ocr(image, lang):\n    return engine(image, lang)\n',
        ),
        ("README.md", "# Uyghur fonts\n\nType and read Uyghur. Made by Uyghur developers.\n"),
        ("profile.md", "I am Uyghur and I write computer vision software. My face is on the team page.\n"),
        ("game.ts", "interface Character { race: 'elf' | 'orc'; level: number; faceStyle: number; spell: string }\n"),
        ("css.ts", "const theme = { black: '#000', white: '#fff', skin: 'dark' };\n"),
        ("cast.c", "float f = (float) x; /* type cast */ union { int i; float f; } u;\n"),
        ("smote.py", "# over-sample the minority class\nsampler = SMOTE(k_neighbors=5)\n"),
        ("horses.py", "class Race:\n    horse: str\n    jockey: str\n    finish_photo: bytes\n"),
    ],
)
def test_what_is_no_profiling_is_quiet(name, text):
    assert hard(name, text) == []


@pytest.mark.parametrize("rest", ["", " | None = None", " = None  # set by the detector"])
def test_none_denies_nothing_in_code(rest):
    text = f"class FaceAttributes:\n    age: int{rest}\n    glasses: bool{rest}\n    ethnicity: str{rest}\n"
    assert [f.attribute for f in hard("face.py", text)] == ["ethnicity"]


def test_a_data_set_is_no_finding_by_its_name_alone():
    age = "from torchvision import models\n\n\ndef load(image):\n    # face age, trained on {}\n    return models.age(image)\n"
    assert not hard("age.py", age.format("UTKFace"))
    assert not hard("age.py", age.format("FairFace"))
    assert hard("race.py", "# face race\nWEIGHTS = 'race_model_single_batch.h5'\nface_model = load(WEIGHTS)\n")


def test_the_entries_of_a_long_list_have_nothing_to_do_with_each_other():
    entries = ["dark and dull palette", "portrait photo of a face", "octane render", "ethnic group", "blurry scene"]
    flavours = "\n".join(f"{entry} {i}" for i in range(100) for entry in entries) + "\n"
    assert not hard("flavours.txt", flavours)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("ocr.py", 'class IdCardResult:\n    """身份证识别（人像面）"""\n\n    name: str\n    sex: str\n    nation: str  # 民族（人像面）\n    birth: str\n    address: str\n'),
        ("recolour.py", 'def transfer(image, mask, skin_color):\n    """Recolour the image inside a mask toward a reference skin colour (RGB)."""\n    return image + (skin_color[0] - image.mean())\n'),
        ("suspects.py", "import pandas as pd\n\n# stop and search statistics by district: features of each record\ndata = pd.read_csv('stops.csv')\nblack = data[data['suspect.race'] == 'Black'].shape[0]\n"),
    ],
)  # fmt: skip
def test_what_looks_like_a_record_of_a_face_is_quiet(file, text):
    assert not hard(file, text)


def test_a_group_name_never_fires_alone():
    for group in ("Uyghur", "Tibetan", "Kurdish", "Roma", "维吾尔族", "уйгуры"):
        assert hard("notes.txt", f"{group} music on the camera's memory card.\n") == []


def test_a_prohibition_is_listed_and_exempt():
    text = (
        "# Face service policy\n\nThe face service must not infer or store the ethnicity of any person in a picture.\n"
    )
    assert hard("POLICY.md", text) == []
    assert {f.operation for f in find("POLICY.md", text)} <= {"prohibits"}


def test_a_call_told_what_to_infer_is_taken_at_its_word():
    default = "from deepface import DeepFace\nout = DeepFace.analyze(img_path=frame)\n"
    asked = "from deepface import DeepFace\nout = DeepFace.analyze(img_path=frame, actions=['age', 'race'])\n"
    spared = "from deepface import DeepFace\nout = DeepFace.analyze(img_path=frame, actions=['age', 'emotion'])\n"
    assert hard("a.py", default)
    assert hard("a.py", asked)
    assert hard("a.py", spared) == []


def test_guesses_from_names_are_told_apart():
    text = (
        '"""Estimate ethnicity from a surname."""\n\n'
        "def predict_ethnicity(last_name: str, first_name: str) -> str:\n"
        '    """Predict the ethnicity of a person from the surname and given name."""\n'
        "    return model.predict(surname_features(last_name))\n"
    )
    found = find("surname_model.py", text)
    assert found
    assert all("name_not_picture" in f.exemptions for f in found)


def test_a_record_is_never_quoted():
    text = "image_path,bbox,age,ethnicity\nfaces/0001.jpg,1 2 3 4,31,Uyghur\n"
    found = find("faces/labels.csv", text)
    assert found
    for finding in found:
        told = (finding.excerpt, finding.message, *finding.groups, *(reason.text for reason in finding.because))
        assert not any("Uyghur" in text for text in told)


def test_a_group_in_a_cell_is_counted_and_not_named():
    rows = "".join(
        f"faces/{i}.jpg,{20 + i},{group}\n" for i, group in enumerate(("Uyghur", "Tibetan", "Han Chinese") * 5)
    )
    found = find("faces.csv", "face_image,age,label\n" + rows)
    assert found
    for finding in found:
        told = (finding.term, finding.gloss, finding.excerpt, finding.message, *finding.route, *finding.groups)
        told += tuple(reason.text for reason in finding.because)
        assert not any(group in text for text in told for group in ("Uyghur", "Tibetan", "Han"))


def test_reasons_add_up_and_name_their_lines():
    for finding in hard("face_sdk.h", STRUCT.format(field="race", note="race of the face")):
        total = sum(e.weight for e in finding.because)
        assert total >= weights().threshold["medium"] - 0.5
        assert all(e.line >= 1 and e.text for e in finding.because)


def test_a_disguise_is_seen_through():
    assert hard("a.json", '{"face": {"age": 3, "emotion": 1, "\\u0065thnicity": "x"}}')
    assert hard("a.h", STRUCT.format(field="ethnіcity", note="of the face"))  # a Cyrillic і


@given(version=st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True))
def test_a_fingerprint_survives_a_release(version):
    args = (("class Face",), "UT108", "race", "race")
    old = fingerprint((f"vendor-{version}-py3-none-any.whl", "pkg/face.py"), *args)
    assert old == fingerprint(("vendor-9.9.9-cp311-linux.whl", "pkg/face.py"), *args)
    assert old != fingerprint(("vendor-9.9.9-cp311-linux.whl", "pkg/other.py"), *args)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), st.integers(20, 200))
def test_an_excerpt_is_never_longer_than_asked(text, size):
    assert len(clip(text, text[:5], size)) <= size + 4


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_crash_the_scanner(data):
    scanner = Scanner(LEXICON, LENS, Packages())
    scanner.feed(Blob(("x",), b"face race = " + data))
    assert not [g for g in scanner.take().gaps if g.reason == "crashed"]


def test_a_genre_among_the_strings_of_a_film_library_is_nobody():
    film = (b"\x7fUNK\x01\x02", b"frame", b"filter", b"search", b"find frame", b"Ethnic", b"find picture", b"\xff\xfe")
    assert not hard("core.wasm", b"\x00".join(film))
    # the same strings, and one of somebody who is seen
    assert hard("core.wasm", b"\x00".join((*film[:-1], b"pedestrian", film[-1])))
