"""Requests by meaning: what seeks people is refused, what reports them is stripped, what is near to both passes."""

import json
from pathlib import Path

import pytest

from untag.guard import base, chat, core, keyed, pairs, questions, stance, tables
from untag.guard.splice import parse_json
from untag.guard.words import facts

FOLDER = Path(__file__).parents[1] / "corpus" / "payloads"
ROWS = [
    json.loads(line)
    for name in ("blind", "blind_2", "blind_3", "twins", "blind_4", "blind_5", "own", "own_2", "own_3")
    for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
JSON = "application/json"


@pytest.fixture(autouse=True)
def _no_prompts(monkeypatch):
    """Judge the payload alone: the sense of a prompt is judged, and tested, elsewhere."""
    monkeypatch.setattr(core, "check_prompt", lambda *_, **__: base.ALLOW)


def sent(row):
    body = row["body"]
    data = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    path, _, query = row["path"].partition("?")
    return data.encode(), row["content_type"], path, query


def judged(row, body=None, query=None):
    """Return the verdict on a row: on a request, or where it says so on a response."""
    data, kind, path, asked_for = sent(row)
    if row.get("kind") == "response":
        core.PLANS.clear()
        return core.clean_response(data if body is None else body, kind, path=path)
    return core.check_request(data if body is None else body, kind, path, asked_for if query is None else query)


def asked(path, body, kind=JSON):
    data = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    where, _, query = path.partition("?")
    return core.check_request(data.encode(), kind, where, query)


def _case(row):
    """Return a row as a case; one that is still missed must fail, so that nobody forgets to take the mark away."""
    marks = [pytest.mark.xfail(reason="still missed", strict=True)] if row.get("missed") else []
    return pytest.param(row, marks=marks, id=row["id"])


@pytest.mark.parametrize("row", [_case(r) for r in ROWS if r.get("by") != "prompt"])
def test_a_payload_is_judged_by_what_it_means(row):
    verdict = judged(row)
    assert verdict.verdict == row["want"], (verdict.because, verdict.removed)
    if verdict.verdict == "strip":
        again = judged(row, verdict.body, verdict.query)
        assert again.verdict == "allow", "stripping twice changes nothing"
        if "keep" in row:
            assert verdict.body.decode() == row["keep"]
        if "gone" in row:
            text = verdict.body.decode()
            assert not [word for word in row["gone"] if word in text]
            assert not [word for word in row["stays"] if word not in text]


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if r["want"] == "allow" and "search" not in r["path"] and not r.get("missed")],
    ids=lambda r: r["id"],
)
def test_a_neutral_payload_passes_as_an_answer_too(row):
    data, kind, path, _ = sent(row)
    core.PLANS.clear()
    assert core.clean_response(data, kind, path=path).verdict == "allow"


def test_the_rows_are_many_and_half_of_them_neutral():
    assert len(ROWS) >= 800
    assert sum(r["want"] == "allow" for r in ROWS) >= len(ROWS) // 2
    assert len({r["id"] for r in ROWS}) == len(ROWS)


def test_a_column_goes_and_the_others_stay_where_they_are():
    body = 'id,"race, est",crop,age\r\n1,white,a.jpg,30\r\n2,"black, dark",b.jpg,31\r\n'
    verdict = asked("/reports/x.csv", body.replace("race, est", "race_est"), "text/csv")
    assert verdict.body.decode() == "id,crop,age\r\n1,a.jpg,30\r\n2,b.jpg,31\r\n"


@pytest.mark.parametrize(
    ("body", "want"),
    [
        ("race_est,crop,age\nwhite,a.jpg,30\n", "crop,age\na.jpg,30\n"),
        ("crop,age,race_est\na.jpg,30,white\n", "crop,age\na.jpg,30\n"),
        ("race_est,skin_tone_est,crop,age\nwhite,2,a.jpg,30", "crop,age\na.jpg,30"),
        ("crop\trace_est\tage\na.jpg\twhite\t30\n", "crop\tage\na.jpg\t30\n"),
    ],
)
def test_a_column_goes_with_one_separator(body, want):
    assert asked("/reports/x", body, "text/csv").body.decode() == want
    assert core.clean_response(body.encode(), "text/csv", path="/reports/x").body.decode() == want


@pytest.mark.parametrize(
    "text", ["a letter, and no table\nwith two lines\n", "one,line", "a,b\n1,2,3\n", 'a,b\n"1,2\n', ""]
)
def test_what_is_no_table_stays_a_text(text):
    assert tables.table(text) is None


def test_settings_are_read_as_far_as_they_are_needed():
    text = "a: 1\nb:\n  c: [x, 'y z', {d: 2}]\n  e: {0: white, 1: black}\nf:\n- g\n- h: 3\n  i: j\n"
    root = keyed.settings(text)
    assert [key for key, _, _ in root.keys] == ["a", "b", "f"]
    assert [kid.text for kid in root.kids[1].get("c").kids[:2]] == ["x", "y z"]
    assert [kid.text for kid in root.kids[1].get("e").kids] == ["white", "black"]
    assert [kid.kind for kid in root.get("f").kids] == ["string", "object"]
    assert root.get("f").kids[1].get("i").text == "j"


@pytest.mark.parametrize("text", ["", "a: 1", "Dear A,\nI wrote: nothing.\nYours\n", "{[,:\n]}::\n", "- \n- \n-"])
def test_what_is_no_settings_stays_a_text(text):
    assert keyed.settings(text) is None


@pytest.mark.parametrize("text", ["a: [[[[\nb: }}}\nc: ]\n", "a: {b\nc: d}\n e: [,,,]\n", "[x]\na = 1\n[[y]]\nb = 2\n"])
def test_settings_that_are_malformed_break_nothing(text):
    keyed.settings(text)


def test_a_report_and_a_condition_are_told_apart():
    report = parse_json('{"result": {"age": 31, "race": "black"}}').kids[0]
    condition = parse_json('{"filter": {"age": 31, "race": "black"}}').kids[0]
    ranged = parse_json('{"race": "black", "age_min": 20, "age_max": 30, "limit": 9}')
    assert stance.reported(report, frozenset())
    assert not stance.reported(condition, frozenset())
    assert not stance.reported(ranged, frozenset(("searching",)))
    assert not stance.reported(report, frozenset(("listing",))), "who is put on a list is so with all that is said"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/kafka/produce", {"value": '{"faceId": "f", "bbox": [1, 2, 3, 4], "age": 30, "race": "asian"}'}),
        ("/push", {"deviceNo": "d", "faceAttr": '{"age": 33, "glass": 0, "ethnicity": "Uyghur"}'}),
    ],
)
def test_a_document_inside_a_text_stays_one(path, body):
    verdict = asked(path, body)
    inner = next(v for v in json.loads(verdict.body).values() if str(v).startswith("{"))
    assert json.loads(inner)["age"]
    assert "asian" not in inner
    assert "Uyghur" not in inner


@pytest.mark.parametrize("name", ["gözlük", "gozluk", "yaş", "yas", "âge", "cinsiyet"])
def test_a_word_is_known_with_its_marks_and_without(name):
    assert facts(name).tags & {"seen", "cohort"}


@pytest.mark.parametrize(
    ("key", "attribute"),
    [("apparentOrigin", "ethnicity"), ("origine_apparente", "ethnicity"), ("origin", ""), ("est_time", "")],
)
def test_an_origin_counts_where_it_was_guessed(key, attribute):
    assert facts(key).attribute == attribute


def test_a_chat_that_is_sent_keeps_what_its_writers_wrote():
    talk = [
        {"role": "user", "content": "He appears to be of Kurdish origin in the photo, says my aunt."},
        {"role": "assistant", "content": "The photo shows a man. He appears to be of Kurdish origin."},
    ]
    assert asked("/v1/chat/completions", {"model": "m", "messages": talk}).verdict == "allow"


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ('faces,cam=4 age=30,race=2,box="1 2" 17', 'faces,cam=4 age=30,box="1 2" 17'),
        ("race=black face_id=4 age=30 cam=2", "face_id=4 age=30 cam=2"),
        ("face_id=4 age=30 cam=2 race=black", "face_id=4 age=30 cam=2"),
        ("[info] face_id=4;age=30;race='dark brown';box=1", "[info] face_id=4;age=30;box=1"),
        ("face_id=4 age=30 race=black ethnicity=asian box=1", "face_id=4 age=30 box=1"),
    ],
)
def test_a_pair_goes_with_one_separator(line, want):
    text = f"{line}\n{line}\r\n"
    for verdict in (
        core.clean_response(text.encode(), "text/plain", path="/faces"),
        asked("/faces", text, "text/plain"),
    ):
        assert verdict.body.decode() == f"{want}\n{want}\r\n"


@pytest.mark.parametrize(
    "text", ["", "a=1 b=2", "x = 3\ny = 4\nz = 5\n", "<a b=1 c=2 d=3/>", "see ?a=1&b=2\n\nand words\n", "a=1 a=2 a=3\n"]
)
def test_what_has_no_pairs_stays_a_text(text):
    assert pairs.pairs(text) is None


def test_an_event_is_of_what_it_is_called():
    told = 'event: {}\ndata: {{"id": 4, "age": 30, "race": "A", "rank": 2}}\n\n'
    for name, want in (("face", "strip"), ("olympics", "allow")):
        body = told.format(name).encode()
        assert core.clean_response(body, "text/event-stream", path="/events").verdict == want


def test_a_program_is_no_prompt_unless_it_names_a_group_or_compares_one():
    source = "import threading\n\ndef race(a, b):\n    return a.wait() or b.wait()\n"
    assert questions.program(source)
    assert not questions.program(source + "# find Uyghur faces\n")
    assert not questions.program("def pick(f):\n    return f.race == 'black'\n")
    assert not questions.program("Which race is this person?\nAnswer in one word.\n")


@pytest.mark.parametrize(
    "text",
    [
        "The man on the left smiles.",
        "On the right, a woman waits.",
        "L'homme à gauche lit.",
        "左边的男子站着。",
        "Мужчина слева стоит.",
    ],
)
def test_a_text_that_places_somebody_is_of_a_picture(text):
    assert chat.pictured(text)


@pytest.mark.parametrize(
    "text", ["On the left, voters hesitated.", "Turn to the right.", "左派的人", "He left the right person."]
)
def test_a_text_that_places_nobody_is_of_none(text):
    assert not chat.pictured(text)


def test_what_a_user_wrote_is_not_rewritten():
    prompt = {"role": "user", "content": 'Sort these keys: {"bbox": [1, 2, 3], "age": 30, "race": "x"}'}
    assert asked("/v1/faces/chat", {"model": "m", "messages": [prompt]}) == base.ALLOW


def test_the_form_of_an_answer_loses_the_field_and_its_need():
    properties = {"age": {"type": "integer"}, "ethnicity": {"type": "string"}}
    schema = {"type": "object", "properties": properties, "required": ["age", "ethnicity"]}
    body = {"image_url": "data:image/png;base64,iVBORw0KGgo=", "response_format": {"schema": schema}}
    new = json.loads(asked("/v1/chat/completions", body).body)["response_format"]["schema"]
    assert new == {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}


def test_the_log_of_a_condition_quotes_no_value():
    verdict = asked("/engine/rules", {"if": ["==", ["get", "person.ethnicity"], "Kurdish"], "do": "siren"})
    assert verdict.verdict == "refuse"
    assert not [r for r in verdict.because if "Kurdish" in r.text]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("image: a.jpg\nattributes: [age, race]\nmode: x\n", "image: a.jpg\nattributes: [age]\nmode: x\n"),
        ("image: a.jpg\nattributes:\n- age\n- race\nmode: x\n", "image: a.jpg\nattributes:\n- age\nmode: x\n"),
        ("faces:\n- box: [1, 2, 3]\n  age: 3\n  race: x\n", "faces:\n- box: [1, 2, 3]\n  age: 3\n"),
        ("faces:\n- race: x\n  box: [1, 2, 3]\n  age: 3\n", "faces:\n- box: [1, 2, 3]\n  age: 3\n"),
        (
            "face:\n  race:\n    label: x\n    score: 0.4\n  box: [1, 2, 3]\n  age: 3\n",
            "face:\n  box: [1, 2, 3]\n  age: 3\n",
        ),
        ("face: {age: 3, box: [1, 2, 3], race: {x: 1}}\ncamera: 3\n", "face: {age: 3, box: [1, 2, 3]}\ncamera: 3\n"),
        ("[face]\nage = 30\nrace = black\nbox = 1,2,3\n", "[face]\nage = 30\nbox = 1,2,3\n"),
    ],
)
def test_a_setting_goes_with_what_stands_below_it(text, want):
    verdict = asked("/face/detect", text, "text/yaml")
    assert verdict.body.decode() == want
    assert asked("/face/detect", want, "text/yaml").verdict == "allow"


@pytest.mark.parametrize(
    ("query", "want"),
    [
        ("{ image(id: 9) { faces { age race box } } }", "{ image(id: 9) { faces { age box } } }"),
        ("{ image(id: 9) { faces { age r: race(k: 2) @x { a b } box } } }", "{ image(id: 9) { faces { age box } } }"),
        ("{ face(id: 9) { ... on Face { race age } box } }", "{ face(id: 9) { ... on Face { age } box } }"),
    ],
)
def test_a_field_goes_with_its_alias_its_arguments_and_what_is_below_it(query, want):
    verdict = asked("/graphql", {"query": query})
    assert json.loads(verdict.body)["query"] == want
    assert asked("/graphql", {"query": want}).verdict == "allow"


@pytest.mark.parametrize(
    "query",
    [
        "{ face(id: 9) { race } }",
        "{ faces { age race box } }",
        "{ faces(id: 9, attributes: [AGE, ETHNICITY]) { box } }",
        'query { image(id: 9) { faces(where: {ethnicity: {_eq: "Roma"}}) { age race box } } }',
    ],
)
def test_a_selection_of_nothing_else_of_everybody_or_by_the_attribute_is_refused(query):
    assert asked("/graphql", {"query": query}).verdict == "refuse"


@pytest.mark.parametrize(
    "query", ["{" * 2000, "{ race(" * 500, "{ faces { a: " * 200, "}" * 999 + "{ a { race", "{ ... on"]
)
def test_a_malformed_selection_breaks_nothing(query):
    asked("/graphql", {"query": query})


@pytest.mark.parametrize(
    ("name", "colour"),
    [("black", True), ("black person", True), ("black or african american", False), ("asian", False)],
)
def test_a_name_with_another_peoples_in_it_is_no_colour(name, colour):
    assert facts(name).colour is colour
