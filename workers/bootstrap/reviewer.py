"""The review pipeline with its analysers, as workers and the command line use it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from config.settings import Settings
from workers.analysis.analyse import analyse
from workers.analysis.sandbox import JailLimits, Sandbox, probe, tell
from workers.analysis.suggestions import objections
from workers.domain.review import Review
from workers.domain.task import Models
from workers.experts.proposals import Objections
from workers.pipelines.review import Analyse, ReviewLimits, ReviewRequest, review

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class PipelineReviewer:
    """The review pipeline with its analysers."""

    analyse: Analyse
    objections: Objections
    limits: ReviewLimits

    async def review(
        self, request: ReviewRequest, models: Models | None, progress: Callable[[str], None]
    ) -> Review:
        """Review a change; see `workers.pipelines.review`."""
        return await review(
            request,
            analyse=self.analyse,
            objections=self.objections,
            models=models,
            progress=progress,
            new_boundary=partial(secrets.token_hex, TOKEN_BYTES),
            clock=time.monotonic,
            limits=self.limits,
        )


async def open_reviewer(settings: Settings) -> PipelineReviewer:
    """The review pipeline alone, as the command line uses it: no database, no queue, no GitHub."""
    return reviewer(settings, await open_sandbox())


async def open_sandbox() -> Sandbox:
    """The strongest jail that this host allows, and a word in the log about it."""
    sandbox = await probe()
    tell(sandbox)
    return sandbox


def reviewer(settings: Settings, sandbox: Sandbox) -> PipelineReviewer:
    """The review pipeline in that jail."""
    limits = ReviewLimits(file_max_bytes=settings.file_max_bytes)
    return PipelineReviewer(
        partial(analyse, sandbox=sandbox, limits=JailLimits()),
        partial(objections, sandbox=sandbox, limits=JailLimits()),
        limits,
    )
