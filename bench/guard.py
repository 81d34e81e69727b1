"""How much the guard costs: the same proxy with it and without it, in one run, on one machine.

    python bench/guard.py                    proxy and nginx: 20 slices of 2 s for each case and side
    python bench/guard.py --case "clean 2" --slices 6

`guard_envoy.py` is about Envoy, `guard_soak.py` about ten minutes at full load. Needs wrk and nginx (both in Debian) and the extra guard. The upstream is nginx with files in memory; off
and on take turns in short slices, so that a busy machine hits both. Ratios carry over to other machines, seconds do
not.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
CASES = {"clean 2 kB": "clean2", "clean 200 kB": "clean200", "dirty 2 kB": "dirty2", "dirty 200 kB": "dirty200"}


def face(number, *, dirty):
    row = {"id": number, "box": [random.randrange(1000) for _ in range(4)], "age": 30, "gender": "f", "glasses": True}
    if dirty:
        row["race"] = {"label": "x", "score": 0.5}
    return row


def document(size, *, dirty):
    faces = []
    while len(json.dumps({"faces": faces})) < size - 90:
        faces.append(face(len(faces), dirty=dirty and len(faces) % 12 == 3))
    return json.dumps({"faces": faces}).encode()


def free():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def wait(port, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens at port {port}")


class Bench:
    def __init__(self, folder, args):
        self.folder = folder
        self.args = args
        self.running = []
        self.upstream = free()
        for name, size, dirty in (
            ("clean2", 2_000, False),
            ("dirty2", 2_000, True),
            ("clean200", 200_000, False),
            ("dirty200", 200_000, True),
        ):
            (folder / f"{name}.json").write_bytes(document(size, dirty=dirty))
        picture = base64.b64encode(random.randbytes(1_400)).decode()
        body = json.dumps({"image": picture, "fields": ["age", "gender"]})
        (folder / "post.lua").write_text(
            f'wrk.method="POST"\nwrk.headers["content-type"]="application/json"\nwrk.body={json.dumps(body)}\n'
        )
        self.relay = free()
        conf = folder / "nginx.conf"
        temp = "".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        conf.write_text(
            ""
            # a root without rights to a private folder serves 403s
            + ("user root; " if os.geteuid() == 0 else "")
            + f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
            "events { worker_connections 2048; }\n"
            f"http {{ access_log off; {temp} keepalive_requests 100000000; types {{}} default_type application/json;\n"
            f" server {{ listen 127.0.0.1:{self.upstream}; root {folder}; error_page 405 =200 $uri; open_file_cache max=99; }}\n"
            f" upstream u {{ server 127.0.0.1:{self.upstream}; keepalive 64; }}\n"
            f" server {{ listen 127.0.0.1:{self.relay}; location / {{ proxy_pass http://u; proxy_http_version 1.1;"
            ' proxy_set_header connection ""; } } }\n'
        )
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.start([nginx, "-p", str(folder), "-c", str(conf)], self.upstream)

    def start(self, command, port):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.running.append(process)
        wait(port)
        return process

    def guard(self, *more):
        port = free()
        command = [sys.executable, "-m", "untag", "guard", "--upstream", f"http://127.0.0.1:{self.upstream}"]
        process = self.start([*command, "--listen", f"127.0.0.1:{port}", *more], port)
        return process, port

    def stop(self):
        for process in reversed(self.running):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            if process.poll() is None:
                process.kill()

    def load(self, port, name, *, seconds=None, connections=None, post=False):
        seconds = seconds or self.args.seconds
        script = ["-s", str(self.folder / "post.lua")] if post else []
        command = ["wrk", "-t1", f"-c{connections or self.args.connections}", f"-d{seconds}", "--latency", *script]
        text = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/{name}.json"], capture_output=True, text=True, check=True
        ).stdout
        errors = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
        return {
            "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
            "count": int(re.search(r"(\d+) requests in", text)[1]),
            "p50": latency(text, "50%"),
            "p99": latency(text, "99%"),
            "errors": int(errors[1]) if errors else 0,
            "broken": sum(map(int, broken.groups())) if broken else 0,
        }


def latency(text, which):
    number, unit = re.search(rf"{which}\s+([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS[unit]


def compare(bench, off, on, name, *, rounds, post=False, connections=None):
    return [
        tuple(bench.load(port, name, post=post, connections=connections) for port in (off, on)) for _ in range(rounds)
    ]


def middle(values):
    return statistics.median(values)


def spent(process):
    """Return the CPU seconds of a process so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sliced(bench, sides, name, *, post):
    """Return what each side gave, slice by slice: short slices that take turns meet the same neighbours.

    The first of each pair changes from turn to turn, so that neither always follows the other.
    """
    found = ([], [])
    for turn in range(bench.args.slices):
        for side in (0, 1) if turn % 2 else (1, 0):
            process, port = sides[side]
            before = spent(process)
            result = bench.load(port, name, post=post)
            result["cpu"] = (spent(process) - before) / max(1, result["count"]) * 1e6
            found[side].append(result)
    return found


def proxy(bench):
    """One thread serves: where nothing else wants the cores, requests/s are one over CPU time a request.

    On a machine that others use, requests/s and latency say as much of them as of the guard; the ratio of CPU
    seconds a request, user and system of the proxy's process, does not.
    """
    sides = (bench.guard("--off"), bench.guard("--log", str(bench.folder / "guard.jsonl")))
    for _, port in sides:
        bench.load(port, "clean2", seconds=1)
    print(f"\n{bench.args.slices} slices of {bench.args.seconds} s a side, in turns; medians; CPU of the proxy alone\n")
    print(
        "| through the proxy | off, req/s | on, req/s | ratio | off, CPU µs | on, CPU µs | ratio by CPU"
        " | off, p99 ms | on, p99 ms | p99 ratio | errors |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for title, name, post in [*((t, n, False) for t, n in CASES.items()), ("clean 2 kB posted", "clean2", True)]:
        if bench.args.case and bench.args.case not in title:
            continue
        found = sliced(bench, sides, name, post=post)
        off, on = ({key: middle([one[key] for one in side]) for key in ("rate", "cpu", "p99")} for side in found)
        errors = sum(one["errors"] + one["broken"] for side in found for one in side)
        print(
            f"| {title} | {off['rate']:,.0f} | {on['rate']:,.0f} | {on['rate'] / off['rate']:.2f}"
            f" | {off['cpu']:,.0f} | {on['cpu']:,.0f} | {off['cpu'] / on['cpu']:.2f}"
            f" | {off['p99']:.1f} | {on['p99']:.1f} | {on['p99'] / off['p99']:.2f} | {errors} |",
            flush=True,
        )
    direct = bench.load(bench.upstream, "clean2")["rate"]
    relay = bench.load(bench.relay, "clean2")["rate"]
    print(f"\nnginx itself {direct:,.0f} req/s, nginx proxy_pass {relay:,.0f} req/s, both clean 2 kB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=2, help="of one slice")
    parser.add_argument("--slices", type=int, default=20, help="for each case and side")
    parser.add_argument("--case", help="only cases with this in their name")
    parser.add_argument("--connections", type=int, default=16)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), args)
        try:
            proxy(bench)
        finally:
            bench.stop()


if __name__ == "__main__":
    main()
