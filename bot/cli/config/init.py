"""`quorum config init`: write a file in which every default stands as a comment."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli.config.files import write_new
from bot.cli.local_config import PLACES, repository_root
from config.template import starter_text


def run(parsed: argparse.Namespace) -> int:
    """Write it; raises UserError when one exists."""
    target = repository_root(Path(parsed.path)) / PLACES[0]
    write_new(target, starter_text(), force=parsed.force)
    print(f"Wrote {target}. Uncomment what you change; `quorum config check` checks it.")
    return 0
