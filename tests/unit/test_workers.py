"""Workers: the same report as one process gives, a worker that dies costs its task, nobody is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from untag import limits, workers
from untag.engine import Scanner
from untag.match import store
from untag.model import FileRef
from untag.packages import Packages
from untag.workers import plan, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="one process where there is no fork")

LEXICON = store.load()
STRUCT = b"struct FaceAttribute {\n  int age;\n  int gender;\n  int glasses;\n  int ethnicity;\n};\n"


@pytest.fixture
def refs(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "FEW", 3)
    made = []
    for number in range(60):
        path = tmp_path / f"f{number:03}.h"
        path.write_bytes(STRUCT if number % 5 == 0 else b"int x;\n")
        made.append(FileRef((path.name,), str(path), 0))
    return made


def scanner():
    return Scanner(LEXICON, None, Packages())


def order(tally):
    return sorted(tally.findings, key=lambda f: (f.trail, f.line, f.rule))


def test_workers_find_what_one_process_finds(refs):
    alone, together = run(scanner(), refs, 1), run(scanner(), refs, 4)
    assert order(alone) == order(together)
    assert alone.coverage == together.coverage
    assert len(alone.findings) >= 12


def test_a_worker_that_dies_costs_its_task_alone(refs, monkeypatch):
    feed = Scanner.feed
    parent = os.getpid()

    def deadly(self, item, part=(0, 1)):
        if item.trail == ("f010.h",) and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        feed(self, item, part)

    monkeypatch.setattr(Scanner, "feed", deadly)
    tally = run(scanner(), refs, 3)
    assert [(g.trail, g.reason) for g in tally.gaps] == [(("f010.h",), "crashed")]
    assert tally.coverage.files == 60
    assert tally.coverage.unread == 1
    assert {f.trail[0] for f in tally.findings} == {f"f{n:03}.h" for n in range(0, 60, 5)} - {"f010.h"}


def test_every_worker_dying_at_once_is_survived(refs, monkeypatch):
    feed = Scanner.feed
    parent = os.getpid()
    flag = refs[0].path + ".died"

    def deadly(self, item, part=(0, 1)):
        if os.getpid() != parent and len(os.listdir(os.path.dirname(flag))) < 63:
            with open(f"{flag}{os.getpid()}", "w"):
                pass
            os._exit(1)
        feed(self, item, part)

    monkeypatch.setattr(Scanner, "feed", deadly)
    tally = run(scanner(), refs, 3)
    assert tally.coverage.files == 60
    assert not tally.coverage.unread


def test_more_results_than_a_pipe_holds_do_not_block(refs, tmp_path):
    path = tmp_path / "big.h"
    path.write_bytes(b"".join(STRUCT.replace(b"FaceAttribute", b"FaceAttribute%d" % i) for i in range(800)))
    tally = run(scanner(), [*refs, FileRef(("big.h",), str(path), 0)], 2)
    assert len(tally.findings) > 100


def test_without_fork_one_process_does_it(refs, monkeypatch):
    monkeypatch.delattr(os, "fork")
    assert len(run(scanner(), refs, 4).findings) >= 12


def test_progress_reaches_the_end_and_never_passes_it(refs):
    seen = []
    run(scanner(), refs, 2, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (60, 60)
    assert all(done <= total for done, total in seen)


def test_plan_covers_every_file_once_and_shares_the_large():
    refs = [FileRef((f"s{n}",), "", 0) for n in range(1000)] + [FileRef(("big",), "", limits.LARGE * 3)]
    tasks = plan(refs, 4)
    small = [r for t in tasks for r in t.refs if r.trail != ("big",)]
    assert len(small) == 1000
    shares = [t.part for t in tasks if t.refs[0].trail == ("big",)]
    assert shares == [(i, len(shares)) for i in range(len(shares))]


def test_interrupt_leaves_no_orphans(tmp_path):
    for number in range(40):
        (tmp_path / f"f{number}.txt").write_text("x")
    program = textwrap.dedent(
        f"""
        import os, signal, sys, time
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
        from untag import workers
        from untag.engine import Scanner
        from untag.match import store
        from untag.model import FileRef
        from untag.packages import Packages
        workers.FEW = 1
        lexicon = store.load()
        def slow(self, item, part=(0, 1)):
            os.write(1, b"%d\\n" % os.getpid())
            time.sleep(60)
        Scanner.feed = slow
        refs = [FileRef((str(n),), {str(tmp_path)!r} + f"/f{{n}}.txt", 0) for n in range(40)]
        try:
            workers.run(Scanner(lexicon, None, Packages()), refs, 2)
        except KeyboardInterrupt:
            sys.exit(130)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    children = [int(process.stdout.readline()) for _ in range(2)]
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    process.stdout.close()
    deadline = time.monotonic() + 5
    while any(map(alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, children))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
