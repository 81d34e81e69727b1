"""Sigstore as others have it: bundles that the public instance signed, and a stand-in and a verifier that are not ours.

The bundles come with the source of a package on PyPI, whose tests they are; npm has the stand-in. Neither is kept.
"""

import base64
import copy
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("sigstore", reason="the extra `keyless` is not installed")

from sigstore_server import jwt

from untag.errors import SourceError
from untag.evidence.keyless import Signer
from untag.evidence.verify import Demands, StepError, now_utc, verify
from untag.sources import SourceOptions
from untag.sources.pypi import fetch, listed

pytestmark = [
    pytest.mark.registry,
    pytest.mark.slow,
    pytest.mark.skipif(
        "UNTAG_TEST_REGISTRY" not in os.environ, reason="asks a registry: set UNTAG_TEST_REGISTRY=1 to run it"
    ),
]
PACKAGE = "pypi-attestations==0.0.30"
GITHUB = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/trailofbits/{}/.github/workflows/release.yml@refs/tags/{}"
CIRCLE = (
    "https://circleci.com/api/v2/projects/fdd9283f-e619-46af-8f9c-851f7d3e8b2b"
    "/pipeline-definitions/8e4f8ab2-8d7c-4827-9f15-de076d6d647f"
)
REAL = {
    "publish": (
        "pypi_attestations-0.0.19.tar.gz.publish.attestation",
        WORKFLOW.format("pypi-attestations", "v0.0.19"),
        GITHUB,
    ),
    "provenance": (
        "pypi_attestations-0.0.19.tar.gz.slsa.attestation",
        WORKFLOW.format("pypi-attestations", "v0.0.19"),
        GITHUB,
    ),
    "a bundle as it was signed": (
        "pypi_attestation_models-0.0.4a2.tar.gz.sigstore",
        WORKFLOW.format("pypi-attestation-models", "v0.0.4a2"),
        GITHUB,
    ),
    "of 2026": (
        "circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl.publish.attestation",
        CIRCLE,
        "https://oidc.circleci.com",
    ),
}
"""What the public instance signed: a file of the package, who signed it, and who vouched for that."""


@pytest.fixture(scope="module")
def real():
    """The bundles by name, as tables."""
    try:
        listing = listed("pypi-attestations", SourceOptions())
        sources = [link for link in listing.links if link.filename.endswith(".tar.gz")]
        path, _, _ = fetch(PACKAGE, SourceOptions(), listing._replace(links=sources))
    except SourceError as error:
        pytest.skip(f"the registry cannot be reached: {error}")
    with tarfile.open(path) as tape:
        held = {Path(member.name).name: tape.extractfile(member).read() for member in tape if member.isreg()}
    return {name: bundled(json.loads(held[row[0]])) for name, row in REAL.items()}


def bundled(table):
    """Return a bundle; PyPI keeps the same parts under other names."""
    if "mediaType" in table:
        return table
    material, envelope = table["verification_material"], table["envelope"]
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": {"rawBytes": material["certificate"]},
            "tlogEntries": material["transparency_entries"],
        },
        "dsseEnvelope": {
            "payload": envelope["statement"],
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"sig": envelope["signature"]}],
        },
    }


def refusal(table, identity, issuer, root=None):
    demands = Demands(keys=(), signer=Signer(identity, issuer, root))
    with pytest.raises(StepError) as refused:
        verify(json.dumps(table).encode(), [], demands, now_utc())
    return str(refused.value)


@pytest.mark.parametrize("name", sorted(REAL))
def test_what_the_public_instance_signed_passes_as_far_as_it_is_about_a_scan(real, name):
    """Envelope and signature hold, from the root that the library brings; the statement is another's."""
    said = refusal(real[name], *REAL[name][1:])
    assert said.startswith("step 3 statement: the predicate is 'https://"), said
    assert "this version knows urn:untag:attestation:scan:v1" in said


def bit(text, at=9):
    raw = bytearray(base64.b64decode(text))
    raw[at % len(raw)] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def entry(table):
    return table["verificationMaterial"]["tlogEntries"][0]


def turned(of, key, change):
    def apply(table, _other):
        of(table)[key] = change(of(table)[key])

    return apply


def proof(table):
    return entry(table)["inclusionProof"]


def swapped(*way):
    """The part of another bundle, which the same workflow signed in the same minute."""

    def apply(table, other):
        for step in way[:-1]:
            table, other = table[step], other[step]
        table[way[-1]] = other[way[-1]]

    return apply


MATERIAL = "verificationMaterial"
TAMPERINGS = {
    "payload bit": turned(lambda t: t["dsseEnvelope"], "payload", bit),
    "signature bit": turned(lambda t: t["dsseEnvelope"]["signatures"][0], "sig", lambda s: bit(s, 20)),
    "certificate bit": turned(lambda t: t[MATERIAL]["certificate"], "rawBytes", lambda s: bit(s, -9)),
    "promise bit": turned(lambda t: entry(t)["inclusionPromise"], "signedEntryTimestamp", lambda s: bit(s, 20)),
    "no promise": lambda t, _o: entry(t).pop("inclusionPromise"),
    "no proof": lambda t, _o: entry(t).pop("inclusionProof"),
    "another time": turned(entry, "integratedTime", lambda s: str(int(s) + 1)),
    "another place in the log": turned(entry, "logIndex", lambda s: str(int(s) + 1)),
    "another log": turned(lambda t: entry(t)["logId"], "keyId", bit),
    "body bit": turned(entry, "canonicalizedBody", bit),
    "first hash of the path": turned(proof, "hashes", lambda rows: [bit(rows[0]), *rows[1:]]),
    "last hash of the path": turned(proof, "hashes", lambda rows: [*rows[:-1], bit(rows[-1])]),
    "path cut short": turned(proof, "hashes", lambda rows: rows[:-1]),
    "path made longer": turned(proof, "hashes", lambda rows: [*rows, rows[0]]),
    "two hashes exchanged": turned(proof, "hashes", lambda rows: [rows[1], rows[0], *rows[2:]]),
    "another place in the tree": turned(proof, "logIndex", lambda s: str(int(s) ^ 1)),
    "another size of the tree": turned(proof, "treeSize", lambda s: str(int(s) * 2)),
    "root of the tree": turned(proof, "rootHash", bit),
    "root in the checkpoint": turned(
        lambda t: proof(t)["checkpoint"], "envelope", lambda s: s.replace(s.split("\n")[2], bit(s.split("\n")[2]))
    ),
    "unsigned checkpoint": turned(lambda t: proof(t)["checkpoint"], "envelope", lambda s: s.split("\n\n")[0] + "\n\n"),
    "envelope of another": swapped("dsseEnvelope"),
    "payload of another": swapped("dsseEnvelope", "payload"),
    "signature of another": swapped("dsseEnvelope", "signatures"),
    "certificate of another": swapped(MATERIAL, "certificate"),
    "entry of another": swapped(MATERIAL, "tlogEntries"),
    "certificate and entry of another": swapped(MATERIAL),
}


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
def test_a_tampering_with_a_real_bundle_is_refused(real, name):
    for of, other in (("publish", "provenance"), ("provenance", "publish")):
        table = copy.deepcopy(real[of])
        TAMPERINGS[name](table, copy.deepcopy(real[other]))
        assert table != real[of]
        said = refusal(table, *REAL[of][1:])
        assert said.startswith("step 2 signatures: the bundle does not verify"), said


def test_a_real_bundle_is_of_one_signer_and_one_instance(real, tmp_path):
    from importlib import resources

    _, identity, issuer = REAL["publish"]
    table = real["publish"]
    for who in (identity[:-1], identity + "0", identity.upper(), identity.partition("@")[0], "*", ".*"):
        assert "do not match" in refusal(table, who, issuer)
    for whose in (issuer + "/", issuer[:-1], "https://accounts.example.org"):
        assert "does not match" in refusal(table, identity, whose)
    store = resources.files("sigstore._store")
    other = next(store / item.name for item in store.iterdir() if "sigstage" in item.name) / "trusted_root.json"
    path = tmp_path / "root.json"
    path.write_bytes(other.read_bytes())
    assert "step 2 signatures" in refusal(table, identity, issuer, path)


# -- a stand-in for the service, and a verifier, by others -------------------------------------------------

GEAR = ("@sigstore/mock@0.13.0", "@sigstore/verify@4.1.3", "sigstore@5.0.1")
SERVER = """
const crypto = require('crypto');
const http = require('http');
const mock = require('@sigstore/mock');

const pair = () => crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const sha256 = (data) => crypto.createHash('sha256').update(data).digest();
const der = (key) => key.publicKey.export({ format: 'der', type: 'spki' });

// the stand-in keeps a proposal as it comes, where a log keeps the digests of an envelope and writes PEM anew
function digested(body) {
  const { spec } = JSON.parse(body);
  const envelope = JSON.parse(spec.proposedContent.envelope);
  const hash = (data) => ({ algorithm: 'sha256', value: sha256(data).toString('hex') });
  const pem = (text) => new crypto.X509Certificate(Buffer.from(text, 'base64')).toString();
  const signatures = envelope.signatures.map((one, at) => (
    { signature: one.sig, verifier: Buffer.from(pem(spec.proposedContent.verifiers[at])).toString('base64') }));
  return JSON.stringify({ apiVersion: '0.0.1', kind: 'dsse', spec: { signatures,
    envelopeHash: hash(spec.proposedContent.envelope), payloadHash: hash(Buffer.from(envelope.payload, 'base64')) } });
}

// the stand-in wants the token in the body and the request as PEM, where the service takes a header and base64
function requested(request, body) {
  const asked = JSON.parse(body);
  const bearer = (request.headers.authorization || '').replace('Bearer ', '');
  if (bearer) asked.credentials = { oidcIdentityToken: bearer };
  const csr = asked.certificateSigningRequest;
  if (csr) asked.certificateSigningRequest = Buffer.from(csr, 'base64').toString();
  return JSON.stringify(asked);
}

(async () => {
  const keys = { ca: pair(), ct: pair(), log: pair(), tsa: pair() };
  const ca = await mock.initializeCA(keys.ca, await mock.initializeCTLog(keys.ct));
  const log = await mock.initializeTLog('http://127.0.0.1', keys.log);
  const tsa = await mock.initializeTSA(keys.tsa);
  const routes = {};
  for (const one of [mock.fulcioHandler(ca), mock.rekorHandler(log), mock.tsaHandler(tsa)]) routes[one.path] = one.fn;
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      let body = Buffer.concat(parts).toString();
      if (request.url.endsWith('signingCert')) body = requested(request, body);
      if (request.url.endsWith('entries')) body = digested(body);
      const done = await routes[request.url](body);
      response.writeHead(done.statusCode, { 'Content-Type': done.contentType || 'text/plain' });
      response.end(done.response);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${server.address().port}`;
    const validFor = { start: new Date(Date.now() - 3600e3).toISOString() };
    const base64 = (bytes) => Buffer.from(bytes).toString('base64');
    const logged = (key) => ({ baseUrl: url, hashAlgorithm: 'SHA2_256', logId: { keyId: base64(sha256(der(key))) },
      publicKey: { rawBytes: base64(der(key)), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor } });
    const authority = (certificates) => ({ subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
      uri: url, validFor, certChain: { certificates: certificates.map((one) => ({ rawBytes: base64(one) })) } });
    const services = [{ url, majorApiVersion: 1, validFor, operator: 'stand-in' }];
    console.log(JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
      trustedRoot: { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
        tlogs: [logged(keys.log)], ctlogs: [logged(keys.ct)], certificateAuthorities: [authority([ca.rootCertificate])],
        timestampAuthorities: [authority([tsa.intCertificate, tsa.rootCertificate])] },
      signingConfig: { mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json', caUrls: services,
        oidcUrls: services, rekorTlogUrls: services, tsaUrls: [], rekorTlogConfig: { selector: 'ANY' },
        tsaConfig: { selector: 'ANY' } } }));
  });
})();
"""
SIGN = """
const fs = require('fs');
const [url, statement, token, out, stamped] = process.argv.slice(2);
require('sigstore').attest(fs.readFileSync(statement), 'application/vnd.in-toto+json', { fulcioURL: url, rekorURL: url,
  tlogUpload: true, tsaServerURL: stamped ? url : undefined, identityToken: fs.readFileSync(token, 'utf8').trim() })
  .then((bundle) => fs.writeFileSync(out, JSON.stringify(bundle)))
  .catch((error) => { console.error(error); process.exit(1); });
"""
CHECK = """
const fs = require('fs');
const read = (name) => JSON.parse(fs.readFileSync(name, 'utf8'));
const { TrustedRoot } = require('@sigstore/protobuf-specs');
const { bundleFromJSON } = require('@sigstore/bundle');
const { toSignedEntity, toTrustMaterial, Verifier } = require('@sigstore/verify');
const [root, bundle, identity, issuer] = process.argv.slice(2);
const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(read(root))));
verifier.verify(toSignedEntity(bundleFromJSON(read(bundle))), {
  subjectAlternativeName: identity, extensions: { issuer } });
console.log('verified');
"""
IDENTITY = "https://example.org/release.yml@refs/tags/v1"
ISSUER = "https://accounts.example.org"


@pytest.fixture(scope="module")
def standin(tmp_path_factory):
    """A folder with a file to attest and a token, and the stand-in on loopback."""
    folder = tmp_path_factory.mktemp("standin")
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("needs node and npm")
    words = [npm, "install", *GEAR, "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(words, cwd=folder, capture_output=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm install failed: {done.stderr.decode(errors='replace')[-200:]}")
    for name, text in {"server.js": SERVER, "sign.js": SIGN, "check.js": CHECK}.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "face.py").write_text("class FaceObject:\n    age: int\n    gender: str\n", "utf-8")
    (folder / "token").write_text(jwt(iss=ISSUER, sub=IDENTITY), "utf-8")
    server = subprocess.Popen(["node", "server.js"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        config = json.loads(line)
        (folder / "config.json").write_text(line, "utf-8")
        (folder / "root.json").write_text(json.dumps(config["trustedRoot"]), "utf-8")
        yield SimpleNamespace(folder=folder, url=config["signingConfig"]["caUrls"][0]["url"])
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def run(standin, *words):
    quiet = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(
        words, cwd=standin.folder, capture_output=True, text=True, check=False, timeout=120, env=quiet
    )


def untag(standin, *words):
    return run(standin, sys.executable, "-m", "untag", *words)


TRUSTED = ("--identity", IDENTITY, "--issuer", ISSUER, "--trusted-root", "root.json")


def test_what_we_sign_with_a_stand_in_by_others_is_verified_by_others(standin):
    words = ("--keyless", "--identity-token", "token", "--trust-config", "config.json")
    done = untag(standin, "attest", "face.py", *words, "-o", "ours.json")
    assert done.returncode == 0, done.stderr
    assert f"--identity {IDENTITY} --issuer {ISSUER}" in done.stderr
    done = untag(standin, "verify", "ours.json", "face.py", *TRUSTED, "--rescan")
    assert done.returncode == 0, done.stderr
    done = run(standin, "node", "check.js", "root.json", "ours.json", IDENTITY, ISSUER)
    assert done.stdout == "verified\n", done.stderr
    assert run(standin, "node", "check.js", "root.json", "ours.json", IDENTITY + "x", ISSUER).returncode
    table = json.loads((standin.folder / "ours.json").read_text("utf-8"))
    table["dsseEnvelope"]["payload"] = bit(table["dsseEnvelope"]["payload"])
    (standin.folder / "bad.json").write_text(json.dumps(table), "utf-8")
    assert run(standin, "node", "check.js", "root.json", "bad.json", IDENTITY, ISSUER).returncode
    words = ("sigstore", "--trust-config", "config.json", "verify", "identity", "--offline", "--bundle", "ours.json")
    words = (*words, "--cert-identity", IDENTITY, "--cert-oidc-issuer", ISSUER, "face.py")
    done = run(standin, sys.executable, "-m", *words)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("stamped", ["", "stamped"])
def test_our_statement_that_others_signed_is_verified(standin, stamped):
    """With the time that the log promises, and with one more by a timestamp authority."""
    assert untag(standin, "attest", "face.py", "--format", "statement", "-o", "statement.json").returncode == 0
    done = run(standin, "node", "sign.js", standin.url, "statement.json", "token", "theirs.json", stamped)
    assert done.returncode == 0, done.stderr
    table = json.loads((standin.folder / "theirs.json").read_text("utf-8"))
    stamps = table["verificationMaterial"].get("timestampVerificationData") or {}
    assert bool(stamps.get("rfc3161Timestamps")) == bool(stamped)
    done = untag(standin, "verify", "theirs.json", "face.py", *TRUSTED, "--rescan")
    assert done.returncode == 0, done.stderr
    table["dsseEnvelope"]["payload"] = bit(table["dsseEnvelope"]["payload"])
    (standin.folder / "theirs-bad.json").write_text(json.dumps(table), "utf-8")
    done = untag(standin, "verify", "theirs-bad.json", "face.py", *TRUSTED)
    assert (done.returncode, "step 2" in done.stderr) == (1, True)
