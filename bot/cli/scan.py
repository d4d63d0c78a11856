"""`quorum scan`: the static analysers on a whole tree, no model asked."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bot.cli.local_config import DEFAULTS_ORIGIN, effective_config, local_layer
from bot.cli.redaction import redacted
from bot.cli.review import FORMATS, Progress, exit_code, progress_on, write
from config.settings import Settings
from workers.bootstrap.reviewer import open_reviewer
from workers.domain.errors import UserError
from workers.domain.review import Review
from workers.git.tree import TreeLimits, batches, list_tree
from workers.pipelines.scan import Examined, ScanRules, examine, summed_up
from workers.telemetry import configure_logging


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What `quorum scan` was asked. `output` None means the standard output."""

    path: str
    format: str
    output: str | None
    fail_on: str | None
    files_max: int


def options(parsed: argparse.Namespace) -> ScanOptions:
    """The parsed arguments of `quorum scan` as a value."""
    return ScanOptions(parsed.path, parsed.format, parsed.output, parsed.fail_on, parsed.files_max)


def run(settings: Settings, asked: ScanOptions) -> int:
    """Scan, write the findings, and say by the exit code whether `--fail-on` was met. Raises UserError."""
    configure_logging("WARNING", json=False)
    with progress_on(sys.stderr) as progress:
        review = redacted(asyncio.run(_scanned(settings, asked, progress)))
    coloured = asked.output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    write(FORMATS[asked.format](review, coloured), asked.output, sys.stdout)
    return exit_code(review, asked.fail_on)


async def _scanned(settings: Settings, asked: ScanOptions, progress: Progress) -> Review:
    started, path = time.monotonic(), Path(asked.path)
    found, own = effective_config(path, os.environ), local_layer(path)
    limits = TreeLimits(files_max=asked.files_max, file_max_bytes=settings.file_max_bytes)
    progress("listing the files")
    tree = await list_tree(path, limits)
    if not tree.paths and not tree.beyond:
        raise UserError(
            f"There are no files in {path}."
        )  # nothing was looked at, which must not look like clean
    rules = ScanRules(
        found.config,
        own.origin if own else DEFAULTS_ORIGIN,
        found.notices,
        tree.attributes,
        settings.file_max_bytes,
    )
    analyse = (await open_reviewer(settings)).analyse
    parts: list[Examined] = []
    for batch in batches(tree, limits):
        progress(_how_far(parts, len(tree.paths)))
        parts.append(await examine(batch, rules, analyse=analyse))
    return summed_up(parts, rules, time.monotonic() - started)


def _how_far(parts: list[Examined], total: int) -> str:
    files = sum(len(part.coverage) for part in parts)
    findings = sum(len(part.findings) for part in parts)
    return f"scanned {files} of {total} files: {findings} finding(s)"
