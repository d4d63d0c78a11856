"""A local change as the pipelines read it: its files classified by the repository's own rules."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.cli.change_arguments import ChangeOptions
from bot.cli.local_config import effective_config
from config.repository import RepositoryConfig
from config.settings import Settings
from workers.analysis.diff import parse_diff
from workers.domain.change import Change, Snapshot
from workers.git.local import LocalLimits, read_local
from workers.pipelines.coverage import classified, without_ignored

BOUNDARY_BYTES = 16


@dataclass(frozen=True, slots=True)
class LocalChange:
    """The change, the repository around it, and the configuration in force."""

    change: Change
    snapshot: Snapshot
    config: RepositoryConfig


async def read_change(settings: Settings, options: ChangeOptions, environ: Mapping[str, str]) -> LocalChange:
    """What `options` name, with the reason for each file that is not to be read. Raises UserError."""
    path = Path(options.path)
    config = effective_config(path, environ).config
    limits = LocalLimits(settings.files_max, settings.file_max_bytes, settings.snapshot_max_bytes)
    change, snapshot = await read_local(path, options.base, options.head, limits, parse_diff)
    files = classified(change.files, change.attributes, settings.file_max_bytes)
    kept = without_ignored(files, config.ignore.path_filter())
    return LocalChange(replace(change, files=kept), snapshot, config)


def new_boundary() -> str:
    """A word that marks data in a question, which nobody can guess."""
    return secrets.token_hex(BOUNDARY_BYTES)
