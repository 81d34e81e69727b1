"""Scan on all cores: forked workers that share the compiled lexicon and the list of files.

Tasks are numbered; their numbers lie in a pipe from which whoever is free takes the
next. Each worker sends what it gathered after every few tasks, so a worker that dies
loses only the tasks in its hands: those are tried again one by one, and the one that
kills again becomes a Gap. Platforms without ``fork`` scan in one process.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Final

from untag.limits import LARGE
from untag.model import FileRef, Gap
from untag.nouns import dataclass
from untag.tally import Tally
from untag.windows import BLOCK, shared_counts, streams

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from untag.engine import Scanner

FEW: Final = 400
"""Files up to which one process is faster than forking two."""
BATCH: Final = 32
"""Files per task where there are thousands."""
PIPE_TASKS: Final = 12_000
"""Task numbers that surely fit into a pipe (64 KiB, 4 bytes each)."""
GATHER: Final = 16
"""Tasks after which a worker sends what it has."""

Progress = "Callable[[int, int], None]"


@dataclass(frozen=True, slots=True)
class Task:
    """Some files, or a share of one large file."""

    refs: tuple[FileRef, ...]
    part: tuple[int, int] = (0, 1)


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def plan(refs: Sequence[FileRef], jobs: int) -> list[Task]:
    """Cut the work into tasks: large files into shares, small ones into batches."""
    large = [r for r in refs if r.size >= LARGE]
    names = {r.trail for r in large}
    tasks = [Task((r,), (i, of)) for r in large for of in (_shares(r, jobs),) for i in range(of)]
    small = [r for r in refs if r.trail not in names] if large else list(refs)
    size = max(1, min(BATCH, len(small) // (jobs * 4) or 1), -(-len(small) // PIPE_TASKS))
    tasks += [Task(tuple(small[i : i + size])) for i in range(0, len(small), size)]
    return tasks


def _shares(ref: FileRef, jobs: int) -> int:
    """Return into how many shares a large file is cut."""
    if jobs < 2 or streams(ref.trail[-1]):  # noqa: PLR2004 - one is none
        return jobs
    return max(1, -(-ref.size // BLOCK))


def run(
    scanner: Scanner, refs: Sequence[FileRef], jobs: int, progress: Callable[[int, int], None] | None = None
) -> Tally:
    """Scan files with up to ``jobs`` processes and return all that was gathered.

    ``progress`` is called with files done and files in all.
    """
    large = any(r.size >= LARGE for r in refs)
    if jobs < 2 or not hasattr(os, "fork") or (len(refs) <= FEW and not large):  # noqa: PLR2004 - one is none
        return _alone(scanner, refs, progress)
    return _Pool(scanner, plan(refs, jobs), jobs, progress, len(refs)).run()


def _alone(scanner: Scanner, refs: Sequence[FileRef], progress: Callable[[int, int], None] | None) -> Tally:
    done = 0
    for task in plan(refs, 1):
        for ref in task.refs:
            scanner.feed(ref, task.part)
        done += len(task.refs) if task.part[0] == 0 else 0
        if progress:
            progress(done, len(refs))
    return scanner.take()


class _Pool:
    """The parent's side."""

    def __init__(
        self,
        scanner: Scanner,
        tasks: list[Task],
        jobs: int,
        progress: Callable[[int, int], None] | None,
        total: int,
    ) -> None:
        self.scanner = scanner
        self.tasks = tasks
        self.jobs = min(jobs, len(tasks))
        self.progress = progress
        self.total = total
        self.done = 0
        self.tally = Tally()
        self.open: set[int] = set(range(len(tasks)))
        self.children: list[int] = []
        scanner.line_counts |= {
            ref.trail: shared_counts(ref.size)
            for task in tasks
            if task.part[1] > 1
            for ref in task.refs
            if not task.part[0]
        }
        _load(scanner, many=total > FEW)

    def run(self) -> Tally:
        """Hand out the tasks, gather what comes home, try again what was lost."""
        try:
            self._round(sorted(self.open), self.jobs)
            for number in sorted(self.open):
                self._again(number)
        except BaseException:
            for pid in self.children:
                _kill(pid)
            raise
        finally:
            gc.unfreeze()
        return self.tally

    def _again(self, number: int) -> None:
        """Try the files of a lost task one by one, each in a worker of its own."""
        task = self.tasks[number]
        self.open.discard(number)
        for ref in task.refs:
            self.tasks.append(Task((ref,), task.part))
            last = len(self.tasks) - 1
            self.open.add(last)
            self._round([last], 1)
            if last in self.open:
                self.open.discard(last)
                self.tally.gaps.append(Gap(ref.trail, "crashed", "the reader died on it, twice; please report it"))
                self.tally.coverage += type(self.tally.coverage)(files=1, unread=1)

    def _round(self, numbers: list[int], jobs: int) -> None:
        queue, feed = os.pipe()
        os.write(feed, b"".join(n.to_bytes(4, "little") for n in numbers))
        os.close(feed)
        pipes: dict[int, bytearray] = {}
        self.children = []
        for _ in range(jobs):
            out, back = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(out)
                _work(self.scanner, self.tasks, queue, back)
            os.close(back)
            pipes[out] = bytearray()
            self.children.append(pid)
        os.close(queue)
        self._gather(pipes)
        for pid in self.children:
            os.waitpid(pid, 0)
        self.children = []

    def _gather(self, pipes: dict[int, bytearray]) -> None:
        import selectors  # noqa: PLC0415 - small scans need no workers

        # not `select`, which knows no descriptor from 1,024 on: a caller of the library may hold many
        watched = selectors.DefaultSelector()
        for out in pipes:
            watched.register(out, selectors.EVENT_READ)
        while pipes:
            for out in [key.fd for key, _ in watched.select(0.5)]:
                chunk = os.read(out, 1 << 20)
                if not chunk:
                    watched.unregister(out)
                    os.close(out)
                    del pipes[out]
                    continue
                pipes[out] += chunk
                self._unpack(pipes[out])
        watched.close()

    def _unpack(self, held: bytearray) -> None:
        """Take every whole message off the front: 8 bytes of length, then our own worker's pickle."""
        import pickle  # noqa: PLC0415 - small scans need no workers

        while len(held) >= 8 and len(held) >= 8 + (size := int.from_bytes(held[:8], "little")):  # noqa: PLR2004
            numbers, tally = pickle.loads(bytes(held[8 : 8 + size]))  # noqa: S301 - from our own fork, nothing scanned
            del held[: 8 + size]
            self.tally.add(tally)
            self.open.difference_update(numbers)
            self.done += sum(len(self.tasks[n].refs) for n in numbers if self.tasks[n].part[0] == 0)
            if self.progress:
                self.progress(min(self.done, self.total), self.total)


def _load(scanner: Scanner, *, many: bool) -> None:
    """Load what all workers need, so that they share it; with many files some of them surely hold a term."""
    scanner.lexicon.anchors.engine.load()
    if many:
        import untag.interpret  # noqa: PLC0415
        import untag.readers  # noqa: F401, PLC0415

        scanner.lexicon.context.engine.load()
        _ = scanner.lens
        gc.freeze()  # a collection in a worker would copy the pages of what it looks through


def _work(scanner: Scanner, tasks: list[Task], queue: int, back: int) -> None:
    """Do tasks until none is left; never returns."""
    import signal  # noqa: PLC0415 - small scans need no workers

    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        numbers: list[int] = []
        while len(raw := os.read(queue, 4)) == 4:  # noqa: PLR2004
            number = int.from_bytes(raw, "little")
            task = tasks[number]
            for ref in task.refs:
                scanner.feed(ref, task.part)
            numbers.append(number)
            if len(numbers) >= GATHER or scanner.tally.findings or scanner.tally.gaps:
                _send(back, numbers, scanner.take())
                numbers = []
        if numbers:
            _send(back, numbers, scanner.take())
        code = 0
    finally:
        os._exit(code)


def _send(back: int, numbers: list[int], tally: Tally) -> None:
    import pickle  # noqa: PLC0415 - see _unpack

    body = pickle.dumps((numbers, tally), protocol=5)
    data = memoryview(len(body).to_bytes(8, "little") + body)
    while data:
        data = data[os.write(back, data) :]


def _kill(pid: int) -> None:
    import signal  # noqa: PLC0415 - small scans need no workers

    try:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return
