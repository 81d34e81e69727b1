"""Fields that no mapping names: what is said there is not counted, and must not be passed over in silence."""

import json

import pytest

from untag.cli import main
from untag.evidence.usage.counting import count
from untag.evidence.usage.mapping import preset

ASKS = json.dumps({"returnFaceAttributes": ["ethnicity", "age"]})
PLAIN = json.dumps({"returnFaceAttributes": ["age"]})
HEAD = {"time": "2026-03-02T03:04:05Z", "client": "a", "method": "POST", "path": "/v1/detect"}


def log(folder, *rows, name="a.jsonl"):
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize("name", ["request", "body", "request_body", "params", "payload"])
def test_a_body_is_found_under_its_common_names(tmp_path, name):
    for value in (ASKS, json.loads(ASKS)):
        found = count([log(tmp_path, HEAD | {name: value})], jobs=1)
        assert (found.dirty, found.unnamed) == (1, 0)


def test_a_field_without_a_name_is_told(tmp_path, capsys):
    rows = [HEAD | {"inner_req": ASKS}, HEAD | {"inner_req": json.loads(ASKS)}, HEAD | {"inner_req": PLAIN}]
    path = log(tmp_path, *rows)
    found = count([path], jobs=1)
    assert (found.calls, found.dirty, found.unnamed, found.fields) == (3, 0, 2, {"inner_req"})
    assert main(["usage", str(path)]) == 3
    assert "2 calls speak of it in fields that the mapping does not name, such as inner_req" in capsys.readouterr().out
    assert main(["usage", str(path), "--json"]) == 3
    told = json.loads(capsys.readouterr().out)["not_read"]
    assert (told["calls_in_fields_unnamed"], told["fields_unnamed"]) == (2, ["inner_req"])
    (tmp_path / "m.toml").write_text('preset = "json"\n[fields]\nrequest = "inner_req"\n', "utf-8")
    assert main(["usage", str(path), "--mapping", str(tmp_path / "m.toml")]) == 1


def test_columns_without_a_name(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("client,time,method,path,face_race\na,2026-03-02T03:04:05Z,POST,/v1/detect,asian\n", "utf-8")
    found = count([path], mapping=preset("csv"), jobs=1)
    assert (found.calls, found.dirty, found.unnamed, found.fields) == (1, 0, 1, {"face_race"})


@pytest.mark.parametrize(
    "more",
    [
        {"user_agent": "Race-Monitor/1.0 (+https://example.org/ethnicity)"},
        {"referer": "https://example.org/research/ethnic-discrimination-in-hiring"},
        {"team": "Religions and Peoples of the World"},
        {"locale": "ug-CN", "lang": "he"},
        {"trace": "race-condition-7", "tags": ["a11y", "i18n"]},
    ],
)
def test_what_merely_names_a_word_is_nothing(tmp_path, more):
    found = count([log(tmp_path, HEAD | {"request": PLAIN} | more)], jobs=1)
    assert (found.dirty, found.unnamed) == (0, 0)


def test_names_that_are_data_are_not_shown(tmp_path, capsys):
    path = log(tmp_path, HEAD | {"Ms Example of Example Street 5": ASKS, "x\x1b[2J": ASKS})
    assert main(["usage", str(path)]) == 3
    said = capsys.readouterr().out
    assert "1 calls speak of it in fields that the mapping does not name:" in said
    assert "Example" not in said
    assert "\x1b" not in said


@pytest.mark.parametrize("name", ["json", "nginx-json", None])
def test_a_request_line_is_no_body(tmp_path, name):
    """What nginx calls ``$request`` is method, target and version."""
    rows = [
        {"remote_addr": "10.0.0.1", "time_local": "02/Mar/2026:03:04:05 +0000", "request": f"GET {target} HTTP/1.1"}
        for target in ("/v1/detect?attributes=race", "/v1/detect?attributes=age", "/race/results")
    ]
    found = count([log(tmp_path, *rows)], mapping=preset(name) if name else None, jobs=1)
    assert found.calls == 3
    assert found.dirty == 1
    assert [key[1] for key in found.rows] == ["GET /v1/detect"]
    assert not found.unparsed + found.unreadable + found.unnamed
