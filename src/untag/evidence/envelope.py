"""DSSE envelopes with Ed25519 keys: made and opened, nothing about their content.

Source of the form: the DSSE specification, version 1 (envelope and pre-authentication encoding).
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from untag.errors import UsageError
from untag.evidence.statement import AttestError
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PAYLOAD: Final = "application/vnd.in-toto+json"
LARGEST: Final = 64 << 20
"""Bytes of an envelope that is opened: a statement about a million files is smaller."""
KEYS: Final = frozenset(("payload", "payloadType", "signatures"))
SIGNATURE_KEYS: Final = frozenset(("keyid", "sig"))
MOST: Final = 64
"""Signatures of one envelope: more are no help to anyone who verifies."""
MISSING: Final = "attestations need the library cryptography: pip install 'untag[attest]'"


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope whose form is right; nothing of it is verified."""

    payload: bytes
    type: str
    signatures: tuple[tuple[str, bytes], ...]
    """Key id and signature."""


def encoding(kind: str, payload: bytes) -> bytes:
    """Return what is signed: type and payload with their lengths, so that neither can pass for the other."""
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def new_key(path: Path) -> str:
    """Write a new private key, readable by its owner alone, and its public half beside it; return the key's id."""
    serialization, ed25519 = _library()
    private = ed25519.Ed25519PrivateKey.generate()
    body = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        path.with_name(path.name + ".pub").write_bytes(
            public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}; name a new file") from error
    return key_id(public)


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(MISSING) from error
    return serialization, ed25519


def key_id(public: Ed25519PublicKey) -> str:
    """Return the SHA-256 of a public key's SubjectPublicKeyInfo."""
    serialization, _ = _library()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return sha256(public.public_bytes(serialization.Encoding.DER, form)).hexdigest()


def load_private(path: Path, password: bytes | None = None) -> Ed25519PrivateKey:
    """Read a private Ed25519 key as PEM."""
    serialization, ed25519 = _library()
    try:
        key = serialization.load_pem_private_key(_bytes(path), password)
    except (ValueError, TypeError) as error:
        hint = "; it has a password: set UNTAG_KEY_PASSWORD" if "assword" in str(error) else ""
        raise UsageError(f"{path} is no private key as PEM{hint}: make one with untag attest --new-key FILE") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise UsageError(f"{path} is no Ed25519 key: make one with untag attest --new-key FILE")
    return cast("Ed25519PrivateKey", key)


def load_public(path: Path) -> Ed25519PublicKey:
    """Read a public Ed25519 key as PEM."""
    serialization, ed25519 = _library()
    try:
        key = serialization.load_pem_public_key(_bytes(path))
    except (ValueError, TypeError) as error:
        raise UsageError(f"{path} is no public key as PEM: the file ends in .pub") from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise UsageError(f"{path} is no Ed25519 key")
    return cast("Ed25519PublicKey", key)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error


def seal(payload: bytes, keys: Sequence[Ed25519PrivateKey]) -> str:
    """Return the envelope around a payload, signed with each key."""
    if not keys:
        raise UsageError("no key: give --key FILE")
    signed = encoding(PAYLOAD, payload)
    rows = [{"keyid": key_id(key.public_key()), "sig": _encoded(key.sign(signed))} for key in keys]
    if len({row["keyid"] for row in rows}) != len(rows):
        raise UsageError("the same key was given twice")
    table = {"payload": _encoded(payload), "payloadType": PAYLOAD, "signatures": rows}
    return json.dumps(table, indent=2) + "\n"


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def unseal(data: bytes) -> Opened:
    """Take an envelope apart; raise `AttestError` for one that is not exactly an envelope."""
    return taken(loaded(data))


def loaded(data: bytes) -> dict[str, Any]:
    """Return the JSON object of an envelope or a bundle, strictly read."""
    if len(data) > LARGEST:
        raise AttestError(f"the envelope is larger than {LARGEST >> 20} MB")
    return strict(data, "envelope")


def taken(table: dict[str, Any], *, bare: bool = False) -> Opened:
    """Take the object of an envelope apart; ``bare`` allows signatures that name no key, as in a Sigstore bundle."""
    _only(table, KEYS, "envelope")
    if not isinstance(table["payloadType"], str) or not isinstance(table["signatures"], list):
        raise AttestError("the envelope's payloadType or signatures are of a wrong type")
    if not 0 < len(table["signatures"]) <= MOST:
        raise AttestError(f"the envelope holds {len(table['signatures'])} signatures, not 1 to {MOST}")
    rows = []
    for row in table["signatures"]:
        if not isinstance(row, dict):
            raise AttestError("a signature of the envelope is no object")
        _only({"keyid": "", **row} if bare else row, SIGNATURE_KEYS, "signature")
        name = row.get("keyid", "")
        if not isinstance(name, str):
            raise AttestError("a signature's keyid is no text")
        rows.append((name, _decoded(row["sig"], "signature")))
    return Opened(_decoded(table["payload"], "payload"), table["payloadType"], tuple(rows))


def _only(table: dict[str, Any], known: frozenset[str], what: str) -> None:
    extra, missing = sorted(table.keys() - known), sorted(known - table.keys())
    if extra:
        raise AttestError(f"the {what} has an unknown field {extra[0]!r}")
    if missing:
        raise AttestError(f"the {what} lacks its field {missing[0]!r}")


def _decoded(text: Any, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise AttestError(f"the {what} is no base64") from error
    if _encoded(raw) != text:
        raise AttestError(f"the {what} is no canonical base64")
    return raw


def strict(data: bytes, what: str) -> dict[str, Any]:
    """Return a JSON object; raise `AttestError` for one with a key twice, NaN, or anything after it."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            raise AttestError(f"the {what} has a field twice")
        return table

    def constant(name: str) -> Any:
        raise AttestError(f"the {what} holds {name}")

    try:
        table = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise AttestError(f"the {what} is no whole JSON: truncated or damaged") from error
    if not isinstance(table, dict):
        raise AttestError(f"the {what} is no JSON object")
    return table


def signed_by(opened: Opened, trusted: Sequence[Ed25519PublicKey]) -> list[str]:
    """Return the ids of the trusted keys that signed; raise `AttestError` for a signature that is not theirs.

    Fails closed: a signature by an unknown key, one that does not fit, or two by one key refuse the whole.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra, loaded with the keys

    keys = {key_id(key): key for key in trusted}
    signed = encoding(opened.type, opened.payload)
    found: list[str] = []
    for number, (name, signature) in enumerate(opened.signatures, 1):
        if name not in keys:
            raise AttestError(f"signature {number} is by a key that is not trusted: {name[:16]}…")
        if name in found:
            raise AttestError(f"signature {number} is a second one by the key {name[:16]}…")
        try:
            keys[name].verify(signature, signed)
        except InvalidSignature as error:
            raise AttestError(f"signature {number} does not fit the payload, or was made for another type") from error
        found.append(name)
    return found
