"""Servers on loopback that speak what the remote sources ask: S3's listing and reading, a hub, and a web server that misbehaves."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Handler(BaseHTTPRequestHandler):
    """Answers by the function of its server and notes what was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.server.answer(self)

    do_HEAD = do_GET  # noqa: N815 - the name that the base class asks for

    def send(self, body=b"", code=200, headers=(), length=None):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        if length is not None and length != len(body):
            self.close_connection = True

    def log_message(self, *arguments):
        """Keep quiet."""


@contextlib.contextmanager
def serve(answer):
    """Run a server; yield it with ``url`` and ``asked``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answer, server.asked = answer, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def bucket(objects, *, page=2, denied=(), cut=(), busy=None):
    """Answer like an S3 bucket ``things`` that holds ``objects``; listings come in pages."""
    left = dict(busy or {})

    def answer(request):
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        _, name, *rest = parts.path.split("/", 2)
        key = unquote(rest[0]) if rest else ""
        if name != "things":
            request.send(b"<Error><Code>NoSuchBucket</Code></Error>", 404)
        elif not key:
            keys = sorted((k for k in objects if k.startswith(query.get("prefix", ""))), key=str.encode)
            start = int(query.get("continuation-token", 0))
            request.send(listing(objects, keys[start : start + page], start + page, more=start + page < len(keys)))
        elif left.get(key, 0) > 0:
            left[key] -= 1
            request.send(b"<Error><Code>SlowDown</Code></Error>", 503)
        elif key in denied:
            request.send(b"<Error><Code>AccessDenied</Code></Error>", 403)
        elif key not in objects:
            request.send(b"<Error><Code>NoSuchKey</Code></Error>", 404)
        else:
            data = objects[key]
            whole = (("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT"), ("ETag", '"e"'))
            if key in cut:
                request.send(data[: len(data) // 2], 200, whole, len(data))
            else:
                request.send(data, 200, whole)

    return answer


def listing(objects, keys, after, *, more):
    """Return one page of ``ListObjectsV2``."""
    rows = "".join(
        f"<Contents><Key>{escape(k)}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified>"
        f"<ETag>&quot;e&quot;</ETag><Size>{len(objects[k])}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for k in keys
    )
    token = f"<NextContinuationToken>{after}</NextContinuationToken>" if more else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>things</Name><KeyCount>{len(keys)}</KeyCount><MaxKeys>1000</MaxKeys>"
        f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{rows}</ListBucketResult>"
    ).encode()


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def hub(files, *, page=2, elsewhere="", names=()):
    """Answer like the hub with the model ``owner/face``; ``names`` are listed beside the files."""

    def answer(request):
        parts = urlsplit(request.path)
        path, query = unquote(parts.path), parse_qs(parts.query)
        tree, resolve = f"/api/models/owner/face/tree/{COMMIT}", f"/owner/face/resolve/{COMMIT}/"
        if path == "/api/models/owner/face/revision/main":
            request.send(json.dumps({"sha": COMMIT}).encode())
        elif path.startswith(tree):
            below = path.removeprefix(tree).strip("/")
            found = [n for n in (*sorted(files), *names) if not below or n.startswith(f"{below}/")]
            if not found:
                request.send(b"{}", 404)
                return
            start = int(query.get("cursor", ["0"])[0])
            rows = [{"type": "directory", "path": "d", "size": 0}] if not start else []
            rows += [{"type": "file", "path": n, "size": len(files.get(n, b"?"))} for n in found[start : start + page]]
            after = f"{request.server.url}{parts.path}?recursive=true&expand=false&cursor={start + page}"
            link = (("Link", f'<{after}>; rel="next"'),) if start + page < len(found) else ()
            request.send(json.dumps(rows).encode(), 200, link)
        elif path.startswith(resolve) and elsewhere:
            request.send(b"", 302, (("Location", elsewhere),))
        elif path.startswith(resolve) and path.removeprefix(resolve) in files:
            request.send(files[path.removeprefix(resolve)])
        else:
            request.send(b"{}", 404)

    return answer


def drip(request):
    """Send one byte after another."""
    request.send_response(200)
    request.end_headers()
    request.close_connection = True
    for _ in range(200):
        request.wfile.write(b"x")
        time.sleep(0.02)
