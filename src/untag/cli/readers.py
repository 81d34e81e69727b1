"""``untag readers``: the formats that are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""
    del command


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    del args
    from untag.readers import catalogue  # noqa: PLC0415 - loads where it is used
    from untag.readers.artifacts import DOORS  # noqa: PLC0415
    from untag.readers.containers import CONTAINERS  # noqa: PLC0415

    print("containers:")
    for container in CONTAINERS:
        print(f"  {container.name:12} version {container.version}")
    print("structured:")
    for door in DOORS:
        print(f"  {door.name:12} version {door.version}  {', '.join(door.formats)}")
    print("text:")
    for name, version, formats in catalogue():
        print(f"  {name:12} version {version}  {', '.join(formats)}")
    print("anything else is searched as bytes, in UTF-8, UTF-16LE and GB18030")
    return 0
