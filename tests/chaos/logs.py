"""What the processes of a broken run said, in one file."""

from __future__ import annotations

from pathlib import Path


def keep_logs(folder: Path, kept: str) -> str:
    """Beside the Makefile, for whoever looks for the reason; returns its name."""
    with open(kept, "w", encoding="utf-8") as out:
        for log in sorted(folder.glob("*.log")):
            out.write(f"===== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')}\n")
    return kept
