"""`quorum worker`."""

from __future__ import annotations

from config.settings import Settings
from workers.main import main


def run(settings: Settings) -> int:
    """Work until told to stop."""
    return main(settings)
