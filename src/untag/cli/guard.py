"""``untag guard``: the proxy, the external processor, and the guard at the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ConfigError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from untag.guard.base import Settings
    from untag.guard.gate import Gate
    from untag.guard.log import Checked, DecisionLog
    from untag.guard.proxy import Limits

BROKEN: Final = 1
"""A log whose chain is broken."""
FAULTY: Final = 2
"""A line that could not be judged."""
CHUNK: Final = 1 << 16
LINE: Final = 64 << 20
"""Bytes of the longest line: above the cap of a body, so that the cap itself is what speaks."""
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
    command.add_argument("--log", metavar="FILE", help="the hash-chained log of decisions")
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
    if args.action == "log":
        return _verify(args)
    if args.action == "check":
        return _check(args)
    if args.action == "filter":
        return _filter(args)
    if not args.upstream and not args.ext_proc:
        raise UsageError("say what to guard: --upstream URL, --ext-proc ADDR, or an action (untag guard --help)")
    if args.envoy or args.print_envoy:
        return _envoy(args)
    return _serve(args)


# --- what all have in common -------------------------------------------------------------------------


def _settings(args: argparse.Namespace) -> Settings:
    """Return the settings of the nearest configuration, with what the command line overrules."""
    from untag.guard.settings import guard_table, load_settings, parse_settings  # noqa: PLC0415 - not for all actions
    from untag.nouns import replace  # noqa: PLC0415

    if args.config:
        path = Path(args.config)
        settings = parse_settings(guard_table(path), path)
    else:
        settings = load_settings(Path.cwd())
    return replace(settings, mode=args.mode) if args.mode else settings


def _log(args: argparse.Namespace) -> DecisionLog | None:
    if not args.log:
        return None
    from untag.guard.log import DecisionLog  # noqa: PLC0415

    key = b""
    if args.log_key:
        try:
            key = Path(args.log_key).read_bytes().strip()
        except OSError as error:
            raise ConfigError(f"{args.log_key}: the key cannot be read: {error.strerror or error}") from error
        if len(key) < _KEY:
            raise ConfigError(f"{args.log_key}: a key has at least {_KEY} bytes: openssl rand -hex 32 > FILE")
    return DecisionLog(Path(args.log), key=key, sync=args.log_sync, rotate=args.log_rotate << 20)


_KEY: Final = 16


def _gate(args: argparse.Namespace) -> Gate:
    from untag.guard.gate import Gate  # noqa: PLC0415

    return Gate(_settings(args), log=_log(args))


# --- at the command line -------------------------------------------------------------------------------


def _check(args: argparse.Namespace) -> int:
    from untag.guard.check import checked  # noqa: PLC0415

    settings = _settings(args)
    dump = _dumps()
    code = 0
    with _source(args.file) as source:
        write = sys.stdout.write
        while line := source.readline(LINE):
            if not line.strip():
                continue
            answer, judged = checked(line, settings, bodies=args.show_bodies)
            if not judged:
                code = FAULTY
            write(dump(answer) + "\n")
            if line[-1:] != b"\n" and len(line) == LINE:
                _skip(source)
    sys.stdout.flush()
    return code


def _skip(source: Any) -> None:
    while piece := source.readline(LINE):
        if piece.endswith(b"\n"):
            return


def _dumps() -> Callable[[Any], str]:
    import json  # noqa: PLC0415

    encoder = json.JSONEncoder(ensure_ascii=False)

    def dump(value: Any) -> str:
        # a lone surrogate, which JSON can hold and UTF-8 cannot
        text = encoder.encode(value)
        return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()

    return dump


class _source:  # noqa: N801 - a context manager
    """Standard input or a file, in bytes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> Any:
        if self._name == "-":
            self._file: Any = sys.stdin.buffer
            return self._file
        try:
            self._file = Path(self._name).open("rb")
        except OSError as error:
            raise UsageError(f"{self._name} cannot be read: {error.strerror or error}") from error
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._name != "-":
            self._file.close()


def _filter(args: argparse.Namespace) -> int:
    from untag.guard.filter import Counts, filtered  # noqa: PLC0415

    gate = _gate(args)
    counts = Counts()
    out = sys.stdout.buffer

    def told(number: int, action: str) -> None:
        what = "refused" if action == "refuse" else "withheld, it could not be judged"
        print(f"untag: event {number}: {what}", file=sys.stderr)

    try:
        for line in filtered(
            iter(lambda: sys.stdin.buffer.readline(LINE), b""), gate, counts, route=args.route, told=told
        ):
            out.write(line)
            out.flush()
    finally:
        gate.tally()
        if gate.log:
            gate.log.close()
    said = f"{counts.read} read, {counts.passed} passed, {counts.changed} changed, {counts.refused} refused"
    print(f"untag: {said}, {counts.failed} withheld", file=sys.stderr)
    return FAULTY if counts.failed else 0


def _verify(args: argparse.Namespace) -> int:
    from untag.guard.log import rotated, verify  # noqa: PLC0415

    paths = [Path(name) for name in args.files]
    if len(paths) == 1 and not paths[0].suffix.removeprefix(".").isdigit():
        paths = [*rotated(paths[0]), *paths]
    try:
        result = verify(paths)
    except OSError as error:
        raise UsageError(f"{error.filename}: the log cannot be read: {error.strerror or error}") from error
    print(_told(result))
    return BROKEN if result.fault or not result.records else 0


def _told(result: Checked) -> str:
    if result.fault:
        sound = f"; sound before it: {result.records} records" if result.records else ""
        return f"BROKEN at {result.where}: {result.fault}{sound}"
    if not result.records:
        return "EMPTY: no record to verify"
    lines = [f"OK: {result.records} records, {result.first} to {result.last}", f"head {result.head}"]
    if result.first > 1:
        lines.append(f"records 1 to {result.first - 1} stand in files that were not given")
    if result.torn:
        lines.append(f"a last line of {result.torn} bytes was never finished (a crash); all before it is sound")
    return "\n".join(lines)


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
    import asyncio  # noqa: PLC0415

    from untag.guard.health import MOUNT  # noqa: PLC0415
    from untag.guard.proxy import Upstream, tls_context  # noqa: PLC0415
    from untag.guard.serve import Service, bound  # noqa: PLC0415

    if args.upstream is None:
        return _external(args)
    limits = _limits(args)
    gate = _gate(args)
    tls = tls_context(args.upstream_ca) if args.upstream_ca else None
    upstream = Upstream(args.upstream, limits=limits, metrics=gate.metrics, host=not args.upstream_host, tls=tls)
    service = Service(gate, upstream, limits=limits, guarded=not args.off, mount=None if args.admin else MOUNT)
    if not args.off:
        # nobody can connect before the first answer would be quick
        gate.warm()
    listen = bound(args.listen)
    admin = bound(args.admin) if args.admin else None
    where = "{}:{}".format(*listen.getsockname()[:2])

    def started() -> None:
        state = "off" if args.off else gate.settings.mode
        print(f"untag: guarding {args.upstream} at http://{where} ({state})", file=sys.stderr, flush=True)

    main = service.run(listen, admin, reload=lambda: _settings(args), started=started)
    _loop(asyncio, main)
    return 0


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

    gate = _gate(args)

    def started(port: int) -> None:
        print(f"untag: external processor at {args.ext_proc} (port {port})", file=sys.stderr, flush=True)

    try:
        _loop(asyncio, serve(gate, args.ext_proc, reload=lambda: _settings(args), started=started))
    finally:
        end(gate)
    return 0


def _envoy(args: argparse.Namespace) -> int:
    from untag.guard import envoy  # noqa: PLC0415
    from untag.guard.serve import end  # noqa: PLC0415

    if not args.upstream:
        raise UsageError("--envoy needs --upstream URL")
    settings = _settings(args)
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
    gate = _gate(args)
    try:
        return envoy.run(plan, gate, reload=lambda: _settings(args))
    finally:
        end(gate)
