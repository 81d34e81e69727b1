"""``untag guard``: the proxy, several of them, the external processor, and an Envoy in front of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.cli.guard_setup import gate_of, key_of, log_of, settings_of, shell_of
from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from socket import socket

    from untag.guard.gate import Gate
    from untag.guard.proxy import Limits, Upstream
    from untag.guard.settings import Shell

_TIMES: Final = ("connect", "answer", "header", "body", "write", "idle", "drain")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    command.epilog = (
        "In front of a service: untag guard --upstream http://127.0.0.1:8000 --listen 127.0.0.1:8080 --log guard.jsonl"
    )
    _common(command)
    command.add_argument("--upstream", metavar="URL", help="the service to guard")
    command.add_argument("--upstream-ca", metavar="FILE", default="", help="authorities of an https upstream")
    command.add_argument("--upstream-host", action="store_true", help="send the upstream its own name as Host")
    command.add_argument("--listen", metavar="ADDR", default="127.0.0.1:8080", help="default: 127.0.0.1:8080")
    command.add_argument(
        "--admin", metavar="ADDR", help="serve /healthz and /metrics here, and not below /__untag/ of --listen"
    )
    command.add_argument("--ext-proc", metavar="ADDR", help="be an external processor for Envoy (gRPC)")
    command.add_argument("--envoy", action="store_true", help="start an Envoy in front of --upstream, and guard it")
    command.add_argument("--print-envoy", action="store_true", help="print the configuration for --envoy and leave")
    command.add_argument("--off", action="store_true", help="pass everything on unjudged: for measuring alone")
    command.add_argument("--websockets", choices=("refuse", "pass"), help="pass: on to --upstream, frames unjudged")
    command.add_argument("--workers", type=int, default=1, metavar="N", help="processes, each with a log of its own")
    command.add_argument("--pool", type=int, default=256, metavar="N", help="connections to the upstream; default 256")
    for name in _TIMES:
        command.add_argument(f"--{name}-timeout", type=float, metavar="S", help=_SAYS[name])
    actions = command.add_subparsers(dest="action", metavar="ACTION", title="at the command line")
    check = actions.add_parser("check", help="judge JSON Lines, one verdict a line")
    _common(check, inner=True)
    check.add_argument("file", nargs="?", default="-", metavar="FILE", help="default: standard input")
    check.add_argument("--show-bodies", action="store_true", help="show the new body and query, too")
    stream = actions.add_parser("filter", help="filter a stream of JSON Lines")
    _common(stream, inner=True)
    stream.add_argument("--route", default="/", help="name of the stream, for exemptions and the log")
    log = actions.add_parser("log", help="check the log of decisions")
    log.add_argument("what", choices=("verify",))
    log.add_argument("files", nargs="+", metavar="FILE", help="oldest first; rotated files of one log are found")


_SAYS: Final = {
    "connect": "seconds to reach the upstream (5)",
    "answer": "seconds between two signs of life of the upstream (60)",
    "header": "seconds for the head of a request (15)",
    "body": "seconds for the body of a request (60)",
    "write": "seconds for a client to take what was written (60)",
    "idle": "seconds that a quiet connection is kept (75)",
    "drain": "seconds for what is under way when told to stop (20)",
}


def _common(command: argparse.ArgumentParser, *, inner: bool = False) -> None:
    before = {action.dest for action in command._actions}  # noqa: SLF001 - argparse has no other list
    command.add_argument("--config", metavar="FILE", help="default: the nearest untag.toml, its table [guard]")
    command.add_argument("--mode", choices=("enforce", "observe"), help="observe: log only, change nothing")
    command.add_argument(
        "--log", metavar="FILE", help="the hash-chained log of decisions: JSON Lines, or SQLite if FILE ends in .sqlite"
    )
    command.add_argument("--log-key", metavar="FILE", help="secret of the log's digests; default: forgotten at the end")
    command.add_argument("--log-sync", choices=("always", "interval", "never"), default="interval")
    command.add_argument("--log-rotate", type=int, default=64, metavar="MB", help="size of one file; default 64")
    if inner:
        from argparse import SUPPRESS  # noqa: PLC0415 - loaded by whoever made the parser

        # an action's own defaults must not undo what was said before its name
        for action in command._actions:  # noqa: SLF001
            if action.dest not in before:
                action.default = SUPPRESS


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from untag.cli import guard_actions as actions  # noqa: PLC0415 - a server needs none of them

    if args.action == "log":
        return actions.verified(args)
    if args.action == "check":
        return actions.check(args)
    if args.action == "filter":
        return actions.filtered_lines(args)
    if not args.upstream and not args.ext_proc:
        raise UsageError("say what to guard: --upstream URL, --ext-proc ADDR, or an action (untag guard --help)")
    return _serve(args)


# --- as a server ---------------------------------------------------------------------------------------


def _limits(args: argparse.Namespace) -> Limits:
    from untag.guard.proxy import Limits  # noqa: PLC0415

    given = {name: getattr(args, f"{name}_timeout") for name in _TIMES}
    chosen = {name: value for name, value in given.items() if value is not None}
    for name, value in chosen.items():
        if not value > 0:
            raise UsageError(f"--{name}-timeout: more than 0 seconds")
    if args.pool < 1:
        raise UsageError("--pool: at least 1 connection")
    return Limits(pool=args.pool, **chosen)


def _serve(args: argparse.Namespace) -> int:
    """Run the server that was asked for."""
    if args.workers < 1:
        raise UsageError("--workers: at least 1 process")
    if args.envoy or args.print_envoy or args.upstream is None:
        if args.workers > 1:
            raise UsageError("--workers goes with the proxy alone; for Envoy, name several processors in its cluster")
        return _envoy(args) if args.envoy or args.print_envoy else _external(args)
    from untag.guard.serve import bound  # noqa: PLC0415

    shell = shell_of(args)
    if args.workers > 1:
        return _fleet(args, shell)
    gate = gate_of(args, log_of(args, shell.log))
    if not args.off:
        # nobody can connect before the first answer would be quick
        gate.warm()
    return _proxy(args, gate, shell, bound(args.listen), bound(args.admin) if args.admin else None)


def _proxy(
    args: argparse.Namespace, gate: Gate, shell: Shell, listen: socket, admin: socket | None, *, mounted: bool = True
) -> int:
    """Serve until told to stop."""
    import asyncio  # noqa: PLC0415

    from untag.guard.health import MOUNT  # noqa: PLC0415
    from untag.guard.serve import Service  # noqa: PLC0415

    limits = _limits(args)
    upstream = _upstream(args, gate, shell, limits)
    mount = MOUNT if mounted and admin is None else None
    service = Service(gate, upstream, limits=limits, guarded=not args.off, mount=mount)
    where = "{}:{}".format(*listen.getsockname()[:2])

    def started() -> None:
        state = "off" if args.off else gate.settings.mode
        print(f"untag: guarding {args.upstream} at http://{where} ({state})", file=sys.stderr, flush=True)

    _loop(asyncio, service.run(listen, admin, reload=lambda: settings_of(args), started=started))
    return 0


def _upstream(args: argparse.Namespace, gate: Gate, shell: Shell, limits: Limits) -> Upstream:
    from untag.guard.proxy import Upstream, tls_context  # noqa: PLC0415

    tls = tls_context(args.upstream_ca) if args.upstream_ca else None
    how: dict[str, Any] = {"limits": limits, "metrics": gate.metrics, "host": not args.upstream_host, "tls": tls}
    if shell.websockets == "refuse":
        return Upstream(args.upstream, **how)
    from untag.guard.sockets import SocketUpstream, checked  # noqa: PLC0415 - few services have any

    checked()
    made = SocketUpstream(args.upstream, **how)
    made.gate = None if args.off else gate
    return made


def _fleet(args: argparse.Namespace, shell: Shell) -> int:
    """Serve with several processes that share one address."""
    import secrets  # noqa: PLC0415

    from untag.guard import fleet  # noqa: PLC0415
    from untag.guard.serve import address, bound  # noqa: PLC0415

    fleet.checked()
    _limits(args)
    key = key_of(args) or secrets.token_bytes(32)
    # what all of them need is loaded once, and shared
    gate_of(args).warm()
    listen = bound(args.listen)
    admins = []
    if args.admin:
        host, port = address(args.admin)
        shown = f"[{host}]" if ":" in host else host
        admins = [bound(f"{shown}:{port + number}") for number in range(args.workers)]

    def work(number: int) -> int:
        path = str(fleet.log_path(Path(shell.log), number)) if shell.log else ""
        gate = gate_of(args, log_of(args, path, key=key))
        # below the address that all share, each answer would come from another process
        return _proxy(args, gate, shell, listen, admins[number - 1] if admins else None, mounted=False)

    def told(text: str) -> None:
        print(f"untag: {text}", file=sys.stderr, flush=True)

    return fleet.Fleet(args.workers, work, told).run()


def _loop(asyncio: Any, main: Any) -> None:
    """Run with uvloop where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        asyncio.run(main)
        return
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


def _external(args: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from untag.guard.ext_proc import serve  # noqa: PLC0415
    from untag.guard.serve import end  # noqa: PLC0415

    _tune()
    gate = gate_of(args, log_of(args, shell_of(args).log))

    def started(port: int) -> None:
        print(f"untag: external processor at {args.ext_proc} (port {port})", file=sys.stderr, flush=True)

    try:
        _loop(asyncio, serve(gate, args.ext_proc, reload=lambda: settings_of(args), started=started))
    finally:
        end(gate)
    return 0


def _tune() -> None:
    """Have gRPC read its sockets where its events are waited for, unless the owner chose for himself."""
    from untag.guard.ext_loop import EXPERIMENTS  # noqa: PLC0415

    os.environ.setdefault("GRPC_EXPERIMENTS", EXPERIMENTS)


def _envoy(args: argparse.Namespace) -> int:
    from untag.guard import envoy  # noqa: PLC0415
    from untag.guard.serve import end  # noqa: PLC0415

    if not args.upstream:
        raise UsageError("--envoy needs --upstream URL")
    settings = settings_of(args)
    plan = envoy.Plan(
        listen=args.listen,
        upstream=args.upstream,
        processor=args.ext_proc or "127.0.0.1:18555",
        body_cap=settings.body_cap,
        fail_open=settings.fail == "open",
        answer=_limits(args).answer,
    )
    if args.print_envoy:
        print(envoy.configuration(plan))
        return 0
    _tune()
    gate = gate_of(args, log_of(args, shell_of(args).log))
    try:
        return envoy.run(plan, gate, reload=lambda: settings_of(args))
    finally:
        end(gate)
