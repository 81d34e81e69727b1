"""A toy vision service to try the guard on. It looks at nothing: every attribute that it returns is random.

    python service.py [PORT]

POST a picture (or anything) to /v1/faces: it answers with "faces" whose attributes are drawn at random, a group
among them, as too many products do. GET /v1/events streams such answers as server-sent events.
"""

# ruff: noqa: INP001, S311, PLR2004, T201 - a toy of one file

from __future__ import annotations

import json
import random
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

NAMES = ("age", "gender", "glasses", "race")


def face(fields: tuple[str, ...]) -> dict[str, Any]:
    """Return a face that nobody has."""
    drawn = {
        "age": random.randrange(18, 80),
        "gender": random.choice(("female", "male")),
        "glasses": random.random() < 0.5,
        "race": {"label": random.choice(("A", "B", "C")), "score": round(random.random(), 2)},
    }
    box = [random.randrange(400) for _ in range(4)]
    return {"box": box, **{name: value for name, value in drawn.items() if name in fields}}


class Service(BaseHTTPRequestHandler):
    """Answers with noise."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a picture."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        asked = parse_qs(urlsplit(self.path).query).get("face_field", [])
        fields = tuple(",".join(asked).split(",")) if asked else NAMES
        self._say({"faces": [face(fields) for _ in range(random.randrange(1, 4))]})

    def do_GET(self) -> None:
        """Stream five events, or say what this is."""
        if not self.path.startswith("/v1/events"):
            self._say({"service": "toy vision", "model": None})
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for _ in range(5):
            self.wfile.write(b"data: " + json.dumps({"faces": [face(NAMES)]}).encode() + b"\n\n")
            self.wfile.flush()
            time.sleep(0.5)
        self.close_connection = True

    def _say(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    print(f"toy vision service at http://127.0.0.1:{port}")
    ThreadingHTTPServer(("127.0.0.1", port), Service).serve_forever()
