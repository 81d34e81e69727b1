"""Signing without a key, as a user does it: `untag attest --keyless` against an instance of Sigstore on loopback."""

import base64
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

pytest.importorskip("sigstore", reason="the extra `keyless` is not installed")

from sigstore_server import config, jwt, served
from sigstore_world import ISSUER, WHO, World

from untag.errors import UsageError
from untag.evidence import keyless
from untag.evidence.envelope import PAYLOAD
from untag.evidence.statement import AttestError, canonical, statement
from untag.evidence.verify import now_utc
from untag.scan import scan

CLEAN = "class FaceObject:\n    age: int\n    gender: str\n"


def run(*words, cwd):
    quiet = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=60, env=quiet
    )


@pytest.fixture
def desk(tmp_path):
    """A folder with a file, a token, and a world whose instance is not served yet."""
    (tmp_path / "face.py").write_text(CLEAN, "utf-8")
    (tmp_path / "token").write_text(jwt() + "\n", "utf-8")
    return SimpleNamespace(folder=tmp_path, world=World())


def told(desk, server):
    (desk.folder / "config.json").write_text(json.dumps(config(desk.world, server.url)), "utf-8")
    (desk.folder / "root.json").write_text(json.dumps(desk.world.trusted_root()), "utf-8")
    return ("--keyless", "--identity-token", "token", "--trust-config", "config.json")


def test_what_is_signed_is_verified_here_and_by_others(desk):
    with served(desk.world) as server:
        done = run("untag", "attest", "face.py", *told(desk, server), "-o", "a.sigstore.json", cwd=desk.folder)
        assert done.returncode == 0, done.stderr
        assert [path for path, _ in server.asked] == ["/api/v2/signingCert", "/api/v1/log/entries"]
    assert "public log for ever" in done.stderr
    assert f"--identity {WHO} --issuer {ISSUER}" in done.stderr
    # from here on nothing is served: verification asks nobody
    table = json.loads((desk.folder / "a.sigstore.json").read_text("utf-8"))
    assert table["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert table["dsseEnvelope"]["payloadType"] == PAYLOAD
    trusted = ("--identity", WHO, "--issuer", ISSUER, "--trusted-root", "root.json")
    done = run("untag", "verify", "a.sigstore.json", "face.py", *trusted, "--rescan", cwd=desk.folder)
    assert done.returncode == 0, done.stderr
    assert f"{WHO}, vouched for by {ISSUER}" in done.stdout
    done = run("untag", "verify", "a.sigstore.json", "face.py", "--identity", "x", *trusted[2:], cwd=desk.folder)
    assert (done.returncode, "step 2 signatures" in done.stderr) == (1, True)
    # the library's own program takes it, and compares the file with the statement's subject
    words = ("sigstore", "--trust-config", "config.json", "verify", "identity", "--offline", "--bundle")
    words = (*words, "a.sigstore.json", "--cert-identity", WHO, "--cert-oidc-issuer", ISSUER)
    done = run(*words, "face.py", cwd=desk.folder)
    assert (done.returncode, "OK" in done.stderr + done.stdout) == (0, True), done.stderr
    (desk.folder / "other.py").write_text(CLEAN + "\n", "utf-8")
    assert run(*words, "other.py", cwd=desk.folder).returncode != 0


def of_another_key(desk):
    """The certificate of another key: whoever holds that one could sign in our name."""

    def spoil(name, answer):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        if name == "authority":
            made = desk.world.certificate(ec.generate_private_key(ec.SECP256R1()).public_key())
            text = made.public_bytes(serialization.Encoding.PEM).decode()
            answer["signedCertificateEmbeddedSct"]["chain"]["certificates"][0] = text
        return answer

    return spoil


def with_a_wrong(field, change):
    def of(_desk):
        def spoil(name, answer):
            if name == "log":
                (one,) = answer.values()
                *way, last = field
                for step in way:
                    one = one[step]
                one[last] = change(one[last])
            return answer

        return spoil

    return of


def status(service, number):
    return lambda _desk: lambda name, answer: number if name == service else answer


def flipped(text):
    raw = bytearray(base64.b64decode(text))
    raw[-1] ^= 1
    return base64.b64encode(bytes(raw)).decode()


FAULTS = {
    "authority refuses": (status("authority", 403), "did not sign"),
    "authority is broken": (status("authority", 500), "did not sign"),
    "log refuses": (status("log", 400), "did not sign"),
    "authority answers anything": (lambda _d: lambda n, a: {"x": 1} if n == "authority" else a, "did not sign"),
    "log answers anything": (lambda _d: lambda n, a: {"x": 1} if n == "log" else a, "did not sign"),
    "log answers a list": (lambda _d: lambda n, a: [] if n == "log" else a, "did not sign"),
    "certificate of another key": (of_another_key, "does not verify"),
    "another time": (with_a_wrong(("integratedTime",), lambda t: t + 9999), "does not verify"),
    "promise bit": (with_a_wrong(("verification", "signedEntryTimestamp"), flipped), "does not verify"),
    "body bit": (with_a_wrong(("body",), flipped), "did not sign|does not verify"),
    "root hash": (with_a_wrong(("verification", "inclusionProof", "rootHash"), lambda _h: "00" * 32), "not verify"),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_an_instance_that_answers_wrongly_makes_no_attestation(desk, name, capsys, monkeypatch):
    import re

    from untag.cli import main

    make, words = FAULTS[name]
    monkeypatch.chdir(desk.folder)
    with served(desk.world, make(desk)) as server:
        assert main(["attest", "face.py", *told(desk, server), "-o", "a.json"]) == 2
    said = capsys.readouterr().err
    assert re.search(words, said), said
    assert "Traceback" not in said
    assert not (desk.folder / "a.json").exists()


def test_an_instance_that_is_not_there(desk):
    with served(desk.world) as server:
        words = told(desk, server)
    done = run("untag", "attest", "face.py", *words, "-o", "a.json", cwd=desk.folder)
    assert done.returncode == 2
    assert "Sigstore did not sign" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (desk.folder / "a.json").exists()


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("\n", "is empty"),
        ("no token", "no identity"),
        (jwt(exp=1), "no identity"),
        (jwt(aud="other"), "no identity"),
        ("a.b.c", "no identity"),
        ("\0", "no identity"),
    ],
)
def test_a_token_that_is_none(desk, token, words):
    import re

    (desk.folder / "token").write_text(token, "utf-8")
    with served(desk.world) as server:
        done = run("untag", "attest", "face.py", *told(desk, server), "-o", "a.json", cwd=desk.folder)
        assert server.asked == []
    assert done.returncode == 2
    assert re.search(words, done.stderr), done.stderr
    assert "Traceback" not in done.stderr


def test_signing_fails_with_a_sentence(tmp_path):
    for text in (None, "{}", "[]", "", '{"mediaType": 1}'):
        path = tmp_path / "config.json"
        if text is not None:
            path.write_text(text, "utf-8")
        with pytest.raises(AttestError, match="cannot be asked"):
            keyless.instance(path)

    class Broken:
        def signer(self, _identity):
            raise OSError("unreachable")

    broken = keyless.Instance(Broken(), None, "")
    (tmp_path / "face.py").write_text(CLEAN, "utf-8")
    path = tmp_path / "face.py"
    payload = canonical(statement(scan(str(path)), [path], made=now_utc()))
    with pytest.raises(AttestError, match="did not sign"):
        keyless.sealed(payload, broken, None)
    with pytest.raises(UsageError, match="does not take"):
        keyless.sealed(b"{}", broken, None)
