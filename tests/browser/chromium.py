"""A real Chromium without a window, for what only a browser knows: where lines end, what sticks out."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_S = 60
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
MISSING = "no Chromium here: what a review looks like is not measured (Debian: apt-get install chromium)"


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser's program; each use is a start of its own with a profile of its own."""

    program: str

    def dom(self, page: Path, *, patience_ms: int = 0) -> str:
        """The page's HTML once its scripts have run; so long, by the page's own clock, for what they put off."""
        waiting = [f"--virtual-time-budget={patience_ms}"] if patience_ms else []
        with _started(self.program, *waiting, "--dump-dom", page.as_uri()) as output:
            return output

    def picture(self, page: Path, target: Path, *, width_px: int, height_px: int) -> None:
        """The page as a PNG."""
        with _started(
            self.program, f"--screenshot={target}", f"--window-size={width_px},{height_px}", page.as_uri()
        ):
            pass


def found() -> Chromium | None:
    """The browser of this machine; None when there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    return Chromium(program) if program else None


def must_be_there() -> bool:
    """Whether a missing browser is a failure and nothing to be skipped."""
    return os.environ.get("QUORUM_TEST_BROWSER") == "required"


@contextmanager
def _started(program: str, *arguments: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, f"--user-data-dir={profile}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
        yield done.stdout
