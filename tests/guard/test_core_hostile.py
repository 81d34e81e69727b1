"""Bodies that are malformed, ambiguous, disguised or bombs: nothing that cannot be judged is let pass."""

import gzip
import json
import zlib
from datetime import date

import brotli
import pytest
import zstandard

from untag.errors import ConfigError
from untag.guard import base, core, encodings, settings
from untag.guard.splice import Unreadable

DIRTY = {"faces": [{"bbox": [1, 2], "age": 31, "race": "asian"}], "état": "été"}
CLEAN = {"faces": [{"bbox": [1, 2], "age": 31}], "état": "été"}
RAW = json.dumps(DIRTY, ensure_ascii=False)
WANT = json.dumps(CLEAN, ensure_ascii=False)


def unjudged(verdict):
    return verdict.verdict == "refuse" and verdict.operation == "" and verdict.because[0].kind == "unreadable"


MALFORMED = [
    '{"face":1,"race":"asian"',
    '{"face":1,"race":"asian"}}',
    '{"face":1,"race":"asian",}',
    '{"face":1,"race":NaN}',
    '{"face":Infinity,"race":"asian"}',
    '{"face":-Infinity,"race":"asian"}',
    '{"face":1,"race":"asian","race":"white"}',
    '{"face":1,"labels":["a"],"labels":["asian"]}',
    '{"face":1,"race":"asian","x":"\\ud800"}',
    '{"face":1,"race":"asian","x":01}',
    '{"face":1,"race":"asian","x":"\t"}',
    "{'face':1,'race':'asian'}",
    '{"face":1,/* c */"race":"asian"}',
    '{"race":' + "[" * 10_000 + "]" * 10_000 + "}",
    '{"a":' * 10_000 + '"race"' + "}" * 10_000,
    '[{"race":"asian"}] [1]',
    "\x00{}race",
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_malformed_is_refused(body):
    assert unjudged(core.clean_response(body.encode(), "application/json", path="/v1/detect"))
    assert unjudged(core.check_request(body, "application/json", "/v1/detect"))
    opened = core.clean_response(body.encode(), "application/json", settings=base.Settings(fail="open"))
    assert opened.verdict == "allow"
    assert opened.because[0].kind == "unreadable"


def test_malformed_json_under_another_name_is_refused():
    assert unjudged(core.clean_response(b'{"face":1,"race":"asian"', "text/plain"))
    assert core.clean_response(b"{{Infobox | ethnicity = see below}}", "text/plain").verdict == "allow"


def test_invalid_utf8_is_refused():
    assert unjudged(core.clean_response(b'{"face":"\xff","race":"asian"}', "application/json"))
    assert unjudged(core.clean_response(b'\xff\xfe{"race":1}', "application/json"))


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_other_encodings_are_judged_and_kept(codec):
    verdict = core.clean_response(RAW.encode(codec), "application/json")
    assert verdict.verdict == "strip"
    assert verdict.body == WANT.encode(codec)
    assert core.clean_response(WANT.encode(codec), "application/json").verdict == "allow"


@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/octet-stream", "text/html", "application/xml-dtd", "image/png"]
)
def test_json_under_another_name_is_judged(kind):
    verdict = core.clean_response(RAW.encode(), kind, path="/v1/detect")
    assert verdict.verdict == "strip"
    assert verdict.body == WANT.encode()


PACK = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("coding", PACK)
def test_packed_bodies_are_judged(coding):
    verdict = core.clean_response(PACK[coding](RAW.encode()), "application/json", encoding=coding)
    assert verdict.verdict == "strip"
    assert encodings.unpack(verdict.body, [coding], 1 << 20) == WANT.encode()
    packed = PACK[coding](WANT.encode())
    assert core.clean_response(packed, "application/json", encoding=coding) is base.ALLOW
    assert unjudged(core.clean_response(packed[:-5], "application/json", encoding=coding))
    request = core.check_request(
        PACK[coding](b'{"img_path":"a","actions":["age","race"]}'), "application/json", "/analyze", encoding=coding
    )
    assert encodings.unpack(request.body, [coding], 1 << 20) == b'{"img_path":"a","actions":["age"]}'


def test_packed_twice():
    body = gzip.compress(brotli.compress(RAW.encode()))
    verdict = core.clean_response(body, "application/json", encoding="br, gzip")
    assert brotli.decompress(gzip.decompress(verdict.body)) == WANT.encode()


def test_packed_without_a_header():
    verdict = core.clean_response(gzip.compress(RAW.encode()), "application/json")
    assert gzip.decompress(verdict.body) == WANT.encode()


@pytest.mark.parametrize("coding", PACK)
def test_bombs_are_refused_before_they_unpack(coding):
    bomb = PACK[coding](b" " * (40 << 20))
    assert unjudged(
        core.clean_response(bomb, "application/json", encoding=coding, settings=base.Settings(body_cap=1 << 20))
    )
    assert unjudged(core.clean_response(bomb, "application/json", encoding=coding))


def test_an_unknown_coding_is_refused():
    assert unjudged(core.clean_response(b"xx", "application/json", encoding="compress"))
    assert unjudged(core.clean_response(b"xx", "application/json", encoding="gzip"))


def test_what_is_over_the_cap():
    body = RAW.encode()
    assert unjudged(core.clean_response(body, "application/json", settings=base.Settings(body_cap=10)))
    passed = core.clean_response(body, "application/json", settings=base.Settings(body_cap=10, over_cap="pass"))
    assert passed.verdict == "allow"


def test_a_clean_body_is_not_copied():
    verdict = core.clean_response(b'{"age": 31}', "application/json")
    assert verdict is base.ALLOW
    assert core.check_request(b'{"age": 31}', "application/json", "/x") is base.ALLOW
    assert core.clean_response(b"", "") is base.ALLOW


def test_xml_that_declares_entities_is_refused():
    body = b'<!DOCTYPE a [<!ENTITY r "race">]><face race="asian">&r;</face>'
    assert unjudged(core.clean_response(body, "application/xml"))
    assert unjudged(core.clean_response(b"<face><race>asian</face>", "application/xml"))
    assert unjudged(core.clean_response(b"<face>" * 600 + b"<race>1</race>", "application/xml"))


def test_xml_keeps_all_else():
    body = b'<?xml version="1.0"?>\n<!-- c --><Frame a="1">\n <HumanFace>\n  <Age>31</Age>\n  <Complexion>Asian</Complexion>\n </HumanFace><![CDATA[x]]></Frame>'
    verdict = core.clean_response(body, "application/xml")
    assert verdict.body == body.replace(b"<Complexion>Asian</Complexion>", b"")
    assert verdict.removed[0].route == "/Frame/HumanFace/Complexion"


def test_xml_character_references_hide_nothing():
    body = b"<face><age>3</age><attr name='r&#97;ce' value='&#x61;sian'/></face>"
    assert b"sian" not in core.clean_response(body, "text/xml").body


BINARY = b'{"outputs":[{"name":"age","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}},{"name":"race_output","datatype":"FP32","shape":[2],"parameters":{"binary_data_size":8}},{"name":"x","datatype":"UINT8","shape":[3],"parameters":{"binary_data_size":3}}]}'


def test_binary_tensors_go_with_their_entries():
    verdict = core.clean_response(
        BINARY + b"AAAARRRRRRRR\xff\x00B", "application/octet-stream", path="/v2/models/m/infer"
    )
    assert b"race" not in verdict.body
    assert verdict.body.endswith(b"AAAA\xff\x00B")
    size = len(verdict.body) - 7
    assert verdict.headers == (("Inference-Header-Content-Length", str(size)),)
    json.loads(verdict.body[:size])


def test_binary_tensors_of_another_length_are_refused():
    assert unjudged(core.clean_response(BINARY + b"AAAA", "application/octet-stream", path="/v2/models/m/infer"))


BOUNDARY = "multipart/form-data; boundary=xx"
PICTURE = b'--xx\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xffrace\x00\r\n'


def field(name, value):
    return b'--xx\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name, value)


def test_multipart_fields_are_taken_out_and_the_picture_stays():
    body = PICTURE + field(b"attributes", b"age,race") + field(b"note", b"x") + b"--xx--\r\n"
    verdict = core.check_request(body, BOUNDARY, "/detect")
    assert verdict.body == PICTURE + field(b"attributes", b"age") + field(b"note", b"x") + b"--xx--\r\n"
    twice = PICTURE + field(b"attributes", b"age") + field(b"attributes", b"race") + b"--xx--\r\n"
    assert core.check_request(twice, BOUNDARY, "/detect").body == PICTURE + field(b"attributes", b"age") + b"--xx--\r\n"
    inner = PICTURE + field(b"params", b'{"attributes": ["age", "race"]}') + b"--xx--\r\n"
    assert core.check_request(inner, BOUNDARY, "/detect").body == inner.replace(b', "race"', b"")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (field(b"race", b"asian"), BOUNDARY),
        (b"race" + PICTURE, BOUNDARY),
        (field(b"race", b"asian") + b"--xx--", "multipart/form-data"),
        (b"--xxy\r\nrace\r\n--xx--", BOUNDARY),
        (b"&".join(b"race=%d" % i for i in range(2000)), "application/x-www-form-urlencoded"),
    ],
)
def test_forms_that_cannot_be_read_are_refused(body, kind):
    assert unjudged(core.check_request(body, kind, "/detect"))


AUDIT = base.Exemption("audit-1", "Ada", "quarterly bias audit", date(2027, 1, 31), ("/audit/*",))
AUDITED = base.Settings(exemptions=(AUDIT,))


def test_a_declared_audit_passes_until_it_ends():
    body = RAW.encode()
    verdict = core.clean_response(
        body, "application/json", path="/audit/run", settings=AUDITED, today=date(2027, 1, 31)
    )
    assert (verdict.verdict, verdict.exemption) == ("allow", "audit-1")
    assert "Ada" in verdict.clause
    late = core.clean_response(body, "application/json", path="/audit/run", settings=AUDITED, today=date(2027, 2, 1))
    assert late.verdict == "strip"
    other = core.clean_response(body, "application/json", path="/detect", settings=AUDITED, today=date(2027, 1, 1))
    assert other.verdict == "strip"
    request = core.check_request(
        b'{"attributes": ["race"], "image": 1}',
        "application/json",
        "/audit/run",
        settings=AUDITED,
        today=date(2027, 1, 1),
    )
    assert request.exemption == "audit-1"


@pytest.mark.parametrize(
    "path", ["/audit/../detect", "/audit/%2e%2e/detect", "/audit//..//detect", "/audit\\..\\detect"]
)
def test_no_path_walks_out_of_an_exemption(path):
    verdict = core.clean_response(RAW.encode(), "application/json", path=path, settings=AUDITED, today=date(2027, 1, 1))
    assert verdict.verdict == "strip"


def test_an_audit_of_one_attribute_covers_no_other():
    one = base.Exemption("a", "Ada", "audit", date(2027, 1, 31), ("/audit/*",), ("race",))
    body = b'{"face":{"bbox":[1],"age":3,"race":"asian","ethnicity":"Uyghur"}}'
    verdict = core.clean_response(
        body, "application/json", path="/audit/x", settings=base.Settings(exemptions=(one,)), today=date(2027, 1, 1)
    )
    assert verdict.body == b'{"face":{"bbox":[1],"age":3,"race":"asian"}}'


def test_a_route_that_is_off():
    chosen = base.Settings(overrides={"/raw/*": "off"})
    assert core.clean_response(RAW.encode(), "application/json", path="/raw/x", settings=chosen).verdict == "allow"


def test_another_policy_decides_by_its_own_clauses():
    verdict = core.clean_response(
        RAW.encode(), "application/json", path="/x", settings=base.Settings(policy="eu-ai-act-5-1-g")
    )
    assert "eu-ai-act" in verdict.clause or "5" in verdict.clause


GOOD = {"id": "a", "owner": "o", "purpose": "p", "expires": date(2027, 1, 1), "routes": ["/a/*"]}


def test_settings_are_read():
    table = {
        "policy": "untag-core",
        "parameters": "refuse",
        "body_cap": 5,
        "overrides": {"/x": "off"},
        "exemption": [GOOD],
        "mode": "observe",
    }
    made = settings.parse_settings(table, "untag.toml")
    assert made.parameters == "refuse"
    assert made.exemptions[0].routes == ("/a/*",)
    assert settings.parse_settings({"listen": ":80"}, "x", known=("listen",)) == base.Settings()


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ({"polcy": "x"}, "policy"),
        ({"mode": "watch"}, "mode"),
        ({"policy": "untag-cor"}, "untag-core"),
        ({"body_cap": 0}, "body_cap"),
        ({"body_cap": True}, "body_cap"),
        ({"appeal": " "}, "appeal"),
        ({"overrides": {"/x": "on"}}, "off"),
        ({"exemption": {}}, "[[guard.exemption]]"),
        ({"exemption": [{**GOOD, "owner": ""}]}, "owner"),
        ({"exemption": [{**GOOD, "expires": "soon"}]}, "expires"),
        ({"exemption": [{**GOOD, "routes": []}]}, "routes"),
        ({"exemption": [{**GOOD, "attributes": ["rase"]}]}, "race"),
        ({"exemption": [{**GOOD, "owners": "x"}]}, "owner"),
        ({"exemption": [GOOD, GOOD]}, "two exemptions"),
    ],
)
def test_settings_that_are_wrong_say_so(table, word):
    with pytest.raises(ConfigError, match=r".") as caught:
        settings.parse_settings(table, "untag.toml")
    assert word in str(caught.value)


def test_settings_of_a_project(tmp_path):
    (tmp_path / "untag.toml").write_text(
        '[guard]\nparameters = "refuse"\n[[guard.exemption]]\nid = "a"\nowner = "o"\npurpose = "p"\nexpires = 2027-01-01\nroutes = ["/a"]\n'
    )
    made = settings.load_settings(tmp_path)
    assert made.parameters == "refuse"
    assert made.exemptions[0].expires == date(2027, 1, 1)


def test_unreadable_is_an_error_with_a_reason():
    error = Unreadable("x")
    assert (error.reason, error.detail) == ("corrupt", "x")
