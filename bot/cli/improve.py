"""`quorum improve`: suggestions for a change of a local repository, by the same pipeline as on a pull request."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping

from bot.cli.ask import LASTING, OFF
from bot.cli.change_arguments import ChangeOptions
from bot.cli.formats.improved import improved_json, improved_markdown
from bot.cli.local_change import new_boundary, read_change
from bot.cli.review import Progress, progress_on, write
from config.settings import Settings
from workers.bootstrap.models import open_local_models
from workers.bootstrap.reviewer import open_reviewer
from workers.domain.errors import TransientError, UserError
from workers.domain.improvement import Improvements, NoImprovements
from workers.experts.voice import voice_of
from workers.pipelines.improve import ImproveLimits, ImproveRequest, improve
from workers.telemetry import configure_logging

FORMATS: Mapping[str, Callable[[Improvements], str]] = {
    "markdown": improved_markdown,
    "json": improved_json,
}


def run(settings: Settings, options: ChangeOptions) -> int:
    """Suggest, and write it. Raises UserError, or TransientError when nobody answers just now."""
    configure_logging("WARNING", json=False)
    with progress_on(sys.stderr) as progress:
        found = asyncio.run(suggested(settings, options, os.environ, progress))
    write(FORMATS[options.format](found), options.output, sys.stdout)
    return 0


async def suggested(
    settings: Settings, options: ChangeOptions, environ: Mapping[str, str], progress: Progress
) -> Improvements:
    """Suggest by the repository's own rules. Raises UserError, or TransientError when nobody answers just now."""
    progress("reading the change")
    local = await read_change(settings, options, environ)
    if not local.config.orchestration.enabled:
        raise UserError(OFF)
    request = ImproveRequest(
        local.change, risky_paths=local.config.review.risky_paths, voice=voice_of(local.config)
    )
    objections = (await open_reviewer(settings)).objections
    progress("asking")
    async with open_local_models(settings, environ, local.config) as models:
        got = await improve(request, models, objections, boundary=new_boundary(), limits=ImproveLimits())
    if isinstance(got, NoImprovements):
        raise UserError(got.why) if got.kind in {*LASTING, "nothing to read"} else TransientError(got.why)
    return got
