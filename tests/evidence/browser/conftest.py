"""A real Chromium, headless; skips aloud where there is none. axe-core comes from npm when it is asked for."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from untag.nouns import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-default-apps", "--disable-features=Translate,OptimizationHints,MediaRouter",
)  # fmt: skip
AXE = "axe-core@4"


# no longer than a module: Playwright's own event loop stands in the way of any other test that runs one
@pytest.fixture(scope="module")
def chromium():
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium: apt install chromium, or name it in CHROMIUM")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


class Watched:
    """A page with what it printed, raised and asked for."""

    def __init__(self, page):
        self.page = page
        self.said = []
        self.asked = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, path):
        self.page.goto(path.as_uri())
        return self.page


@pytest.fixture
def watched(chromium):
    contexts = []

    def make(**options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        return Watched(context.new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """Return the text of axe-core, unpacked from the registry's archive; nothing of it is kept."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to bring axe-core")
    folder = tmp_path_factory.mktemp("axe")
    made = subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    found = sorted(folder.glob("*.tgz"))
    if made.returncode or not found:
        pytest.skip(f"the npm registry did not answer: {made.stderr.strip()[:200]}")
    with tarfile.open(fileobj=io.BytesIO(found[0].read_bytes())) as tape:
        return tape.extractfile("package/axe.min.js").read().decode()


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """Return the pages that the tests open, by name."""
    from html_values import crowd, decision, hostile, many, report, written

    folder = tmp_path_factory.mktemp("pages")
    other = replace(many(), target="other.zip", decisions=(decision(operation="searches"), *many().decisions[2:]))
    pages = {
        "many": [many()],
        "two": [many(), other],
        "hostile": [hostile()],
        "clean": [report()],
        "crowd": [crowd(300)],
    }
    return {name: written(folder / f"{name}.html", *reports) for name, reports in pages.items()}
