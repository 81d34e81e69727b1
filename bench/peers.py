"""The programs that untag is held against; each is skipped aloud where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
TOOLS: Final = HERE / "data" / "tools"
RG_FLAGS: Final = ("-uuu", "-a", "-i", "-F", "-n", "-b", "-o", "-f")
PLATFORMS: Final = {"linux": "linux", "darwin": "darwin", "win32": "win32"}


def ripgrep() -> str | None:
    """Return ripgrep: ``$UNTAG_RG``, else the binary of npm's ``@vscode/ripgrep``, fetched once, else one on the path."""
    if chosen := os.environ.get("UNTAG_RG"):
        return chosen
    binary = TOOLS / "package" / "bin" / "rg"
    if not binary.exists() and shutil.which("npm") and sys.platform in PLATFORMS:
        arch = "arm64" if os.uname().machine in ("arm64", "aarch64") else "x64"
        TOOLS.mkdir(parents=True, exist_ok=True)
        name = f"@vscode/ripgrep-{PLATFORMS[sys.platform]}-{arch}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", name], cwd=TOOLS, capture_output=True, text=True, check=False
        )
        if packed.returncode == 0:
            with tarfile.open(TOOLS / packed.stdout.strip().splitlines()[-1]) as archive:
                archive.extractall(TOOLS, filter="data")
    return str(binary) if binary.exists() else shutil.which("rg")


def untag(*arguments: str) -> list[str]:
    """Return a command line of the installed program."""
    beside = Path(sys.executable).with_name("untag")
    return [str(beside) if beside.exists() else "untag", *arguments]


def scan(target: Path, *more: str) -> list[str]:
    """Return the command line that scans and writes a JSON report."""
    return untag(
        "scan", str(target), "-q", "-f", "json", "--no-gitignore", "-o", str(HERE / "data" / "report.json"), *more
    )


def search(rg: str, terms: Path, target: Path, *more: str) -> list[str]:
    """Return ripgrep's command line with the same terms, with lines, offsets and matches as a report needs them."""
    return [rg, *more, *RG_FLAGS, str(terms), str(target)]


def detect_secrets(target: Path) -> list[str] | None:
    """Return the command line of detect-secrets over a folder, or None."""
    found = shutil.which("detect-secrets")
    return [found, "scan", "--all-files", str(target)] if found else None


def semgrep(target: Path, terms: Path) -> list[str] | None:
    """Return the command line of semgrep with some of the terms as patterns, or None."""
    found = shutil.which("semgrep")
    if not found:
        return None
    words = [w for w in terms.read_text("utf-8").splitlines() if w.isascii() and w.isalpha()][:20]
    rule = HERE / "data" / "semgrep.yaml"
    body = "".join(f'  - pattern-regex: "(?i){w}"\n' for w in words)
    rule.write_text(
        "rules:\n- id: terms\n  languages: [generic]\n  severity: INFO\n  message: term\n  pattern-either:\n" + body,
        "utf-8",
    )
    return [
        found,
        "--config",
        str(rule),
        "--metrics=off",
        "--disable-version-check",
        "--no-git-ignore",
        "-q",
        "--json",
        str(target),
    ]
