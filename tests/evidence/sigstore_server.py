"""The instance of `sigstore_world` on loopback, with the interfaces of the real one: what a client asks, it answers.

Authority: ``POST /api/v2/signingCert``. Transparency log: ``POST /api/v1/log/entries``. A spoiler stands between: it is
given the name of the service and its answer, and returns another answer, or a number in its place: a status.
"""

import base64
import contextlib
import http.server
import json
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from sigstore_world import ISSUER, WHO


def jwt(**claims):
    """Return a token as a provider gives it; whoever vouches is not asked, so nobody signed it."""
    now = int(time.time())
    body = {"iss": ISSUER, "sub": WHO, "aud": "sigstore", "iat": now, "exp": now + 600, **claims}
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, body)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers requests; the server holds the world and the spoiler."""

    def do_POST(self):
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, data))
        if self.path == "/api/v2/signingCert":
            name, answer = "authority", self.certificate(data)
        elif self.path == "/api/v1/log/entries":
            name, answer = "log", self.entry(data)
        else:
            name, answer = "", 404
        answer = self.server.spoil(name, answer)
        status, body = (answer, b"no") if isinstance(answer, int) else (201, json.dumps(answer).encode())
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def certificate(self, data):
        claims = self.headers["Authorization"].removeprefix("Bearer ").split(".")[1]
        who = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        request = x509.load_pem_x509_csr(base64.b64decode(data["certificateSigningRequest"]))
        assert request.is_signature_valid
        made = self.server.world.certificate(request.public_key(), who=who["sub"], issuer=who["iss"])
        chain = [pem(made), pem(self.server.world.root)]
        return {"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}}

    def entry(self, data):
        proposed = data["spec"]["proposedContent"]
        certificate = x509.load_pem_x509_certificate(base64.b64decode(proposed["verifiers"][0]))
        made = self.server.world.entry(json.loads(proposed["envelope"]), certificate)
        proof = made["inclusionProof"]
        return {
            "a" * 64: {
                "body": made["canonicalizedBody"],
                "integratedTime": int(made["integratedTime"]),
                "logID": base64.b64decode(made["logId"]["keyId"]).hex(),
                "logIndex": 0,
                "verification": {
                    "signedEntryTimestamp": made["inclusionPromise"]["signedEntryTimestamp"],
                    "inclusionProof": {
                        "checkpoint": proof["checkpoint"]["envelope"],
                        "hashes": [],
                        "logIndex": 0,
                        "rootHash": base64.b64decode(proof["rootHash"]).hex(),
                        "treeSize": 1,
                    },
                },
            }
        }

    def log_message(self, *_args):
        """Say nothing."""


def config(world, url):
    """Return what a client is told of the instance, as a table."""
    start = "2020-01-01T00:00:00Z"
    service = [{"url": url, "majorApiVersion": 1, "validFor": {"start": start}, "operator": "test"}]
    return {
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        "trustedRoot": world.trusted_root(),
        "signingConfig": {
            "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
            "caUrls": service,
            "oidcUrls": service,
            "rekorTlogUrls": service,
            "tsaUrls": [],
            "rekorTlogConfig": {"selector": "ANY"},
            "tsaConfig": {"selector": "ANY"},
        },
    }


@contextlib.contextmanager
def served(world, spoil=lambda _name, answer: answer):
    """Serve the world; gives the server, whose ``url`` and ``asked`` say where it is and what was asked."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.world, server.spoil, server.asked = world, spoil, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
