"""A Sigstore instance in memory: an authority, a log of certificates, a transparency log, and a root of trust.

Every key is made here and now; nothing asks a network. The forms are those of RFC 6962 (signed certificate timestamps),
of the transparency log's checkpoints, and of the trusted root.
"""

import base64
import hashlib
import json
import struct
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ISSUER = "https://accounts.example.org"
WHO = "release@example.org"
SCT_LIST = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
OIDC_ISSUER = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")


def b64(raw):
    return base64.b64encode(raw).decode()


def der(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def log_id(key):
    return hashlib.sha256(der(key)).digest()


class World:
    """All that a bundle rests on; ``now`` is when it signs."""

    def __init__(self, now=None):
        self.now = (now or datetime.now(UTC)).replace(microsecond=0)
        self.authority, self.certificates, self.log = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of a test")])
        public = self.authority.public_key()
        self.root = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=900))
            .not_valid_after(self.now + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(sign=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
            .sign(self.authority, hashes.SHA256())
        )

    # -- the authority ---------------------------------------------------------------------------------

    def certificate(self, public, who=WHO, issuer=ISSUER, *, start=None, stamped=True):
        """Return a certificate for a key, for ten minutes, with its timestamp by the log of certificates."""
        start = start or self.now
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([]))
            .issuer_name(self.root.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start - timedelta(seconds=5))
            .not_valid_after(start + timedelta(minutes=10))
            .add_extension(usage(sign=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.public_key()), critical=False
            )
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(who)]), critical=True)
            .add_extension(x509.UnrecognizedExtension(OIDC_ISSUER, issuer.encode()), critical=False)
        )
        bare = builder.sign(self.authority, hashes.SHA256())
        if not stamped:
            return bare
        listed = x509.UnrecognizedExtension(SCT_LIST, self.timestamp(bare.tbs_certificate_bytes, start))
        return builder.add_extension(listed, critical=False).sign(self.authority, hashes.SHA256())

    def timestamp(self, body, moment):
        """Return the list of one signed timestamp as the extension holds it."""
        stamp = int(moment.timestamp() * 1000)
        signed = struct.pack("!BBQH", 0, 0, stamp, 1) + log_id(self.authority.public_key())
        signed += struct.pack("!I", len(body))[1:] + body + struct.pack("!H", 0)
        signature = self.certificates.sign(signed, ec.ECDSA(hashes.SHA256()))
        one = b"\0" + log_id(self.certificates.public_key()) + struct.pack("!QH", stamp, 0)
        one += b"\4\3" + struct.pack("!H", len(signature)) + signature
        listed = struct.pack("!HH", len(one) + 2, len(one)) + one
        assert len(listed) < 128, "one byte of length"
        return bytes((4, len(listed))) + listed

    # -- the transparency log --------------------------------------------------------------------------

    def entry(self, envelope, certificate, *, moment=None):
        """Return the entry of an envelope in a log that holds nothing else, as a bundle holds it."""
        payload, signature = base64.b64decode(envelope["payload"]), envelope["signatures"][0]["sig"]
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        spec = {
            "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(json.dumps(envelope).encode()).hexdigest()},
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": [{"signature": signature, "verifier": b64(pem)}],
        }
        body = canonical({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec})
        integrated = int((moment or self.now).timestamp())
        name, root = log_id(self.log.public_key()), hashlib.sha256(b"\0" + body).digest()
        promise = canonical({"body": b64(body), "integratedTime": integrated, "logID": name.hex(), "logIndex": 0})
        note = f"log of a test\n1\n{b64(root)}\n"
        signed = b64(name[:4] + self.sign(note.encode()))
        return {
            "logIndex": "0",
            "logId": {"keyId": b64(name)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(integrated),
            "inclusionPromise": {"signedEntryTimestamp": b64(self.sign(promise))},
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": b64(root),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": f"{note}\n\u2014 log {signed}\n"},
            },
            "canonicalizedBody": b64(body),
        }

    def sign(self, data):
        return self.log.sign(data, ec.ECDSA(hashes.SHA256()))

    # -- what is handed on -----------------------------------------------------------------------------

    def bundle(self, payload, kind="application/vnd.in-toto+json", **how):
        """Return a bundle around a payload as a table."""
        key = ec.generate_private_key(ec.SECP256R1())
        moment = how.pop("moment", None)
        certificate = self.certificate(key.public_key(), **how)
        signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
        envelope = {
            "payload": b64(payload),
            "payloadType": kind,
            "signatures": [{"sig": b64(key.sign(signed, ec.ECDSA(hashes.SHA256())))}],
        }
        return {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": {"rawBytes": b64(certificate.public_bytes(serialization.Encoding.DER))},
                "tlogEntries": [self.entry(envelope, certificate, moment=moment)],
                "timestampVerificationData": {"rfc3161Timestamps": []},
            },
            "dsseEnvelope": envelope,
        }

    def trusted_root(self):
        """Return the root of trust as a table."""
        start = (self.now - timedelta(days=900)).strftime("%Y-%m-%dT%H:%M:%SZ")

        def log(key, url):
            public = key.public_key()
            return {
                "baseUrl": url,
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": b64(der(public)),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": {"start": start},
                },
                "logId": {"keyId": b64(log_id(public))},
            }

        return {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log(self.log, "https://log.example.org")],
            "certificateAuthorities": [
                {
                    "subject": {"organization": "test", "commonName": "authority of a test"},
                    "uri": "https://authority.example.org",
                    "certChain": {
                        "certificates": [{"rawBytes": b64(self.root.public_bytes(serialization.Encoding.DER))}]
                    },
                    "validFor": {"start": start},
                }
            ],
            "ctlogs": [log(self.certificates, "https://certificates.example.org")],
            "timestampAuthorities": [],
        }


def usage(*, sign):
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def canonical(table):
    """Return JSON as RFC 8785 has it, which for these tables is no more than sorted keys and no blanks."""
    return json.dumps(table, sort_keys=True, separators=(",", ":")).encode()
