"""Attestations: what holds, and that each tampering is refused at its own step with its own message."""

import base64
import copy
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("cryptography")

from untag import scan
from untag.errors import UsageError
from untag.evidence import envelope
from untag.evidence.envelope import PAYLOAD, encoding, seal
from untag.evidence.statement import canonical, statement
from untag.evidence.verify import Demands, StepError, verify

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CLEAN = "class FaceObject {\n  int age;\n  int gender;\n}\n"
DIRTY = "public class FaceObject {\n  private Integer genderCode;\n  private String ethicCode; // 民族\n}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Keys, a file, and its attestation."""
    folder = tmp_path_factory.mktemp("attest")
    file = folder / "Face.java"
    file.write_text(CLEAN, "utf-8")
    keys = {}
    for name in ("vendor", "auditor", "stranger"):
        envelope.new_key(folder / name)
        keys[name] = (envelope.load_private(folder / name), envelope.load_public(folder / f"{name}.pub"))
    report = scan(str(file))
    table = statement(report, [file], made=NOW, expires=NOW + timedelta(days=30), options=("--no-gitignore",))
    return folder, file, keys, table


def sealed(made, table=None, signers=("vendor",), kind=PAYLOAD):
    _, _, keys, own = made
    payload = canonical(table or own)
    rows = []
    for name in signers:
        private, public = keys[name]
        signature = private.sign(encoding(kind, payload))
        rows.append({"keyid": envelope.key_id(public), "sig": base64.b64encode(signature).decode()})
    return {"payload": base64.b64encode(payload).decode(), "payloadType": kind, "signatures": rows}


def demands(made, *names, **more):
    return Demands(keys=tuple(made[2][name][1] for name in names or ("vendor",)), **more)


def check(made, table, *names, now=NOW, subjects=None, **more):
    data = table if isinstance(table, bytes) else json.dumps(table).encode()
    return verify(data, subjects or [made[1]], demands(made, *names, **more), now)


def test_it_holds(made):
    verified = check(made, sealed(made))
    assert verified.predicate["status"] == "clean"
    assert verified.steps[0][0] == "1 envelope"
    assert len(verified.steps) == 9
    check(made, sealed(made, signers=("vendor", "auditor")), "vendor", "auditor", threshold=2)
    check(made, seal(canonical(made[3]), [made[2]["vendor"][0]]).encode())


def flipped(text, at=10):
    raw = bytearray(base64.b64decode(text))
    raw[at] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def tampered(change):
    def of(made):
        table = sealed(made)
        change(table)
        return table

    return of


def restated(change, **how):
    """Change the statement and sign it anew: what a dishonest signer could send."""

    def of(made):
        table = copy.deepcopy(made[3])
        change(table)
        return sealed(made, table, **how)

    return of


def predicated(change, **how):
    return restated(lambda table: change(table["predicate"]), **how)


def doubled(made):
    table = sealed(made)
    text = json.dumps(table)
    return text.replace('"payloadType"', '"payloadType": "x", "payloadType"', 1).encode()


TAMPERINGS = {
    "payload bit": (tampered(lambda t: t.update(payload=flipped(t["payload"]))), "2", "does not fit"),
    "signature bit": (
        tampered(lambda t: t["signatures"][0].update(sig=flipped(t["signatures"][0]["sig"]))),
        "2",
        "does not fit",
    ),
    "key id bit": (tampered(lambda t: t["signatures"][0].update(keyid="0" * 64)), "2", "not trusted"),
    "other key under this id": (
        lambda m: {
            **sealed(m),
            "signatures": [
                {**sealed(m, signers=("stranger",))["signatures"][0], "keyid": sealed(m)["signatures"][0]["keyid"]}
            ],
        },
        "2",
        "does not fit",
    ),
    "stranger's signature": (lambda m: sealed(m, signers=("stranger",)), "2", "not trusted"),
    "stranger's signature beside ours": (lambda m: sealed(m, signers=("vendor", "stranger")), "2", "not trusted"),
    "same key twice": (lambda m: sealed(m, signers=("vendor", "vendor")), "2", "second one"),
    "no signature": (tampered(lambda t: t.update(signatures=[])), "1", "0 signatures"),
    "many signatures": (tampered(lambda t: t.update(signatures=t["signatures"] * 65)), "1", "65 signatures"),
    "empty signature": (tampered(lambda t: t["signatures"][0].update(sig="")), "2", "does not fit"),
    "signature no base64": (tampered(lambda t: t["signatures"][0].update(sig="***")), "1", "no base64"),
    "payload no base64": (tampered(lambda t: t.update(payload=t["payload"] + "!")), "1", "no base64"),
    "payload other base64": (tampered(lambda t: t.update(payload=t["payload"].rstrip("=") + "=====")), "1", "base64"),
    "payload empty": (tampered(lambda t: t.update(payload="")), "2", "does not fit"),
    "wrong payload type": (tampered(lambda t: t.update(payloadType="text/plain")), "1", "of type 'text/plain'"),
    "signed for another type": (
        lambda m: {**sealed(m, kind="text/plain"), "payloadType": PAYLOAD},
        "2",
        "another type",
    ),
    "unknown field in the envelope": (tampered(lambda t: t.update(extra=1)), "1", "unknown field 'extra'"),
    "unknown field in a signature": (
        tampered(lambda t: t["signatures"][0].update(cert="x")),
        "1",
        "unknown field 'cert'",
    ),
    "missing field": (tampered(lambda t: t.pop("payloadType")), "1", "lacks its field"),
    "signatures no list": (tampered(lambda t: t.update(signatures={})), "1", "wrong type"),
    "signature no object": (tampered(lambda t: t.update(signatures=["x"])), "1", "no object"),
    "truncated": (lambda m: json.dumps(sealed(m)).encode()[:-30], "1", "truncated"),
    "empty": (lambda _: b"", "1", "truncated"),
    "a list": (lambda _: b"[]", "1", "no JSON object"),
    "a field twice": (doubled, "1", "field twice"),
    "NaN": (lambda _: b'{"payload": NaN}', "1", "NaN"),
    "not UTF-8": (lambda m: b"\xff" + json.dumps(sealed(m)).encode(), "1", "no whole JSON"),
    "two documents": (lambda m: json.dumps(sealed(m)).encode() * 2, "1", "no whole JSON"),
    "statement of another type": (
        restated(lambda t: t.update(_type="https://in-toto.io/Statement/v0.1")),
        "3",
        "it is no",
    ),
    "other predicate version": (
        restated(lambda t: t.update(predicateType="urn:untag:attestation:scan:v2")),
        "3",
        "this version knows",
    ),
    "unknown field in the statement": (restated(lambda t: t.update(note="x")), "3", "unknown fields"),
    "unknown field in the predicate": (predicated(lambda p: p.update(trust="me")), "3", "unknown fields"),
    "predicate lacks a field": (predicated(lambda p: p.pop("gaps")), "3", "lacks one"),
    "status of no kind": (predicated(lambda p: p.update(status="spotless")), "3", "form"),
    "counts as text": (predicated(lambda p: p["coverage"].update(unread="0")), "3", "form"),
    "no subject": (restated(lambda t: t.update(subject=[])), "4", "about nothing"),
    "subject without digest": (restated(lambda t: t["subject"][0].update(digest={})), "4", "about nothing"),
    "other subject": (
        restated(lambda t: t["subject"][0]["digest"].update(sha256="0" * 64)),
        "4",
        "not what was attested",
    ),
    "further subject": (
        restated(lambda t: t["subject"].append({"name": "b", "digest": {"sha256": "0" * 64}})),
        "4",
        "not in hand",
    ),
    "older policy": (predicated(lambda p: p["policy"].update(sha256="0" * 64)), "5", "other content"),
    "unknown policy": (predicated(lambda p: p["policy"].update(id="my-own")), "5", "does not know"),
    "expired": (predicated(lambda p: p.update(expires="2026-11-01T00:00:00Z")), "6", "expired"),
    "from the future": (predicated(lambda p: p.update(made="2027-11-01T00:00:00Z")), "6", "yet to come"),
    "too old": (predicated(lambda p: p.update(made="2020-11-01T00:00:00Z")), "6", "days ago"),
    "no date": (predicated(lambda p: p.update(made="yesterday")), "6", "no moment"),
    "unread parts": (predicated(lambda p: p["coverage"].update(unread=2)), "7", "not read"),
    "hiding gaps": (predicated(lambda p: p["gaps"].update(hiding=1)), "7", "not read"),
    "nothing read": (predicated(lambda p: p["coverage"].update(parsed=0, bytes_only=0)), "7", "nothing was read"),
    "blocked": (predicated(lambda p: p.update(status="blocked")), "8", "status is blocked"),
    "clean with findings": (
        predicated(
            lambda p: p.update(findings=[{"action": "block", "operation": "infers", "attribute": "race", "count": 1}])
        ),
        "8",
        "calls itself clean",
    ),
}


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
def test_a_tampering_is_refused(made, name):
    change, step, words = TAMPERINGS[name]
    with pytest.raises(StepError, match=words) as refused:
        check(made, change(made))
    assert refused.value.step.startswith(step)


def test_there_are_enough_tamperings():
    assert len(TAMPERINGS) >= 30


def test_every_bit_of_the_payload_counts(made):
    table = sealed(made)
    size = len(base64.b64decode(table["payload"]))
    for at in range(0, size, max(size // 60, 1)):
        with pytest.raises(StepError):
            check(made, {**table, "payload": flipped(table["payload"], at)})


def test_replay_for_another_file(made):
    other = made[0] / "Other.java"
    other.write_text(DIRTY, "utf-8")
    with pytest.raises(StepError, match="not what was attested"):
        check(made, sealed(made), subjects=[other])
    with pytest.raises(StepError, match="name what"):
        verify(json.dumps(sealed(made)).encode(), [], demands(made), NOW)


def test_threshold_and_no_keys(made):
    with pytest.raises(StepError, match="2 are asked for"):
        check(made, sealed(made), "vendor", "auditor", threshold=2)
    with pytest.raises(StepError, match="no trusted key"):
        verify(json.dumps(sealed(made)).encode(), [made[1]], Demands(keys=()), NOW)
    with pytest.raises(StepError, match="threshold"):
        check(made, sealed(made), threshold=0)


def test_a_milder_policy_is_refused(made):
    folder, file, _, _ = made
    mild = statement(scan(str(file), policy="eu-ai-act-5-1-g"), [file], made=NOW)
    with pytest.raises(StepError, match="weaker than untag-core") as refused:
        check(made, sealed(made, mild))
    assert refused.value.step.startswith("5")
    check(made, sealed(made, mild), policy="eu-ai-act-5-1-g")
    assert folder


def test_lexicon_and_waivers_can_be_asked_for(made):
    with pytest.raises(StepError, match="older than 9999"):
        check(made, sealed(made), min_lexicon="9999")
    waived = predicated(lambda p: p.update(waivers=["because"]))(made)
    check(made, waived)
    with pytest.raises(StepError, match="waivers"):
        check(made, waived, allow_waivers=False)


def test_a_scan_made_anew_must_give_the_same(made):
    check(made, sealed(made), rescan=lambda _: scan(str(made[1])))
    dirty = made[0] / "Dirty.java"
    dirty.write_text(DIRTY, "utf-8")
    with pytest.raises(StepError, match="another result") as refused:
        check(made, sealed(made), rescan=lambda _: scan(str(dirty)))
    assert refused.value.step.startswith("9")


def test_a_folder_is_digested_name_by_name(made, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("1", "utf-8")
    one = statement(scan(str(tmp_path)), [tmp_path], made=NOW)
    assert "dirHash" in one["subject"][0]["digest"]
    check(made, sealed(made, one), subjects=[tmp_path])
    (tmp_path / "a" / "x.txt").rename(tmp_path / "a" / "y.txt")
    with pytest.raises(StepError, match="not what was attested"):
        check(made, sealed(made, one), subjects=[tmp_path])
    (tmp_path / "a" / "z").symlink_to("y.txt")
    with pytest.raises(UsageError, match="link"):
        statement(scan(str(tmp_path)), [tmp_path], made=NOW)


def test_the_go_sum_of_a_folder(tmp_path):
    """The value of Go's dirhash.Hash1 for a folder of two known files."""
    import hashlib

    from untag.evidence.statement import digest_of

    (tmp_path / "b").write_bytes(b"two")
    (tmp_path / "a").write_bytes(b"one")
    rows = "".join(f"{hashlib.sha256(t).hexdigest()}  {n}\n" for n, t in (("a", b"one"), ("b", b"two")))
    assert digest_of(tmp_path) == {"dirHash": hashlib.sha256(rows.encode()).hexdigest()}


def test_a_third_party_verifies_ours(made):
    dsse = pytest.importorskip("securesystemslib.dsse")
    signer = pytest.importorskip("securesystemslib.signer")
    theirs = dsse.Envelope.from_dict(sealed(made))
    pem = (made[0] / "vendor.pub").read_text("ascii")
    name = sealed(made)["signatures"][0]["keyid"]
    key = signer.SSlibKey(name, "ed25519", "ed25519", {"public": made[2]["vendor"][1].public_bytes_raw().hex()})
    assert pem
    assert theirs.verify([key], 1)


def test_we_verify_a_third_partys(made):
    pytest.importorskip("securesystemslib.dsse")
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner

    private, public = made[2]["vendor"]
    signer = CryptoSigner(private)
    theirs = Envelope(canonical(made[3]), PAYLOAD, {})
    theirs.sign(signer)
    table = theirs.to_dict()
    # each library names keys in its own way: the one who verifies maps the name to the key
    for row in table["signatures"]:
        row["keyid"] = envelope.key_id(public)
    check(made, table)


def test_an_in_toto_library_reads_our_statement(made):
    pytest.importorskip("in_toto_attestation")
    from google.protobuf import json_format
    from in_toto_attestation.v1 import statement_pb2
    from in_toto_attestation.v1.statement import Statement

    proto = json_format.ParseDict(made[3], statement_pb2.Statement())
    Statement.copy_from_pb(proto).validate()


def test_keys(tmp_path):
    envelope.new_key(tmp_path / "k")
    assert (tmp_path / "k").stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="new file"):
        envelope.new_key(tmp_path / "k")
    with pytest.raises(UsageError, match="no private key"):
        envelope.load_private(tmp_path / "k.pub")
    with pytest.raises(UsageError, match="no public key"):
        envelope.load_public(tmp_path / "k")
    with pytest.raises(UsageError, match="cannot read"):
        envelope.load_public(tmp_path / "none")


def test_cyclonedx(made):
    from untag.evidence.cyclonedx import bill

    table = json.loads(bill(made[3], [made[1]]))
    assert table["specVersion"] == "1.6"
    properties = {row["name"]: row["value"] for row in table["components"][0]["properties"]}
    assert properties["untag:status"] == "clean"
    assert all(isinstance(value, str) for value in properties.values())
    validation = pytest.importorskip("cyclonedx.validation.json", reason="cyclonedx-python-lib[validation]")
    from cyclonedx.schema import SchemaVersion

    assert validation.JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(table)) is None


def untag(*words, cwd):
    return subprocess.run([sys.executable, "-m", "untag", *words], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_program(tmp_path):
    (tmp_path / "Face.java").write_text(CLEAN, "utf-8")
    (tmp_path / "Dirty.java").write_text(DIRTY, "utf-8")
    assert untag("attest", "--new-key", "k", cwd=tmp_path).returncode == 0
    assert untag("attest", "Face.java", "--key", "k", "-o", "a.json", cwd=tmp_path).returncode == 0
    done = untag("verify", "a.json", "Face.java", "--key", "k.pub", "--rescan", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no finding that blocks in what was read" in done.stdout
    assert "does not profile" not in done.stdout
    assert untag("verify", "a.json", "Dirty.java", "--key", "k.pub", cwd=tmp_path).returncode == 1
    assert untag("verify", "a.json", "Face.java", cwd=tmp_path).returncode == 2
    assert untag("attest", "Dirty.java", "--key", "k", "-o", "b.json", cwd=tmp_path).returncode == 0
    bad = untag("verify", "b.json", "Dirty.java", "--key", "k.pub", cwd=tmp_path)
    assert bad.returncode == 1
    assert "step 8 status" in bad.stderr
    assert (
        untag("verify", "b.json", "Dirty.java", "--key", "k.pub", "--accept", "blocked", cwd=tmp_path).returncode == 0
    )
    assert untag("scan", "Face.java", "-f", "json", "-o", "r.json", cwd=tmp_path).returncode == 0
    assert untag("attest", "r.json", "--key", "k", cwd=tmp_path).returncode == 2
    # the report states what it is about: another file's name under it would be a false statement
    assert untag("scan", "Dirty.java", "-f", "json", "-o", "d.json", cwd=tmp_path).returncode == 1
    other = untag("attest", "d.json", "--subject", "Face.java", "--key", "k", cwd=tmp_path)
    assert other.returncode == 2
    assert "not what the report is about" in other.stderr
    edited = json.loads((tmp_path / "r.json").read_text("utf-8"))
    edited["coverage"]["unread"] = 3
    (tmp_path / "e.json").write_text(json.dumps(edited), "utf-8")
    # a report of another schema is no target: scanned as one, it would be attested or compared for its own words
    (tmp_path / "old.json").write_text(json.dumps(edited | {"schema": "untag/report/v0"}), "utf-8")
    for words in (("attest", "old.json", "--key", "k", "--subject", "Face.java"), ("compare", "old.json", "r.json")):
        old = untag(*words, cwd=tmp_path)
        assert (old.returncode, "untag/report/v1" in old.stderr) == (2, True), old.stderr
    assert untag("attest", "e.json", "--subject", "Face.java", "--key", "k", cwd=tmp_path).returncode == 2
    assert (
        untag("attest", "r.json", "--subject", "Face.java", "--key", "k", "-o", "c.json", cwd=tmp_path).returncode == 0
    )
    assert untag("verify", "c.json", "Face.java", "--key", "k.pub", cwd=tmp_path).returncode == 0
    unstated = untag("verify", "c.json", "Face.java", "--key", "k.pub", "--rescan", cwd=tmp_path)
    assert "step 9" in unstated.stderr
    shutil.rmtree(tmp_path)


def test_what_is_not_there(tmp_path):
    assert untag("attest", "--new-key", "k", cwd=tmp_path).returncode == 0
    done = untag("attest", "none.onnx", "--key", "k", cwd=tmp_path)
    assert done.returncode == 2
    assert "none.onnx" in done.stderr


@pytest.mark.registry
def test_a_package_is_attested_as_its_archive(tmp_path):
    name = "pypi:alibabacloud-vcs20200515==1.0.0"
    assert untag("attest", "--new-key", "k", cwd=tmp_path).returncode == 0
    done = untag("attest", name, "--key", "k", "-o", "a.json", cwd=tmp_path)
    if done.returncode and "cannot" in done.stderr:
        pytest.skip(f"no registry: {done.stderr}")
    assert done.returncode == 0, done.stderr
    payload = json.loads(base64.b64decode(json.loads((tmp_path / "a.json").read_text("utf-8"))["payload"]))
    assert payload["subject"][0]["name"].startswith("alibabacloud_vcs20200515-1.0.0")
    assert untag("verify", "a.json", name, "--key", "k.pub", "--rescan", cwd=tmp_path).returncode == 0
