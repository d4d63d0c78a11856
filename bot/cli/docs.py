"""`quorum docs`: pages about local modules, written by the same pipeline as everywhere, without a server."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.cli import docs_files
from bot.cli.columns import paid, priced
from bot.cli.local_change import new_boundary
from bot.cli.local_config import effective_config
from bot.cli.review import Progress, progress_on
from config.repository import RepositoryConfig
from config.settings import Settings
from workers.analysis.house.jailed import patterns
from workers.analysis.sandbox import Sandbox, probe
from workers.bootstrap.models import open_local_models
from workers.domain.hidden import revealed
from workers.domain.receipt import summed
from workers.domain.secrets import redact
from workers.experts.voice import voice_of
from workers.git.tree import TreeLimits
from workers.pipelines.docs import DocsLimits, DocsRequest, Documented, document
from workers.telemetry import configure_logging

FILES_MAX = 5_000
NO_MODEL = "No model is configured: pages hold what the code itself says."
OFF = "`orchestration.enabled` is off: pages hold what the code itself says."


@dataclass(frozen=True, slots=True)
class DocsOptions:
    """What `quorum docs` was asked. `format` and `out` None: as the repository's rules say."""

    files: tuple[str, ...]
    format: str | None
    out: str | None
    dry_run: bool


def options(parsed: argparse.Namespace) -> DocsOptions:
    """The parsed arguments of `quorum docs` as a value."""
    return DocsOptions(tuple(parsed.files), parsed.format, parsed.out, parsed.dry_run)


def run(settings: Settings, asked: DocsOptions) -> int:
    """Write the pages and say which. Raises UserError."""
    configure_logging("WARNING", json=False)
    with progress_on(sys.stderr) as progress:
        lines = asyncio.run(written(settings, asked, os.environ, progress))
    for line in lines:
        print(redact(revealed(line)).text)
    return 0


async def written(
    settings: Settings, asked: DocsOptions, environ: Mapping[str, str], progress: Progress
) -> list[str]:
    """Write the pages; what is to be said about them, line by line. Raises UserError."""
    config = effective_config(Path(asked.files[0]), environ).config
    progress("reading the code")
    limits = TreeLimits(files_max=FILES_MAX, file_max_bytes=settings.file_max_bytes)
    sandbox = await probe()
    found = await docs_files.find(asked.files, config.ignore.path_filter(), limits, sandbox)
    named = config.write.docs.folder
    folder = Path(asked.out) if asked.out is not None else docs_files.folder_of(found.root, named)
    made, has_models = await _documented(
        _Run(settings, asked, config, environ, progress, sandbox), found, folder
    )
    if not asked.dry_run:
        for page in made.pages:
            if page.outcome != "unchanged":
                docs_files.write(folder, page.path, page.text)
    return [
        *([] if has_models else [NO_MODEL if config.orchestration.enabled else OFF]),
        *_report(made, folder, dry_run=asked.dry_run),
        *found.left_out,
    ]


@dataclass(frozen=True, slots=True)
class _Run:
    settings: Settings
    asked: DocsOptions
    config: RepositoryConfig
    environ: Mapping[str, str]
    progress: Progress
    sandbox: Sandbox


async def _documented(one: _Run, found: docs_files.Found, folder: Path) -> tuple[Documented, bool]:
    """What came of it, and whether there was a model that may be asked."""
    request = DocsRequest(
        found.sources,
        docs_files.existing(folder),
        one.asked.format or one.config.write.docs.format,
        folder="",
        others=found.others,
        risky_paths=one.config.review.risky_paths,
        urgent=True,
        voice=voice_of(one.config),
        rules=one.config.write.docs.rules,
    )
    rehearse = one.asked.dry_run
    async with open_local_models(one.settings, one.environ, one.config, rehearse=rehearse) as models:
        boundary = new_boundary()
        may_ask = models if one.config.orchestration.enabled else None
        made = await document(
            request,
            may_ask,
            boundary=boundary,
            limits=DocsLimits(),
            progress=one.progress,
            patterns=partial(patterns, sandbox=one.sandbox),
        )
        return made, may_ask is not None


def _report(made: Documented, folder: Path, *, dry_run: bool) -> Iterator[str]:
    """A line a page, what was taken back of it below; then modules without one, notices and costs."""
    asked_about = {path for one in made.planned for path in one.paths}
    for page in made.pages:
        worth = f" ({page.score:.2f} of 1)" if page.score is not None else ""
        outcome = "written" if page.source in asked_about else page.outcome
        yield f"{'would be ' if dry_run else ''}{outcome}: {folder / page.path}{worth}"
        yield from (f"  {doubt}" for doubt in page.doubts)
    yield from (f"no page for {one.source}: {one.why}" for one in made.skipped)
    yield from (f"the module of {folder / path} is gone" for path in made.orphans)
    yield from made.notices
    if made.planned:
        worst = summed(one.call.estimated_micros for one in made.planned)
        cost = f"for {priced(worst)} at worst"
        yield f"dry run: {len(made.planned)} question(s) would be asked first, {cost}; more follow from answers"
    elif made.calls:
        yield f"models: {len(made.calls)} call(s), {paid(made.calls)}"
