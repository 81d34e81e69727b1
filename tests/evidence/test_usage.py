"""Usage from access logs: what counts, in which formats, and that nothing a log holds is shown."""

import gzip
import json
import os
import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.errors import ConfigError, SourceError, UsageError
from untag.evidence.usage import sieve
from untag.evidence.usage.calls import Parser, moment
from untag.evidence.usage.counting import count, pseudonym, recognised
from untag.evidence.usage.mapping import PRESETS, load_mapping, preset
from untag.evidence.usage.sieve import blocks, sifted

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
