"""The ``untag`` command. ``--version`` is answered before anything else is imported."""

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from untag._version import __version__  # noqa: PLC0415 - the point of this function

        print(f"untag {__version__}")  # noqa: T201
        return 0
    from untag.cli import main as run  # noqa: PLC0415

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
