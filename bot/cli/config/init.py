"""`quorum config init`: write a commented file with every default."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli.config.files import write_new
from bot.cli.local_config import PLACES, repository_root
from config.template import template_text


def run(parsed: argparse.Namespace) -> int:
    """Write it; raises UserError when one exists."""
    target = repository_root(Path(parsed.path)) / PLACES[0]
    write_new(target, template_text(), force=parsed.force)
    print(f"Wrote {target}. Every key may be left out; `quorum config check` checks what you change.")
    return 0
