"""`quorum describe`: what a change of a local repository does, by the same pipeline as on a pull request."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cli.change_arguments import ChangeOptions
from bot.cli.formats.described import described_json
from bot.cli.local_change import LocalChange, new_boundary, read_change
from bot.cli.review import Progress, progress_on, write
from config.settings import Settings
from workers.bootstrap.models import open_local_models
from workers.domain.description import Description
from workers.experts.voice import voice_of
from workers.github.render.described import description_text
from workers.github.sanitise import Sanitiser
from workers.pipelines.describe import DescribeLimits, DescribeRequest, describe
from workers.telemetry import configure_logging

OFF = "`orchestration.enabled` is off"
FORMATS: Mapping[str, Callable[[Description], str]] = {
    "markdown": lambda described: f"{description_text(described, Sanitiser(''))}\n",
    "json": described_json,
}


def run(settings: Settings, options: ChangeOptions) -> int:
    """Describe, and write it. Raises UserError."""
    configure_logging("WARNING", json=False)
    with progress_on(sys.stderr) as progress:
        described = asyncio.run(told(settings, options, os.environ, progress))
    write(FORMATS[options.format](described), options.output, sys.stdout)
    return 0


async def told(
    settings: Settings, options: ChangeOptions, environ: Mapping[str, str], progress: Progress
) -> Description:
    """Describe the change by the repository's own rules; without a model too."""
    progress("reading the change")
    local = await read_change(settings, options, environ)
    progress("describing")
    limits, boundary = DescribeLimits(), new_boundary()
    if not local.config.orchestration.enabled:
        described = await describe(_request(local), None, boundary=boundary, limits=limits)
        return replace(described, unasked=OFF)
    async with open_local_models(settings, environ, local.config) as models:
        return await describe(_request(local), models, boundary=boundary, limits=limits)


def _request(local: LocalChange) -> DescribeRequest:
    return DescribeRequest(
        local.change,
        local.snapshot,
        local.config.ignore.path_filter(),
        diagram=local.config.write.description.diagram,
        voice=voice_of(local.config),
    )
