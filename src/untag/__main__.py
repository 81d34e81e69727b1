"""The ``untag`` command. ``--version`` is answered before anything else is imported."""

import os
import sys


def main() -> int:
    """Run the command line and return its exit code; a process of its own ends here."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from untag._version import __version__  # noqa: PLC0415 - the point of this function

        print(f"untag {__version__}")  # noqa: T201
        return 0
    from untag.cli import main as run  # noqa: PLC0415

    code = run(sys.argv[1:])
    _leave(code)
    return code


def _leave(code: int) -> None:
    """End the process at once, with all output written and all handlers called.

    To take apart the lexicon and every module first, as the interpreter does at its end,
    takes a tenth of a short scan. Where anyone may still want to see them (a debugger, a
    profiler, ``python -i``, another thread) or the output cannot be written, the
    interpreter ends its own way.
    """
    threads = sys.modules.get("threading")
    watched = sys.gettrace() or sys.getprofile() or sys.flags.interactive or os.environ.get("PYTHONINSPECT")
    if watched or (threads and threads.active_count() > 1):
        return
    import atexit  # noqa: PLC0415

    try:
        atexit._run_exitfuncs()  # noqa: SLF001 - what the interpreter itself calls
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
