"""A clock for programs that are not ours, Valkey and PostgreSQL: libfaketime asks a file how far it is ahead."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
)
"""Where Debian's package libfaketime has it."""


def library() -> str | None:
    """Its path; None where it is not installed, and nobody's clock but ours can jump."""
    return next((path for path in LIBRARIES if Path(path).exists()), None)


@dataclass(frozen=True, slots=True)
class Clock:
    """One host's; `file` says how many seconds it is ahead."""

    file: Path

    def jump(self, ahead_s: float) -> None:
        """From now on, for whoever was started with `environment`."""
        fresh = self.file.with_suffix(".next")
        fresh.write_text(f"{ahead_s:+.0f}\n", encoding="ascii")
        fresh.chmod(0o644)  # PostgreSQL runs as somebody else
        fresh.replace(self.file)

    def environment(self) -> Mapping[str, str]:
        """What a program is started with; nothing where the library is absent."""
        found = library()
        if found is None:
            return {}
        self.jump(0.0)
        return {
            "LD_PRELOAD": found,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
        }

    @contextlib.contextmanager
    def inherited(self) -> Iterator[None]:
        """What is started inside the block has this clock: for who lets nobody say an environment."""
        given = self.environment()
        os.environ.update(given)
        try:
            yield
        finally:
            for name in given:
                del os.environ[name]
