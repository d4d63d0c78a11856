"""`quorum version`."""

from __future__ import annotations

from importlib.metadata import version


def run() -> int:
    """Print the installed version."""
    print(version("quorum"))
    return 0
