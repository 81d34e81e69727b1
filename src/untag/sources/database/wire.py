"""The connection under a driver: metered, timed, and silent about the password.

A driver gets a socket on which each answer has a moment by which it must be there and
a size that it must not pass, in the clear and under TLS alike; so a server that drips or
floods costs a Gap, not the scan. A password is not sent in the clear to another machine.
"""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING, Any, Final

from untag.sources.names import printable

if TYPE_CHECKING:
    from untag.sources.database.address import Address

ANSWER: Final = 256 << 20
"""Bytes of one answer: a catalogue of 200,000 columns has 50 MB, a sample less than one."""
SHORTEST: Final = 0.05
"""Seconds that a socket waits at least."""


class Meter:
    """What one answer may still cost."""

    def __init__(self, seconds: float) -> None:
        self._until = 0.0
        self._left = 0
        self.start(seconds)

    def start(self, seconds: float) -> None:
        """Begin a new answer, which must be there within ``seconds``."""
        self._until = time.monotonic() + seconds
        self._left = ANSWER

    def wait(self) -> float:
        """Return the seconds that are left; raise `OSError` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server did not answer in time")
        return max(left, SHORTEST)

    def count(self, size: int) -> int:
        """Count what arrived."""
        self._left -= size
        if self._left < 0:
            raise OSError("the server's answer is too large")
        return size


class _Plain(socket.socket):
    """A socket in the clear that counts, keeps time and does not send a password."""

    meter: Meter
    secret: bytes = b""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        self.settimeout(self.meter.wait())
        data = super().recv(size, flags)
        self.meter.count(len(data))
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.meter.wait())
        return self.meter.count(super().recv_into(buffer, nbytes, flags))

    def send(self, data: Any, flags: int = 0, /) -> int:
        self._judge(data)
        return super().send(data, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self._judge(data)
        super().sendall(data, flags)

    def _judge(self, data: Any) -> None:
        self.settimeout(self.meter.wait())
        if self.secret and self.secret in bytes(data):
            raise PermissionError("the server asks for the password in the clear")


def connect(address: Address, meter: Meter) -> socket.socket:
    """Open a connection; raise `OSError` where there is none."""
    if address.is_socket:
        path = address.host
        if address.scheme == "postgresql" and ".s.PGSQL." not in path:
            path = f"{path.rstrip('/')}/.s.PGSQL.{address.port}"
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            plain.settimeout(address.connect_seconds)
            plain.connect(path)
        except BaseException:
            plain.close()
            raise
    else:
        plain = socket.create_connection((address.host, address.port), address.connect_seconds)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    metered = _Plain(plain.family, plain.type, plain.proto, fileno=plain.detach())
    metered.meter = meter
    metered.secret = b"" if address.near else address.password.encode()
    return metered


def context(address: Address, meter: Meter) -> ssl.SSLContext:
    """Return how TLS is spoken; raise `OSError` where a file of certificates cannot be read."""
    made = ssl.create_default_context(cafile=address.authority or None)
    if address.mode != "verify-full":
        made.check_hostname = False
    if not address.mode.startswith("verify"):
        made.verify_mode = ssl.CERT_NONE
    # the certificates that servers make for themselves lack what 3.13 began to ask for
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if address.certificate:
        made.load_cert_chain(address.certificate, address.secret_key or None)

    class Metered(ssl.SSLSocket):
        """A socket under TLS that counts and keeps time."""

        def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
            self.settimeout(meter.wait())
            return meter.count(super().recv_into(buffer, nbytes, flags))

        def sendall(self, data: Any, flags: int = 0) -> None:
            self.settimeout(meter.wait())
            super().sendall(data, flags)

    made.sslsocket_class = Metered
    return made


def said(error: BaseException) -> str:
    """Say in words what went wrong below a driver."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return "its certificate is not trusted: give the authority's with ?sslrootcert=FILE, or sslmode=require"
        if isinstance(seen, PermissionError) and "in the clear" in str(seen):
            return "it asks for the password in the clear: use ?sslmode=require"
        if isinstance(seen, ssl.SSLError):
            return "TLS failed: see its log, and ?sslmode="
        if isinstance(seen, ConnectionRefusedError):
            return "nothing listens there: check host and port, and that the server runs"
        if isinstance(seen, TimeoutError):
            return "it does not answer: check host, port and firewall, or raise ?connect_timeout=SECONDS"
        if isinstance(seen, FileNotFoundError):
            return "no such socket or file of certificates: check the path"
        if isinstance(seen, OSError) and seen.strerror:
            return f"{printable(seen.strerror)[:100]}: check host and port"
        seen = getattr(seen, "original_exception", None) or seen.__cause__ or seen.__context__
    return "the answer is not that of such a server: check scheme and port"
