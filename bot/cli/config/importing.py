"""`quorum config import`: another reviewer's file → ours, and a table of what became of each key."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.cli.config.files import read_utf8, write_new
from config.importing.coderabbit import import_coderabbit
from config.importing.pr_agent import import_pr_agent
from config.importing.result import Imported, table
from workers.domain.errors import UserError


def run(parsed: argparse.Namespace) -> int:
    """Print or write the file; the table goes to the standard error, so that the file can be piped on."""
    imported = imported_from(parsed.file)
    if parsed.output:
        write_new(Path(parsed.output), imported.file_text, force=parsed.force)
        print(f"Wrote {parsed.output}.")
    else:
        sys.stdout.write(imported.file_text)
    print(table(imported), file=sys.stderr)
    return 0


def imported_from(name: str) -> Imported:
    """The file `name`, told by its ending. Raises UserError for another one, ConfigError for one that can't be read."""
    match Path(name).suffix:
        case ".yaml" | ".yml":
            return import_coderabbit(read_utf8(name))
        case ".toml":
            return import_pr_agent(read_utf8(name))
        case _:
            raise UserError(f"{name} is neither a .coderabbit.yaml nor a .pr_agent.toml.")
