"""Usage from access logs: what counts, in which formats, and that nothing a log holds is shown."""

import gzip
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.errors import ConfigError, SourceError, UsageError
from untag.evidence.usage import columns, counting, sieve
from untag.evidence.usage.calls import Parser, moment
from untag.evidence.usage.counting import count, pseudonym, recognised
from untag.evidence.usage.judging import Judge, closed
from untag.evidence.usage.mapping import PRESETS, load_mapping, preset
from untag.evidence.usage.packed import opened
from untag.evidence.usage.sieve import blocks, sifted
from untag.guard import questions

CLEAN = {"client": "acme", "time": "2026-01-02T03:04:05Z", "method": "POST", "url": "/v1/detect?face_field=age,gender"}
ASKED = {**CLEAN, "client": "zeta", "time": "2026-03-02T03:04:05Z", "url": "/v1/detect?face_field=age,race"}
RECEIVED = {
    **CLEAN,
    "client": "zeta",
    "time": "2026-02-02T03:04:05Z",
    "response_body": json.dumps({"faces": [{"age": 31, "gender": "f", "race": "asian", "box": [1, 2, 3, 4]}]}),
}
NEUTRAL = (
    {**CLEAN, "url": "/races/2026?season=formula1"},
    {**CLEAN, "url": "/translate?to=uyghur"},
    {**CLEAN, "url": "/recipes?q=uyghur+noodles"},
    {**CLEAN, "url": "/fonts/uyghur.woff2"},
    {**CLEAN, "url": "/profile", "response_body": '{"language": "Tibetan", "tags": ["race condition"]}'},
)


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def log(tmp_path, text, name="access.jsonl"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_asked_and_received(tmp_path):
    path = log(tmp_path, lines(CLEAN, ASKED, RECEIVED, *NEUTRAL, ASKED))
    found = count([path], key=b"", jobs=1)
    rows = {key[:4]: row for key, row in found.rows.items()}
    asked = rows[("zeta", "POST /v1/detect", "asked", "race")]
    assert (asked.count, asked.first, asked.last) == (2, "2026-03-02T03:04:05Z", "2026-03-02T03:04:05Z")
    assert rows[("zeta", "POST /v1/detect", "received", "race")].count == 1
    assert len(rows) == 2, rows
    assert (found.calls, found.dirty, found.unparsed) == (9, 3, 0)


def test_neutral_calls_do_not_count(tmp_path):
    found = count([log(tmp_path, lines(*NEUTRAL))], key=b"", jobs=1)
    assert not found.rows


FORMATS = {
    "combined": '10.0.0.9 - zeta [02/Mar/2026:03:04:05 +0000] "GET /v1/detect?face_field=age,race HTTP/1.1" 200 512 "-" "curl"\n',
    "common": '10.0.0.9 - zeta [02/Mar/2026:03:04:05 +0000] "GET /v1/detect?face_field=age,race HTTP/1.1" 200 512\n',
    "w3c": (
        "#Version: 1.0\n#Fields: date time cs-username cs-method cs-uri-stem cs-uri-query sc-status\n"
        "2026-03-02 03:04:05 zeta GET /v1/detect face_field=age,race 200\n"
    ),
    "alb": (
        "https 2026-03-02T03:04:05.123456Z app/x/1 zeta:5555 10.0.0.1:80 0.001 0.002 0.000 200 200 34 366 "
        '"GET https://api.example.org:443/v1/detect?face_field=age,race HTTP/1.1" "curl" - -\n'
    ),
    "csv": 'time,client,method,url,status\n2026-03-02T03:04:05Z,zeta,GET,"/v1/detect?face_field=age,race",200\n',
    "nginx": json.dumps(
        {
            "time_iso8601": "2026-03-02T03:04:05+00:00",
            "remote_user": "zeta",
            "request_method": "GET",
            "request_uri": "/v1/detect?face_field=age,race",
            "status": 200,
        }
    )
    + "\n",
    "envoy": json.dumps(
        {
            "start_time": "2026-03-02T03:04:05.000Z",
            "x_client_id": "zeta",
            "method": "GET",
            "path": "/v1/detect?face_field=age,race",
            "response_code": 200,
        }
    )
    + "\n",
    "otel": json.dumps(
        {
            "timeUnixNano": "1772420645000000000",
            "attributes": [
                {"key": "client.address", "value": {"stringValue": "zeta"}},
                {"key": "http.request.method", "value": {"stringValue": "GET"}},
                {"key": "url.path", "value": {"stringValue": "/v1/detect"}},
                {"key": "url.query", "value": {"stringValue": "face_field=age,race"}},
            ],
        }
    )
    + "\n",
}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_formats(tmp_path, name):
    found = count([log(tmp_path, FORMATS[name], f"{name}.log")], key=b"", jobs=1)
    (((client, where, side, attribute, _), row),) = found.rows.items()
    assert (client, where, side, attribute) == ("zeta", "GET /v1/detect", "asked", "race")
    assert row.first == "2026-03-02T03:04:05Z"
    assert found.calls >= 1


@pytest.mark.parametrize("kind", ["logs", "spans"])
def test_what_a_collector_writes(tmp_path, kind):
    """A Collector's file exporter wraps many records in a line; each is a call."""

    def record(url, client):
        pairs = {"http.request.method": "GET", "url.full": f"https://api.example.org{url}", "client.address": client}
        rows = [{"key": key, "value": {"stringValue": value}} for key, value in pairs.items()]
        return {("startTimeUnixNano" if kind == "spans" else "timeUnixNano"): "1772420645000000000", "attributes": rows}

    inner = [record(CLEAN["url"], "c0"), record(ASKED["url"], "c1"), record(CLEAN["url"], "c2")]
    names = ("resourceSpans", "scopeSpans", "spans") if kind == "spans" else ("resourceLogs", "scopeLogs", "logRecords")
    line = json.dumps({names[0]: [{"resource": {}, names[1]: [{"scope": {}, names[2]: inner}]}]})
    path = log(tmp_path, f"{line}\n" * 3 + "no JSON at all\n" + line[:-40])
    found = count([path], key=b"", jobs=1)
    assert [(key[0], key[1], key[3], row.count) for key, row in found.rows.items()] == [
        ("c1", "GET /v1/detect", "race", 3)
    ]
    assert (found.calls, found.dirty, found.unparsed) == (11, 3, 2)
    assert next(iter(found.rows.values())).first == "2026-03-02T03:04:05Z"
    # a large line is worked on piece by piece
    huge = json.dumps({names[0]: [{names[1]: [{names[2]: [*inner * 2_000]}]}]})
    found = count([log(tmp_path, huge, "huge.jsonl")], key=b"", jobs=1)
    assert (found.calls, found.dirty) == (6_000, 2_000)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["", "csv", "tsv"])
def test_cells_between_any_mark(tmp_path, mark, name):
    rows = [("time", "client", "method", "url"), *[(c["time"], c["client"], "GET", c["url"]) for c in (CLEAN, ASKED)]]
    path = log(tmp_path, "".join(mark.join(f'"{cell}"' for cell in row) + "\n" for row in rows), "calls.csv")
    found = count([path], mapping=preset(name) if name else None, key=b"", jobs=1)
    assert [(key[0], row.first) for key, row in found.rows.items()] == [("zeta", ASKED["time"])]
    assert (found.calls, found.unparsed) == (2, 0)


def test_notes_in_a_log_are_no_calls(tmp_path):
    """A server writes the names of the fields anew whenever it starts."""
    path = log(tmp_path, FORMATS["w3c"] * 3, "w3c.log")
    assert count([path], key=b"", jobs=1).calls == 3


def test_a_port_is_no_client(tmp_path):
    """Each connection has a port of its own: with it, one client would be many."""
    rows = [
        {"start_time": CLEAN["time"], "downstream_remote_address": address, "method": "GET", "path": ASKED["url"]}
        for address in ("10.0.0.2:44", "10.0.0.2:45", "[2001:db8::1]:9", "2001:db8::1", "team:7")
    ]
    found = count([log(tmp_path, lines(*rows))], mapping=preset("envoy-json"), key=b"", jobs=1)
    assert {key[0]: row.count for key, row in found.rows.items()} == {"10.0.0.2": 2, "2001:db8::1": 2, "team:7": 1}


def test_a_gateways_names_are_known_by_what_they_hold(tmp_path):
    """Several presets can read client, time and path of such a line; only one its method and its query."""
    row = {"requestTime": "02/Mar/2026:03:04:05 +0000", "ip": "10.0.0.3", "httpMethod": "GET", "path": "/v1/detect"}
    row |= {"queryString": "face_field=age,race", "status": 200, "apiKeyId": "k-77"}
    found = count([log(tmp_path, lines(row, row))], key=b"", jobs=1)
    assert [(key[:4], row.count) for key, row in found.rows.items()] == [
        (("k-77", "GET /v1/detect", "asked", "race"), 2)
    ]


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_packed_logs(tmp_path, kind):
    text = lines(CLEAN, ASKED, *NEUTRAL).encode() * 20
    packed = gzip.compress(text) if kind == "gz" else pytest.importorskip("zstandard").compress(text)
    found = count([log(tmp_path, packed, f"a.{kind}")], key=b"", jobs=1)
    assert sum(row.count for row in found.rows.values()) == 20
    assert found.size == len(text)


def test_a_truncated_log_says_so_and_loses_nothing(tmp_path):
    rng = random.Random(0)
    text = "".join(lines({**ASKED, "id": rng.random()}) for _ in range(5000)).encode()
    packed = gzip.compress(text)
    found = count([log(tmp_path, packed[: len(packed) // 2], "cut.gz")], key=b"", jobs=1)
    assert found.failed
    assert found.failed[0][0] == "cut.gz"


def test_parquet(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    from pyarrow import parquet

    rows = [CLEAN, ASKED, *NEUTRAL]
    table = pa.table({key: [row.get(key) for row in rows] for key in ("client", "time", "method", "url")})
    parquet.write_table(table, tmp_path / "calls.parquet")
    found = count([tmp_path / "calls.parquet"], key=b"", jobs=1)
    assert [key[0] for key in found.rows] == ["zeta"]
    assert found.calls == len(rows)


def test_a_column_that_other_rows_fill_is_not_received(tmp_path):
    """A nested column of Parquet has a place for each member in each row; null there was never sent."""
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    from pyarrow import parquet

    bodies = [{"faces": [{"age": 3, "gender": "f", "race": race}]} for race in (None, "asian", None)]
    rows = [{**CLEAN, "client": f"c{n}", "response_body": body} for n, body in enumerate(bodies)]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "calls.parquet")
    found = count([tmp_path / "calls.parquet"], key=b"", jobs=1)
    assert [key[:1] + key[2:4] for key in found.rows] == [("c1", "received", "race")]
    assert found.calls == 3


def test_members_that_are_null_make_no_candidates(tmp_path, monkeypatch):
    """A struct of Parquet names its attribute in each row; only rows that fill it are looked at."""
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    from pyarrow import parquet

    faces = [{"race": "asian" if n % 50 == 0 else None, "age": n, "note": None} for n in range(500)]
    rows = [{**CLEAN, "response_body": {"faces": [face]}, "other": "race: asian"} for face in faces]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "calls.parquet")
    seen = []
    monkeypatch.setattr(counting, "_count", lambda line, *_: seen.append(json.loads(line)))
    assert count([tmp_path / "calls.parquet"], key=b"", jobs=1).calls == 500
    assert [line["response_body"]["faces"][0]["age"] for line in seen] == list(range(0, 500, 50))


def test_bodies_of_parquet_that_are_bytes(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    from pyarrow import parquet

    bodies = [b'{"faces": [{"age": 3, "race": "asian"}]}', b'\xff"race"', None]
    rows = [{**CLEAN, "client": f"c{n}", "response_body": body} for n, body in enumerate(bodies)]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "calls.parquet")
    found = count([tmp_path / "calls.parquet"], key=b"", jobs=1)
    assert ("c0", "received", "race") in [key[:1] + key[2:4] for key in found.rows]
    assert (found.calls, found.failed) == (3, [])


def test_parquet_is_read_in_bounded_memory(tmp_path, monkeypatch):
    """Bodies that the engine cannot hold 2,048 of are read a few at a time: all rows count, each once."""
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    from pyarrow import parquet

    monkeypatch.setattr(columns, "MEMORY", "48MB")
    asked = [CLEAN["url"] if n % 100 else ASKED["url"] for n in range(400)]
    body = pa.DictionaryArray.from_arrays(pa.array([0] * 400, pa.int32()), pa.array(["ab" * 100_000]))
    table = pa.table({"client": [f"c{n}" for n in range(400)], "url": asked, "request_body": body})
    parquet.write_table(table, tmp_path / "calls.parquet")
    found = count([tmp_path / "calls.parquet"], key=b"", jobs=1)
    assert sorted(key[0] for key in found.rows) == ["c0", "c100", "c200", "c300"]
    assert (found.calls, found.failed) == (400, [])
    assert found.size > 80_000_000


def test_parquet_that_needs_too_much_memory_is_told(tmp_path, monkeypatch):
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    from pyarrow import parquet

    monkeypatch.setattr(columns, "MEMORY", "32MB")
    body = pa.array([f"{n}" + "ab" * 100_000 for n in range(400)])
    table = pa.table({"client": ["c"] * 400, "url": [ASKED["url"]] * 400, "request_body": body})
    parquet.write_table(
        table, tmp_path / "calls.parquet", compression="zstd", use_dictionary=False, data_page_size=1 << 30
    )
    found = count([tmp_path / "calls.parquet"], key=b"", jobs=1)
    assert not found.rows
    assert "smaller row groups" in found.failed[0][1]


def test_parquet_that_is_no_log_or_damaged(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    from pyarrow import parquet

    parquet.write_table(pa.table({"colour": ["red"], "weight": [3]}), tmp_path / "other.parquet")
    with pytest.raises(UsageError, match="no column of a call"):
        count([tmp_path / "other.parquet"], jobs=1)
    cut = log(tmp_path, (tmp_path / "other.parquet").read_bytes()[:-20], "cut.parquet")
    assert count([cut], jobs=1).failed


def test_clients_are_pseudonyms(tmp_path):
    path = log(tmp_path, lines(ASKED))
    one, two = count([path], jobs=1), count([path], jobs=1)
    (first,), (second,) = one.rows, two.rows
    assert first[0].startswith("client-")
    assert "zeta" not in first[0]
    assert first != second, "a new key each time"
    assert pseudonym("zeta", b"k" * 16) == pseudonym("zeta", b"k" * 16) != pseudonym("zeta", b"l" * 16)


def test_escapes_do_not_hide(tmp_path):
    urls = (
        "/v1/detect?face_field=age%2C%72ace",
        "/v1/face/search?%E6%B0%91%E6%97%8F=%E7%BB%B4%E5%90%BE%E5%B0%94%E6%97%8F",
    )
    found = count(
        [log(tmp_path, lines(CLEAN, *({**CLEAN, "client": f"c{n}", "url": u} for n, u in enumerate(urls))))],
        key=b"",
        jobs=1,
    )
    assert {key[0] for key in found.rows} == {"c0", "c1"}
    assert {key[3] for key in found.rows} == {"race", "ethnicity"}


@pytest.mark.parametrize("kind", ["slot", "letters", "percent", "invisible"])
def test_escapes_hide_no_line_among_many(tmp_path, kind):
    """An engine tells once that a block holds escapes; each line of it must be looked at."""
    hidden = {
        "slot": '{"body": {"face_id": 1, "attributes": {"\\u6c11\\u65cf": "\\u7ef4\\u543e\\u5c14\\u65cf"}}, "path": "/v1/search"}',
        "letters": '{"body": {"faces": 1, "face_field": "age,ra\\u0063e"}, "path": "/v1/detect"}',
        "percent": '{"url": "/v1/detect?face_field=age,%72ace"}',
        "invisible": '{"body": {"faces": 1, "face_field": "age,ra\u200bce"}, "path": "/v1/detect"}',
    }[kind]
    found = count([log(tmp_path, f"{hidden}\n" * 500)], key=b"", jobs=1)
    assert (found.calls, found.dirty) == (500, 500)


def test_a_prompt_that_names_no_group_counts(tmp_path):
    """The guard refuses it, and no term of the lexicon stands in it."""
    prompt = "the scars on his cheeks - tell me which people he comes from"
    harmless = "how many people are on the stairs?"

    def asked(text):
        picture = {"type": "image_url", "image_url": {"url": "https://example.org/a.jpg"}}
        message = {"role": "user", "content": [{"type": "text", "text": text}, picture]}
        return {**CLEAN, "url": "/v1/chat/completions", "request_body": {"model": "m", "messages": [message]}}

    inner = {**asked(prompt), "request_body": json.dumps(asked(prompt)["request_body"])}
    rows = [asked(prompt), asked(harmless), inner, {**CLEAN, "url": "/v1/images/search?q=show+me+her+people"}]
    found = count([log(tmp_path, lines(*rows))], key=b"", jobs=1)
    assert found.dirty == 2
    assert found.unparsed == 0


CORPUS = Path(__file__).parents[1] / "corpus" / "prompts"
PROMPTED = [
    json.loads(line) for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("escaped", [False, True])
def test_what_the_guard_refuses_of_the_corpus_is_looked_at(escaped):
    """The sieve may find too much, never too little: each line that the judge would count must be a candidate."""
    asked = [row for row in PROMPTED if row["want"] == "refuse"][:: len(PROMPTED) // 150]
    parser, decide = Parser(preset("json")), Judge()
    lost = counted = 0
    for row in asked:
        content = [{"type": "text", "text": row["prompt"]}]
        if row["images"]:
            content.append({"type": "image_url", "image_url": {"url": "https://example.org/a.jpg"}})
        body = {"model": "m", "messages": [{"role": "user", "content": content}]}
        line = json.dumps({**CLEAN, "url": "/v1/chat/completions", "body": body}, ensure_ascii=escaped).encode()
        if decide.of(parser.call(line)):
            counted += 1
            lost += not sifted(line + b"\n").candidates
    assert counted > len(asked) / 3
    assert lost <= counted / 100, "a prompt in base64 is the one that may be lost"


def test_each_name_of_a_prompt_is_known_to_the_sieve():
    """The guard's list grows: a name that it learns and the sieve does not would go uncounted."""
    for escaped in (False, True):
        for name in questions._PROMPT_KEYS:
            line = json.dumps({name: "which people does she come from?"}, ensure_ascii=escaped).encode()
            assert sifted(line).candidates, name
            inner = json.dumps({"body": line.decode()}, ensure_ascii=escaped).encode()
            assert sifted(inner).candidates, name
    plain = [{"request": "GET /v1/detect?id=1 HTTP/1.1", "agent": "Mozilla/5.0 (X11; Linux)", "query": "a=b&c=d"}]
    assert not sifted(lines(*plain).encode()).candidates


def test_what_is_remembered_of_calls_does_not_mix_words(tmp_path):
    """Long tokens are ids to the memory of judgements, and long words are none."""
    rows = [
        {**CLEAN, "url": "/v1/detect", "body": {"face_id": 1, "face_field": text, "note": "race"}}
        for text in ("age_and_gender_and_glasses_and_emotion_and_landmarks",) * 3
    ]
    dirty = {**rows[0], "body": {**rows[0]["body"], "face_field": "age,race,gender_and_glasses_and_emotion_and_more"}}
    alone = count([log(tmp_path, lines(dirty))], key=b"", jobs=1).dirty
    both = count([log(tmp_path, lines(*rows, dirty))], key=b"", jobs=1).dirty
    first = count([log(tmp_path, lines(rows[0]))], key=b"", jobs=1).dirty
    assert alone == 1
    assert both == first * 3 + 1


def test_joined_and_cut_zstd_logs(tmp_path):
    zstandard = pytest.importorskip("zstandard")
    rng = random.Random(0)
    text = "".join(lines({**ASKED, "id": rng.random()}) for _ in range(20_000)).encode()
    frame = zstandard.ZstdCompressor(write_checksum=True).compress(text)
    whole = count([log(tmp_path, frame + frame, "two.zst")], key=b"", jobs=1)
    assert (whole.dirty, whole.size, whole.failed) == (40_000, 2 * len(text), [])
    cut = count([log(tmp_path, frame + frame[: len(frame) // 2], "cut.zst")], key=b"", jobs=1)
    assert cut.dirty >= 20_000
    assert [name for name, _ in cut.failed] == ["cut.zst"]
    damaged = bytearray(frame)
    damaged[len(frame) // 2] ^= 0xFF
    broken = count([log(tmp_path, bytes(damaged), "broken.zst"), tmp_path / "two.zst"], key=b"", jobs=1)
    assert [name for name, _ in broken.failed] == ["broken.zst"]
    assert broken.dirty >= 40_000, "the other log is counted"
    short = gzip.compress(lines(ASKED).encode())[:30]
    other = log(tmp_path, lines(ASKED), "whole.jsonl")
    found = count([log(tmp_path, short, "short.gz"), other], key=b"", jobs=1)
    assert ([name for name, _ in found.failed], found.dirty) == (["short.gz"], 1)


def test_a_zstd_frame_without_data_is_passed_over(tmp_path):
    zstandard = pytest.importorskip("zstandard")
    packed = zstandard.compress(lines(ASKED).encode())
    note = b"\x5a\x2a\x4d\x18" + (5_000).to_bytes(4, "little") + bytes(5_000)
    path = log(tmp_path, packed + note + packed + note[:8] + bytes(5_000), "access.jsonl.zst")
    found = count([path], key=b"", jobs=1)
    assert (found.calls, found.dirty, found.failed) == (2, 2, [])


def test_a_small_zstd_log_that_unpacks_to_a_large_one_is_read_piece_by_piece(tmp_path):
    """Lines end nowhere in it: what is unpacked is neither held nor taken for a line."""
    zstandard = pytest.importorskip("zstandard")
    tracemalloc = pytest.importorskip("tracemalloc")
    packed = zstandard.compress(lines(ASKED).encode() + bytes(300_000_000))
    assert len(packed) < 50_000
    path = log(tmp_path, packed, "access.jsonl.zst")
    tracemalloc.start()
    with opened(path) as file:
        size = 0
        while piece := file.read(1 << 16):
            size += len(piece)
        most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 300_000_000
    assert most < 150_000_000


@given(cut=st.integers(0, 400), escaped=st.booleans())
@settings(max_examples=150, deadline=None)
def test_json_of_which_the_end_is_missing_is_closed(cut, escaped):
    faces = [{"age": 31, "name": 'a\\b"c\u65cf\\', "race": "asian", "box": [1, -2.5e3, True, None, {}]}] * 3
    body = json.dumps({"faces": faces, "note": "}]"}, ensure_ascii=escaped).encode()[: 1 + cut]
    whole = closed(body)
    assert isinstance(json.loads(whole.decode("utf-8", "replace")), dict), body
    assert whole.startswith(body[:-8])


def test_bodies_that_are_cut_off_count(tmp_path):
    """Servers log the first kilobytes of a body."""
    body = json.dumps({"faces": [{"age": 31, "race": "asian"}] * 9})
    rows = [{**CLEAN, "client": f"c{n}", "response_body": body[:n]} for n in (40, 41, 44, 60, 100, 200)]
    found = count([log(tmp_path, lines(*rows))], key=b"", jobs=1)
    assert sorted(key[0] for key in found.rows if key[2:4] == ("received", "race")) == [
        "c100",
        "c200",
        "c40",
        "c41",
        "c44",
        "c60",
    ]
    assert found.unreadable == 0


def test_bodies_that_cannot_be_understood_are_told(tmp_path):
    """The guard refuses what it cannot read; a count tells it, and goes by path and query."""
    deep = '{"race":' * 600 + "1" + "}" * 600
    rows = [{**CLEAN, "request_body": deep}, {**ASKED, "request_body": deep}]
    path = log(tmp_path, lines(*rows))
    found = count([path], key=b"", jobs=1)
    assert [(key[0], key[2]) for key in found.rows] == [("zeta", "asked")]
    assert (found.calls, found.dirty, found.unreadable, found.unparsed) == (2, 1, 2, 0)
    path = log(tmp_path, lines(rows[0]), "clean.jsonl")
    words = [sys.executable, "-m", "untag", "usage", str(path), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["not_read"]["bodies_unreadable"] == 1


def test_bad_lines_are_counted(tmp_path):
    text = lines(ASKED) + '{"url": "/v1/detect?face_field=race"\n' + "not json with race and face\n" + lines(ASKED)
    found = count([log(tmp_path, text)], key=b"", jobs=1)
    assert found.unparsed >= 1
    assert sum(row.count for row in found.rows.values()) == 2


def test_mixed_encodings(tmp_path):
    raw = (
        lines(ASKED).encode()
        + '{"client": "客户", "url": "/v1/detect?face_field=race"}\n'.encode("gb18030")
        + b"\xff\xfe\xfd race\n"
    )
    found = count([log(tmp_path, raw)], key=b"", jobs=1)
    assert {key[0] for key in found.rows} == {"zeta", "客户"}


def test_clock_jumps(tmp_path):
    rows = [
        {**ASKED, "time": t}
        for t in ("2026-03-02T00:00:00Z", "1970-01-01T00:00:00Z", "never", "2026-01-01T00:00:00+02:00")
    ]
    found = count([log(tmp_path, lines(*rows))], key=b"", jobs=1)
    (row,) = found.rows.values()
    assert (row.count, row.first, row.last) == (4, "1970-01-01T00:00:00Z", "2026-03-02T00:00:00Z")
    assert found.undated == 1


def test_a_line_of_ten_megabytes(tmp_path, monkeypatch):
    long = {**CLEAN, "request_body": "x" * (10 << 20)}
    found = count([log(tmp_path, lines(ASKED, long, ASKED))], key=b"", jobs=1)
    assert found.calls == 3
    assert sum(row.count for row in found.rows.values()) == 2
    monkeypatch.setattr(sieve, "LINE", 1 << 20)
    monkeypatch.setattr(sieve, "BLOCK", 1 << 16)
    found = count([log(tmp_path, lines(ASKED, long, ASKED))], key=b"", jobs=1)
    assert found.too_long == 1
    assert sum(row.count for row in found.rows.values()) == 2


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")), max_size=30),
    st.integers(1, 50),
    st.booleans(),
)
def test_shares_hold_every_line_once(tmp_path_factory, rows, share, ends):
    data = b"\n".join(rows) + (b"\n" if ends and rows else b"")
    path = tmp_path_factory.mktemp("share") / "log"
    path.write_bytes(data)
    found = []
    for start in range(0, max(len(data), 1), share):
        with path.open("rb") as file:
            found += [b for b, _ in blocks(file, start, min(start + share, len(data)))]
    assert b"".join(found) == data


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([b"age=1", b"race=asian face", b"GET /x%72ace", b"", b"q=%0A", b"ethnicity"]), max_size=12)
)
def test_the_sieve_finds_each_line_that_a_line_by_line_search_finds(rows):
    data = b"\n".join(rows)
    alone = [row for row in rows if row and sifted(row).candidates]
    assert [c for c in sifted(data).candidates if c] == alone


def test_many_processes_count_the_same(tmp_path, monkeypatch):
    from untag.evidence.usage import counting

    path = log(tmp_path, lines(CLEAN, ASKED, RECEIVED, *NEUTRAL) * 50)
    one = count([path], key=b"", jobs=1)
    monkeypatch.setattr(counting, "SHARE", 1000)
    many = count([path], key=b"", jobs=2)
    assert many.rows == one.rows
    assert (many.calls, many.size, many.dirty) == (one.calls, one.size, one.dirty)


def test_mapping_files(tmp_path):
    file = tmp_path / "m.toml"
    file.write_text('preset = "json"\n[fields]\nclient = "auth.key"\nurl = ["target"]\n', "utf-8")
    mapping = load_mapping(file)
    call = Parser(mapping).call(b'{"auth": {"key": "zeta"}, "target": "/v1/detect?face_field=race"}')
    assert (call.client, call.path, call.query) == ("zeta", "/v1/detect", "face_field=race")
    for text in (
        "x = 1\n",
        'format = "xml"\n',
        "[fields]\nwho = 'a'\n",
        "[fields]\nclient = 1\n",
        "= 1",
        "fields = 1\n",
    ):
        file.write_text(text, "utf-8")
        with pytest.raises(ConfigError):
            load_mapping(file)
    with pytest.raises(UsageError, match="unknown preset"):
        preset("iis")
    assert len(PRESETS) >= 8


def test_a_log_in_utf_16_is_told(tmp_path):
    with pytest.raises(UsageError, match="iconv"):
        count([log(tmp_path, lines(ASKED).encode("utf-16"))], jobs=1)


def test_unknown_logs(tmp_path):
    with pytest.raises(SourceError):
        count([tmp_path / "none"])
    with pytest.raises(UsageError, match="no format"):
        recognised(b"hello world\nfoo bar\n", tmp_path)


def test_moments():
    assert moment("02/Mar/2026:05:04:05 +0200") == "2026-03-02T03:04:05Z"
    assert moment("1772420645") == moment("1772420645000") == "2026-03-02T03:04:05Z"
    assert moment("yesterday") == moment("") == moment("12:30") == ""


def untag(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "untag", "usage", *words], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_program(tmp_path):
    log(tmp_path, lines(CLEAN, ASKED, RECEIVED, *NEUTRAL), "a.jsonl")
    log(tmp_path, lines(CLEAN, *NEUTRAL), "clean.jsonl")
    done = untag("a.jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert "asked race" in done.stdout
    assert "zeta" not in done.stdout
    assert untag("clean.jsonl", cwd=tmp_path).returncode == 0
    table = json.loads(untag("a.jsonl", "--json", "--show-clients", cwd=tmp_path).stdout)
    assert table["schema"] == "untag/usage/v1"
    assert {row["client"] for row in table["rows"]} == {"zeta"}
    assert table["rows"][0]["share"] == pytest.approx(1 / 8)
    (tmp_path / "key").write_bytes(os.urandom(32).hex().encode())
    one = untag("a.jsonl", "--csv", "--key-file", "key", cwd=tmp_path).stdout
    assert one == untag("a.jsonl", "--csv", "--key-file", "key", cwd=tmp_path).stdout
    assert untag("none.log", cwd=tmp_path).returncode == 2
    (tmp_path / "short").write_bytes(b"x")
    assert untag("a.jsonl", "--key-file", "short", cwd=tmp_path).returncode == 2
    log(tmp_path, "", "empty.log")
    assert untag("empty.log", cwd=tmp_path).returncode == 3
