"""The outputs that stay, before and after, on noise: ONNX Runtime in a process of its own.

The runtime is foreign code that parses hostile bytes: a crash of it is an error here and its memory is gone with it.
The models are given to it lean, their big tensors as references into the files, so that it maps what it needs; one
model is open at a time. What is compared is bits; where a kernel adds in another order because a layer became
narrower, the difference has to stay below a proved bound (`untag.strip.onnx.bound`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from untag.strip.base import Check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from untag.strip.onnx.nouns import Kept

NAME: Final = "kept outputs equal"
SECONDS: Final = 600.0
"""The child is ended after this long: 200 inputs of the largest vision models take two minutes."""


def compare(before: Path, after: Path, kept: Sequence[Kept], *, inputs: int = 200, seed: int = 0) -> Check:
    """Run two models on the same seeded noise and compare every kept output.

    Dynamic dims are small, integers are in a range that is safe to index with, overridable initializers are constants
    in both. External data must stand beside or below the model. Fewer inputs are run if the model is large; the
    figures say how many. What the runtime refuses, and an unequal output, is a check that failed, never an exception.
    """
    with begin(before, after, kept, inputs=inputs, seed=seed) as running:
        return running.check()


def begin(before: Path, after: Path, kept: Sequence[Kept], *, inputs: int = 200, seed: int = 0) -> Running:
    """Start to run the old model; the new one need not be there until `Running.check` is called.

    So the old model runs while the new one is written.
    """
    request = {
        "before": str(before.absolute()),
        "after": str(after.absolute()),
        "kept": [[k.old, k.new, list(k.selection) if k.selection else None] for k in kept],
        "inputs": inputs,
        "seed": seed,
        "seconds": int(SECONDS),
    }
    return Running(request)


class Running:
    """A comparison under way. Leave its ``with`` to end it, whatever it does."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._request = request
        self._process: subprocess.Popen[bytes] | None = None
        self._fault = ""
        if not sys.executable:
            self._fault = "there is no Python interpreter to run the model in a process of its own"
            return
        command = [sys.executable, "-P", "-B", "-m", f"{__package__}.numeric_child"]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            assert self._process.stdin is not None
            with suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
        except OSError as error:
            self._fault = f"no process could be started to run the models: {error.strerror or error}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()

    def ready(self) -> None:
        """Say that the new model is there: it is run while other things are done."""
        if self._process is not None and self._process.stdin is not None and not self._fault:
            with suppress(OSError):
                self._process.stdin.write(b"go\n")
                self._process.stdin.flush()

    def check(self) -> Check:
        """Run the new model, and return what came of both."""
        answer = self._answer()
        figures = {"asked": self._request["inputs"], "seed": self._request["seed"], **answer.get("figures", {})}
        detail = str(answer.get("error") or answer.get("detail"))
        return Check(NAME, passed="error" not in answer, detail=detail, figures=figures)

    def _answer(self) -> dict[str, Any]:
        """Return what the child says; its end without a word is an error too."""
        if self._process is None or self._fault:
            return {"error": self._fault}
        try:
            out, _ = self._process.communicate(b"go\n", timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return {"error": f"the models did not end their {self._request['inputs']} inputs within {SECONDS:g} s"}
        lines = out.splitlines()
        try:
            said = json.loads(lines[-1]) if lines else None
        except ValueError:
            said = None
        if isinstance(said, dict):
            return said
        code = self._process.returncode
        how = f"signal {-code}" if code < 0 else f"code {code}"
        return {"error": f"the runtime died on the models ({how}): a fault of it, or too little memory"}
