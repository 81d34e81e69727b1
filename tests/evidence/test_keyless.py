"""Keyless attestations: Sigstore bundles made in memory are verified offline, and everything else is refused."""

import base64
import copy
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("sigstore", reason="the extra `keyless` is not installed")

from sigstore_world import ISSUER, WHO, World, b64

from untag.errors import UsageError
from untag.evidence import keyless
from untag.evidence.envelope import seal
from untag.evidence.keyless import Signer
from untag.evidence.statement import canonical, statement
from untag.evidence.verify import Demands, StepError, verify
from untag.scan import scan

NOW = datetime.now(UTC).replace(microsecond=0)
CLEAN = "class FaceObject:\n    age: int\n    gender: str\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A world, a file, its statement, and the root of trust on disk."""
    folder = tmp_path_factory.mktemp("keyless")
    file = folder / "face.py"
    file.write_text(CLEAN, "utf-8")
    world = World(NOW)
    root = folder / "root.json"
    root.write_text(json.dumps(world.trusted_root()), "utf-8")
    return SimpleNamespace(
        world=world, file=file, table=statement(scan(str(file)), [file], made=NOW), root=root, folder=folder
    )


def bundle(made, table=None, **how):
    return made.world.bundle(canonical(table or made.table), **how)


def check(made, table, *, who=WHO, issuer=ISSUER, root=None, **more):
    data = table if isinstance(table, bytes) else json.dumps(table).encode()
    demands = Demands(keys=(), signer=Signer(who, issuer, root or made.root), **more)
    return verify(data, [made.file], demands, NOW + timedelta(minutes=1))


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Verification opens no connection: one that is tried fails the test."""
    import socket

    def refuse(*_args, **_how):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_a_bundle_holds_offline(made):
    verified = check(made, bundle(made))
    assert verified.signers == (f"{WHO}, vouched for by {ISSUER}",)
    assert [name[0] for name, _ in verified.steps] == list("123456789")
    assert "Sigstore bundle" in verified.steps[0][1]


def test_zeros_may_be_left_out(made):
    """So do writers by Protocol Buffers: here all of the first entry's places are zero."""
    table = bundle(made)
    for part, name in (
        (entry(table), "logIndex"),
        *((entry(table)["inclusionProof"], n) for n in ("logIndex", "hashes")),
    ):
        del part[name]
    assert check(made, table).predicate["status"] == "clean"


def flipped(text, at=7):
    raw = bytearray(base64.b64decode(text))
    raw[at % len(raw)] ^= 1
    return b64(bytes(raw))


def entry(table):
    return table["verificationMaterial"]["tlogEntries"][0]


def changed(change):
    def of(made):
        table = bundle(made)
        change(table)
        return table

    return of


def swapped(part):
    """Take a part of another bundle of the same world: each holds alone, and they do not belong together."""

    def of(made):
        table, other = bundle(made), bundle(made)
        part(table, other)
        return table

    return of


def resigned(made):
    """An envelope that another key signed, under the certificate of the right person."""
    table = bundle(made)
    table["dsseEnvelope"] = World(NOW).bundle(canonical(made.table))["dsseEnvelope"]
    return table


def other_payload(made):
    """The envelope of another statement by the same signer, with the entry of ours."""
    mine = copy.deepcopy(made.table)
    mine["predicate"]["status"] = "clean"
    mine["predicate"]["made"] = "2026-01-01T00:00:00Z"
    table = bundle(made)
    table["dsseEnvelope"]["payload"] = b64(canonical(mine))
    return table


def set_(*path):
    *way, last, value = path

    def change(table):
        for step in way:
            table = table[step]
        table[last] = value

    return changed(change)


MATERIAL = "verificationMaterial"
TAMPERINGS = {
    "payload bit": (
        changed(lambda t: t["dsseEnvelope"].update(payload=flipped(t["dsseEnvelope"]["payload"]))),
        "2",
        "invalid signature",
    ),
    "signature bit": (
        changed(
            lambda t: t["dsseEnvelope"]["signatures"][0].update(
                sig=flipped(t["dsseEnvelope"]["signatures"][0]["sig"], 20)
            )
        ),
        "2",
        "invalid signature",
    ),
    "another statement in the envelope": (other_payload, "2", "invalid signature"),
    "another key's envelope": (resigned, "2", "invalid signature"),
    "another instance": (lambda m: World(NOW).bundle(canonical(m.table)), "2", "chain"),
    "another person": (lambda m: bundle(m, who="somebody@example.org"), "2", "do not match"),
    "another issuer": (lambda m: bundle(m, issuer="https://evil.example.org"), "2", "OIDCIssuer"),
    "a person like ours": (lambda m: bundle(m, who="x" + WHO), "2", "do not match"),
    "no entry in the log of certificates": (lambda m: bundle(m, stamped=False), "2", "timestamp"),
    "signed after the certificate's end": (lambda m: bundle(m, moment=NOW + timedelta(days=2)), "2", "chain|expired"),
    "signed before the certificate": (lambda m: bundle(m, moment=NOW - timedelta(days=2)), "2", "chain|expired"),
    "certificate bit": (
        changed(
            lambda t: t[MATERIAL]["certificate"].update(rawBytes=flipped(t[MATERIAL]["certificate"]["rawBytes"], -9))
        ),
        "2",
        "does not verify",
    ),
    "certificate of another bundle": (
        swapped(lambda t, o: t[MATERIAL].update(certificate=o[MATERIAL]["certificate"])),
        "2",
        "does not verify",
    ),
    "entry of another bundle": (
        swapped(lambda t, o: t[MATERIAL].update(tlogEntries=o[MATERIAL]["tlogEntries"])),
        "2",
        "log entry",
    ),
    "no entry": (set_(MATERIAL, "tlogEntries", []), "2", "exactly one log entry"),
    "two entries": (changed(lambda t: t[MATERIAL]["tlogEntries"].append(entry(t))), "2", "exactly one log entry"),
    "no proof": (changed(lambda t: entry(t).pop("inclusionProof")), "2", "does not verify"),
    "no checkpoint": (changed(lambda t: entry(t)["inclusionProof"].pop("checkpoint")), "2", "does not verify"),
    "root hash bit": (
        changed(lambda t: entry(t)["inclusionProof"].update(rootHash=flipped(entry(t)["inclusionProof"]["rootHash"]))),
        "2",
        "log entry",
    ),
    "checkpoint of another log": (
        lambda m: _checkpoint(m, World(NOW)),
        "2",
        "checkpoint|log entry",
    ),
    "promise bit": (
        changed(
            lambda t: entry(t)["inclusionPromise"].update(
                signedEntryTimestamp=flipped(entry(t)["inclusionPromise"]["signedEntryTimestamp"], 20)
            )
        ),
        "2",
        "SET|promise",
    ),
    "no promise": (changed(lambda t: entry(t).pop("inclusionPromise")), "2", "does not verify"),
    "another time": (
        changed(lambda t: entry(t).update(integratedTime=str(int(entry(t)["integratedTime"]) + 60))),
        "2",
        "SET|promise",
    ),
    "body bit": (
        changed(lambda t: entry(t).update(canonicalizedBody=flipped(entry(t)["canonicalizedBody"]))),
        "2",
        "does not verify",
    ),
    "kind of entry": (
        set_(MATERIAL, "tlogEntries", 0, "kindVersion", {"kind": "intoto", "version": "0.0.2"}),
        "2",
        "does not verify",
    ),
    "wrong payload type": (lambda m: m.world.bundle(canonical(m.table), "text/plain"), "1", "of type 'text/plain'"),
    "unknown field": (changed(lambda t: t.update(note="x")), "1", "unknown field 'note'"),
    "unknown field inside": (changed(lambda t: t[MATERIAL].update(note="x")), "2", "does not verify"),
    "unknown field in the envelope": (changed(lambda t: t["dsseEnvelope"].update(note="x")), "1", "unknown field"),
    "no envelope": (changed(lambda t: t.pop("dsseEnvelope")), "1", "lacks its field"),
    "envelope no object": (changed(lambda t: t.update(dsseEnvelope="x")), "1", "no object"),
    "material no object": (changed(lambda t: t.update(verificationMaterial=[])), "1", "no object"),
    "entries no list": (set_(MATERIAL, "tlogEntries", 7), "2", "does not verify"),
    "entry no object": (set_(MATERIAL, "tlogEntries", [7]), "2", "does not verify"),
    "proof no object": (set_(MATERIAL, "tlogEntries", 0, "inclusionProof", 7), "2", "does not verify"),
    "message in place of an envelope": (
        changed(lambda t: t.update(messageSignature=t.pop("dsseEnvelope"))),
        "1",
        "unknown field",
    ),
    "older form": (
        changed(lambda t: t.update(mediaType="application/vnd.dev.sigstore.bundle+json;version=0.1")),
        "1",
        "of type",
    ),
    "no form": (changed(lambda t: t.update(mediaType=None)), "1", "of type"),
    "two signatures": (changed(lambda t: t["dsseEnvelope"]["signatures"].append({"sig": "AAAA"})), "1", "2 signatures"),
    "no signature": (changed(lambda t: t["dsseEnvelope"].update(signatures=[])), "1", "0 signatures"),
    "empty signature": (changed(lambda t: t["dsseEnvelope"]["signatures"][0].update(sig="")), "2", "does not verify"),
    "a public key in place of a certificate": (
        changed(lambda t: t[MATERIAL].update(publicKey={"hint": "x"}, certificate=None)),
        "2",
        "does not verify",
    ),
    "truncated": (lambda m: json.dumps(bundle(m)).encode()[:-40], "1", "truncated"),
    "a field twice": (
        lambda m: json.dumps(bundle(m)).replace('"mediaType"', '"mediaType": "x", "mediaType"').encode(),
        "1",
        "twice",
    ),
    "a bare envelope": (lambda m: bundle(m)["dsseEnvelope"], "1", "no Sigstore bundle"),
    "another predicate": (
        lambda m: bundle(m, {**m.table, "predicateType": "https://slsa.dev/provenance/v1"}),
        "3",
        "this version knows",
    ),
    "another file": (
        lambda m: bundle(m, {**m.table, "subject": [{"name": "b", "digest": {"sha256": "0" * 64}}]}),
        "4",
        "not what was attested",
    ),
}


def _checkpoint(made, other):
    table = bundle(made)
    foreign = other.bundle(canonical(made.table))
    entry(table)["inclusionProof"]["checkpoint"] = entry(foreign)["inclusionProof"]["checkpoint"]
    return table


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
def test_a_tampering_is_refused(made, name):
    change, step, words = TAMPERINGS[name]
    with pytest.raises(StepError, match=words) as refused:
        check(made, change(made))
    assert refused.value.step.startswith(step), str(refused.value)


def test_whose_signature_must_be_said(made):
    table = bundle(made)
    for how in ({"who": ""}, {"issuer": ""}, {"threshold": 2}, {"who": "*"}, {"who": ".*@example.org"}):
        with pytest.raises(StepError) as refused:
            check(made, table, **how)
        assert refused.value.step.startswith("2")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    data = json.dumps(table).encode()
    with pytest.raises(StepError, match="--identity"):
        verify(data, [made.file], Demands(keys=(key.public_key(),)), NOW)
    with pytest.raises(StepError, match="no Sigstore bundle"):
        check(made, seal(canonical(made.table), [key]).encode())


def test_without_a_root_nothing_is_trusted(made, tmp_path):
    table = bundle(made)
    for name, text in {
        "none.json": None,
        "empty.json": "",
        "list.json": "[]",
        "other.json": '{"mediaType": "x"}',
    }.items():
        path = tmp_path / name
        if text is not None:
            path.write_text(text, "utf-8")
        with pytest.raises(StepError, match="no root of trust") as refused:
            check(made, table, root=path)
        assert refused.value.step.startswith("2")
    for part in ("tlogs", "certificateAuthorities", "ctlogs"):
        root = made.world.trusted_root()
        root[part] = []
        path = tmp_path / "part.json"
        path.write_text(json.dumps(root), "utf-8")
        with pytest.raises(StepError) as refused:
            check(made, table, root=path)
        assert refused.value.step.startswith("2")


def test_the_root_that_the_library_brings_trusts_no_other_instance(made):
    data = json.dumps(bundle(made)).encode()
    demands = Demands(keys=(), signer=Signer(WHO, ISSUER))
    with pytest.raises(StepError, match="does not verify") as refused:
        verify(data, [made.file], demands, NOW)
    assert refused.value.step.startswith("2")


def test_without_the_library_it_says_what_to_install(made, monkeypatch):
    table = bundle(made)
    monkeypatch.setattr(keyless, "import_module", lambda _name: (_ for _ in ()).throw(ImportError()))
    with pytest.raises(UsageError, match=r"pip install 'untag\[keyless\]'"):
        check(made, table)


def untag(*words, cwd):
    return subprocess.run([sys.executable, "-m", "untag", *words], cwd=cwd, capture_output=True, text=True, check=False)


def test_wrong_calls(made, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(bundle(made)), "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.py").write_text(CLEAN, "utf-8")
    file = str(made.file)
    for words in (
        ("verify", "a.json", file, "--identity", WHO),
        ("verify", "a.json", file, "--issuer", ISSUER),
        ("verify", "a.json", file, "--identity", WHO, "--issuer", ISSUER, "--threshold", "2"),
        ("verify", "a.json", file, "--identity", WHO, "--issuer", ISSUER, "--key", "k"),
        ("verify", "a.json", file),
        ("attest", file, "--keyless", "--key", "k"),
        ("attest", file, "--keyless", "--format", "cyclonedx"),
        ("attest", file, "--key", "k", "--identity-token", "t"),
        ("attest", file, "--keyless", "--identity-token", "none"),
        ("attest", "folder", "--keyless"),
    ):
        done = untag(*words, cwd=tmp_path)
        assert done.returncode == 2, (words, done.stderr)
        assert "Traceback" not in done.stderr
    done = untag(
        *("verify", "a.json", file, "--identity", WHO, "--issuer", ISSUER, "--trusted-root", str(made.root)),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert Path(tmp_path / "a.json").exists()
