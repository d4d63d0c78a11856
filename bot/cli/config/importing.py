"""`quorum config import`: another reviewer's file → ours, and a table of what became of each key."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.cli.config.files import read_utf8, write_new
from config.errors import ConfigError
from config.importing.coderabbit import import_coderabbit
from config.importing.pr_agent import import_pr_agent
from config.importing.result import Imported, table
from workers.domain.errors import UserError

READERS: Mapping[str, Callable[[str], Imported]] = {
    ".yaml": import_coderabbit,
    ".yml": import_coderabbit,
    ".toml": import_pr_agent,
}
"""What reads a file, by its ending."""


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
    reader = READERS.get(Path(name).suffix)
    if reader is None:
        raise UserError(f"{name} is neither a .coderabbit.yaml nor a .pr_agent.toml.")
    try:
        return reader(read_utf8(name))
    except ConfigError as error:
        raise ConfigError(name, error.problems) from None
