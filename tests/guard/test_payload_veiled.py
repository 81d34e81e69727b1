"""What no byte of a body shows and a reader still reads: escapes, character sets, markup in the middle of a word."""

import json
import threading

import pytest

from untag.guard import base, core, sift

FACE = '{"faces":[{"bbox":[1,2],"age":31,%s"id":7}]}'
CLEAN = FACE % ""
JSON = "application/json"


def respond(body, kind=JSON, **more):
    return core.clean_response(body if isinstance(body, bytes) else body.encode(), kind, path="/v1/detect", **more)


def unjudged(verdict):
    return verdict.verdict == "refuse" and verdict.because[0].kind == "unreadable"


ESCAPED = [
    r'"r\u0061ce":"\u0061sian",',
    r'"\u0072\u0061\u0063\u0065":"\u0061\u0073\u0069\u0061\u006e",',
    r'"ra\u200bce":"as\u200bian",',
    r'"e\u1d57hnicity":"\u0061s\u2060ian",',
    r'"\uff52\uff41\uff43\uff45":"x",',
    r'"\u6c11\u65cf":"\u7ef4\u543e\u5c14\u65cf",',
    r'"note":"\\u0041\u0022","r\u0061ce":"x",',
]


@pytest.mark.parametrize("field", ESCAPED)
def test_an_escape_hides_nothing(field):
    verdict = respond(FACE % field)
    assert verdict.verdict == "strip"
    assert json.loads(verdict.body)["faces"][0].keys() <= {"bbox", "age", "id", "note"}
    # as the only line of JSON Lines, and as the data of an event, it is the same
    assert respond(FACE % field + "\n", "application/x-ndjson").verdict == "strip"
    assert respond(f"data: {FACE % field}\n\n", "text/event-stream").verdict == "strip"


@pytest.mark.parametrize(
    "name",
    ["rасе", "еthnicity", "ethnicitу", "ⓡⓐⓒⓔ", "ʳᵃᶜᵉ", "ethnⅰcity", "r\u0336a\u0336c\u0336e\u0336", "ra\u180ece"],
)
def test_letters_that_pass_for_others_hide_nothing(name):
    assert respond(FACE % f'"{name}":"x",').body == CLEAN.encode()
    assert respond(FACE % f"{json.dumps(name)}:1,").body == CLEAN.encode()


def test_two_scripts_side_by_side_harm_nobody():
    assert respond(FACE % '"text":"5 μm, IP-адрес и USBкабель, α-Wert",') is base.ALLOW


HARMLESS = [
    r'"text":"it\u2019s 5\u00b0 \ud83d\ude00",',
    r'"path":"C:\\users\\x",',
    r'"text":"\u306f\u3044\n",',
    r'"text":"a\\b \"c\" \/",',
]


@pytest.mark.parametrize("field", HARMLESS)
def test_an_escape_alone_harms_nobody(field):
    assert respond(FACE % field) is base.ALLOW
    assert core.settled((FACE % field).encode(), JSON, path="/v1/detect") is base.ALLOW, "and takes no time"


@pytest.mark.parametrize("text", [r"a\\u0072b", r"\u306f\u200b\u3044", r"{\"a\":\"\\u2019\"}"])
def test_what_may_be_a_document_of_its_own_is_looked_at_and_passes(text):
    assert respond(FACE % f'"text":"{text}",') is base.ALLOW


MALFORMED_WITH_AN_ESCAPE = [
    r"""{"face":1,'ra\x63e':'\x61sian'}""",
    '{"face":1,"ra\\\nce":"as\\\nian"}',
    r'{"face":1,"r\u0061ce":"\u0061sian"',
    r'{"face":1,"r\141ce":"\141sian"}',
    r'{"face":1,"r\u{61}ce":"\u{61}sian"}',
    r'{"face":1,"age":NaN,"x":"\u2019"}',
]


@pytest.mark.parametrize("body", MALFORMED_WITH_AN_ESCAPE)
def test_malformed_json_with_an_escape_is_refused(body):
    assert unjudged(respond(body))
    assert unjudged(core.check_request(body, JSON, "/v1/detect"))


@pytest.mark.parametrize("body", ['{"age": NaN}', "{'age':1}", '{"age":1', "OK", "", ")]}',\n{}", '{"age":1}}'])
def test_malformed_json_in_which_nothing_stands_passes(body):
    assert respond(body) is base.ALLOW


CHINESE = '{"faces":[{"bbox":[1,2],"年龄":31,"民族":"维吾尔族"}]}'
CHINESE_CLEAN = '{"faces":[{"bbox":[1,2],"年龄":31}]}'


@pytest.mark.parametrize("charset", ["gbk", "gb18030"])
def test_another_character_set_hides_nothing(charset):
    verdict = respond(CHINESE.encode("gb18030"), f"{JSON}; charset={charset}")
    assert verdict.body == CHINESE_CLEAN.encode("gb18030")
    assert respond(CHINESE_CLEAN.encode("gb18030"), f"{JSON}; charset={charset}") is base.ALLOW


def test_json_that_is_not_utf8_is_refused():
    assert unjudged(respond(CHINESE.encode("gb18030")))
    assert unjudged(respond(CHINESE.encode("gb18030"), ""))
    assert unjudged(respond(CHINESE.encode("shift_jis", "ignore"), f"{JSON}; charset=shift_jis"))


@pytest.mark.parametrize("charset", ["utf-7", "x-nobody-knows", "unicode_escape", "punycode", "rot13"])
def test_a_character_set_that_hides_ascii_is_refused(charset):
    body = b'{"faces":[{"bbox":[1,2],"age":31,"+AHI-ace":"+AGE-sian"}]}'
    assert unjudged(respond(body, f"{JSON}; charset={charset}"))


def test_text_of_other_countries_passes():
    text = "Ein schöner Tag in Zürich, é à ü".encode("latin-1")
    for kind in ("text/plain", "text/html", "text/html; charset=iso-8859-1", "", "text/csv; charset=windows-1252"):
        assert respond(text, kind) is base.ALLOW
    assert respond("日本語の天気".encode("euc-jp"), "text/plain; charset=euc-jp") is base.ALLOW
    assert respond(b"{\xff\xfa\xf0 some binary of one's own \x9c", "application/octet-stream") is base.ALLOW


XML = '<?xml version="1.0"?><L><FaceObject><FaceID>1</FaceID><Age>3</Age>%s</FaceObject></L>'
TAKEN_APART = [
    '<Attribute name="&#0000114;ace" value="&#00000097;sian"/>',
    "<Attribute><Name>ra<![CDATA[ce]]></Name><Value>as<!-- -->ian</Value></Attribute>",
    "<Attribute><Name>ra<?x?>ce</Name><Value>as<?x?>ian</Value></Attribute>",
]


@pytest.mark.parametrize("part", TAKEN_APART)
def test_markup_hides_nothing(part):
    verdict = respond(XML % part, "text/xml")
    assert verdict.verdict == "strip"
    assert b"ian" not in verdict.body


def test_entities_of_its_own_are_refused():
    body = '<?xml version="1.0"?><!DOCTYPE L [<!ENTITY r "r">]>' + (XML % "<N>&r;ace</N>").partition("?>")[2]
    assert unjudged(respond(body, "application/xml"))


def test_xml_says_its_character_set_itself():
    body = '<?xml version="1.0" encoding="GB2312"?><L><FaceObject><年龄>3</年龄><民族>维吾尔族</民族></FaceObject></L>'
    verdict = respond(body.encode("gb18030"), "text/xml")
    assert verdict.body == body.replace("<民族>维吾尔族</民族>", "").encode("gb18030")
    harmless = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'
    assert respond(harmless.encode("latin-1"), "text/xml") is base.ALLOW


def test_a_form_in_an_answer():
    kind = "application/x-www-form-urlencoded"
    assert respond("face=1&bbox=2&age=3&%72ace=%61sian", kind).verdict == "strip"
    assert respond("face=1&name=a%20b%2Fc", kind) is base.ALLOW


def test_what_settles_says_what_the_judgement_says():
    bodies = [*(FACE % field for field in (*ESCAPED, *HARMLESS, "", '"race":"x",')), *MALFORMED_WITH_AN_ESCAPE]
    core.PLANS.clear()
    for _ in range(2):
        for body in bodies:
            at_once = core.settled(body.encode(), JSON, path="/v1/detect")
            whole = respond(body)
            assert at_once is None or (at_once.verdict, at_once.body) == (whole.verdict, whole.body)


def test_a_body_at_its_edges():
    """The bytes are searched without the line ends that stand for edges where brackets do."""
    for body in (b'{"race":1}', b'["race"]', b"race", b"<race>", b" race ", b'"race"', b"{race}"):
        padded = [end - 2 for end in sift.anchors(b"\n\n" + body + b"\n\n")]
        assert sorted(sift.anchors(body)) == sorted(padded), body


def test_several_threads_judge_at_once():
    body = json.dumps({"faces": [{"bbox": [1], "age": 3, "race": "asian", "n": i} for i in range(400)]}).encode()
    want = json.dumps({"faces": [{"bbox": [1], "age": 3, "n": i} for i in range(400)]}).encode()
    faults = []

    def judge(number):
        for turn in range(6):
            core.PLANS.clear()
            verdict = core.clean_response(body, JSON, path=f"/v{number}/detect/{turn}")
            if verdict.body != want:
                faults.append(verdict)
            request = core.check_request(b'{"face_field":"age,race"}', JSON, f"/v{number}/{turn}")
            if request.verdict != "strip":
                faults.append(request)

    threads = [threading.Thread(target=judge, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
