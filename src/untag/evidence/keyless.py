"""Keyless signatures: Sigstore bundles around our statement, verified without a network.

Source of the form: the Sigstore bundle, media type ``application/vnd.dev.sigstore.bundle.v0.3+json``. The library
`sigstore` verifies, from a root of trust in a file: the certificate's chain at the signed time, its entry in the log
of certificates, who it names and who vouched for that, the proof that the transparency log holds the entry, the log's
signature, and that the entry is about this very envelope. Here stands what it leaves open: the form of the file,
whose signature is wanted, and that a failure of any kind is a refusal.
"""

from __future__ import annotations

import json
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from untag.errors import UsageError
from untag.evidence.envelope import PAYLOAD, Opened, loaded, taken
from untag.evidence.statement import AttestError
from untag.nouns import dataclass

if TYPE_CHECKING:
    from pathlib import Path

MEDIA: Final = (
    "application/vnd.dev.sigstore.bundle.v0.3+json",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
)
"""Forms of a bundle that are read: older ones need no proof that the log holds the entry."""
KEYS: Final = frozenset(("mediaType", "verificationMaterial", "dsseEnvelope"))
PUBLIC: Final = "https://tuf-repo-cdn.sigstore.dev"
"""The instance whose root of trust the library brings."""
ISSUER: Final = "1.3.6.1.4.1.57264.1.1"
"""Extension of a certificate: who vouched for the identity."""
MISSING: Final = "keyless signatures need the library sigstore: pip install 'untag[keyless]'"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature is trusted. Both are compared whole: a pattern would let others in."""

    identity: str
    """Who signed: an address, or the URI of a workflow."""
    issuer: str
    """Who vouched for the identity: the URL of an OpenID Connect provider."""
    root: Path | None = None
    """A root of trust as JSON; None takes the one that the library brings."""


def is_bundle(table: dict[str, Any]) -> bool:
    """Say whether a JSON object is a Sigstore bundle, or wants to pass for one."""
    return "mediaType" in table or "verificationMaterial" in table


def unwrapped(table: dict[str, Any]) -> Opened:
    """Return the envelope in a bundle; raise `AttestError` for one that is not exactly a bundle around an envelope."""
    extra, missing = sorted(table.keys() - KEYS), sorted(KEYS - table.keys())
    if extra or missing:
        what = f"has an unknown field {extra[0]!r}" if extra else f"lacks its field {missing[0]!r}"
        raise AttestError(f"the bundle {what}")
    if table["mediaType"] not in MEDIA:
        raise AttestError(f"the bundle is of type {str(table['mediaType'])[:80]!r}; this version reads {MEDIA[0]}")
    for name in ("verificationMaterial", "dsseEnvelope"):
        if not isinstance(table[name], dict):
            raise AttestError(f"the bundle's {name} is no object")
    opened = taken(table["dsseEnvelope"], bare=True)
    if len(opened.signatures) != 1:
        raise AttestError(f"the bundle's envelope holds {len(opened.signatures)} signatures, not one")
    return opened


def signed_by(data: bytes, opened: Opened, signer: Signer) -> str:
    """Return who signed the bundle in ``data``; raise `AttestError` unless it is ``signer`` and all of it holds."""
    if not signer.identity or not signer.issuer:
        raise AttestError("no identity or no issuer: a bundle by anybody proves nothing")
    root = _root(signer.root)
    try:
        bundle = _library("sigstore.models").Bundle.from_json(_spelt(loaded(data)))
        kind, payload = _verified(bundle, signer, root)
    except (AttestError, UsageError):
        raise
    except Exception as error:  # whatever a parser of certificates raises is a refusal
        raise AttestError(f"the bundle does not verify: {_said(error)}") from error
    if (kind, payload) != (opened.type, opened.payload):
        raise AttestError("the bundle's signature is about another payload")
    return f"{signer.identity}, vouched for by {signer.issuer}"


def _spelt(table: dict[str, Any]) -> str:
    """Return a bundle as JSON with the zeros and empty lists spelt out that others leave out, and the library wants.

    Protocol Buffers leave out what is zero: so do the first entry of a log, and a proof that needs no hash.
    """
    entries = table["verificationMaterial"].get("tlogEntries")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            entry.setdefault("logIndex", "0")
            proof = entry.get("inclusionProof")
            if isinstance(proof, dict):
                proof.setdefault("logIndex", "0")
                proof.setdefault("hashes", [])
    return json.dumps(table)


def _verified(bundle: Any, signer: Signer, root: Any) -> tuple[str, bytes]:
    """Return type and payload of a bundle that ``signer`` signed; raise whatever the library raises."""
    verifier, policy = _library("sigstore.verify"), _library("sigstore.verify.policy")
    who = policy.Identity(identity=signer.identity, issuer=signer.issuer)
    found: tuple[str, bytes] = verifier.Verifier(trusted_root=root).verify_dsse(bundle, who)
    return found


def _root(path: Path | None) -> Any:
    """Return the root of trust, from a file or from the library."""
    models = _library("sigstore.models")
    try:
        if path is not None:
            return models.TrustedRoot.from_file(str(path))
        inside = resources.files("sigstore._store") / quote(PUBLIC, safe="") / "trusted_root.json"
        with resources.as_file(inside) as file:
            return models.TrustedRoot.from_file(str(file))
    except Exception as error:  # without a root nothing is trusted, whatever the reason
        where = path if path is not None else "the library sigstore"
        raise AttestError(f"no root of trust in {where}: {_said(error)}; name one with --trusted-root FILE") from error


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(MISSING) from error


def _said(error: Exception) -> str:
    """Return a foreign error in a line of bounded length."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of Sigstore to sign with."""

    signing: Any
    """What signs: the library's context."""
    root: Any
    """The root of trust that it is verified with."""
    vouches: str
    """The URL of what vouches for people."""


def instance(config: Path | None = None) -> Instance:
    """Return the public instance, or the one in ``config``: a client trust configuration as JSON. Uses the network."""
    models, sign = _library("sigstore.models"), _library("sigstore.sign")
    try:
        trust = (
            models.ClientTrustConfig.from_json(config.read_text("utf-8"))
            if config is not None
            else models.ClientTrustConfig.production()
        )
        signing = sign.SigningContext.from_trust_config(trust)
        return Instance(signing, trust.trusted_root, trust.signing_config.get_oidc_url())
    except Exception as error:  # network, files and their content, of a foreign library
        raise AttestError(f"Sigstore cannot be asked: {_said(error)}; keys work without it: --key FILE") from error


def token(text: str | None, url: str, *, ask: bool) -> Any:
    """Return the identity of who signs: from a token, from where this runs, or by asking in a browser if ``ask``."""
    oidc = _library("sigstore.oidc")
    try:
        raw = text or oidc.detect_credential()
        if raw:
            return oidc.IdentityToken(raw.strip())
        if ask:
            return oidc.Issuer(url).identity_token()
    except Exception as error:
        raise AttestError(f"no identity: {_said(error)}") from error
    raise UsageError("nobody to sign as: give --identity-token FILE, or run where a token is to be had")


def sealed(payload: bytes, asked: Instance, identity: Any) -> tuple[str, Signer]:
    """Return the bundle around a statement, signed as ``identity``, and whom it names. It is public for ever.

    What the instance gave back is verified before anyone else gets it: an instance may leave out the time without
    which nobody can. This uses the network.
    """
    dsse = _library("sigstore.dsse")
    try:
        about = dsse.Statement(payload)
    except Exception as error:
        raise UsageError(f"Sigstore does not take this statement: {_said(error)}") from error
    try:
        with asked.signing.signer(identity) as signer:
            bundle = signer.sign_dsse(about)
            text: str = bundle.to_json()
    except Exception as error:
        raise AttestError(f"Sigstore did not sign: {_said(error)}; keys work without it: --key FILE") from error
    try:
        who = _named(bundle.signing_certificate)
        held = _verified(_library("sigstore.models").Bundle.from_json(text), who, asked.root)[1]
    except Exception as error:
        raise AttestError(f"what Sigstore signed does not verify, and is not written: {_said(error)}") from error
    if held != payload:
        raise AttestError("Sigstore signed another statement than ours, which is not written")
    return text + "\n", who


def _named(certificate: Any) -> Signer:
    """Return whom a certificate names, in the words with which it is verified."""
    x509 = _library("cryptography.x509")
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    one = next(iter(names)).value
    issuer = certificate.extensions.get_extension_for_oid(x509.ObjectIdentifier(ISSUER)).value.value
    return Signer(one.decode() if isinstance(one, bytes) else str(one), issuer.decode())


__all__ = ["PAYLOAD", "Instance", "Signer", "instance", "is_bundle", "sealed", "signed_by", "token", "unwrapped"]
