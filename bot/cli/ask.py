"""`quorum ask`: a question about a local repository, answered by the same pipeline as in a pull request."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.cli.columns import paid
from bot.cli.local_change import new_boundary
from bot.cli.local_config import effective_config
from bot.cli.review import Progress, progress_on, write
from config.settings import Settings
from workers.analysis.diff import parse_diff
from workers.bootstrap.models import open_local_models
from workers.domain.errors import TransientError, UserError
from workers.domain.hidden import revealed
from workers.domain.question import Answer, Evidence, NoAnswer, Question
from workers.domain.secrets import redact
from workers.experts.voice import voice_of
from workers.git.local import LocalLimits, read_local
from workers.pipelines.ask import AskLimits, AskRequest, answer
from workers.telemetry import configure_logging

OFF = "No model is asked here: `orchestration.enabled` is off."
LASTING = frozenset({"no model", "unauthorised", "not found", "context too long", "budget"})
"""Kinds of failure that are for whoever asks to mend."""


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What `quorum ask` was asked. `head` None: the files as they are."""

    question: str
    path: str
    base: str
    head: str | None


def options(parsed: argparse.Namespace) -> AskOptions:
    """The parsed arguments of `quorum ask` as a value."""
    return AskOptions(parsed.question, parsed.path, parsed.base, parsed.head)


def run(settings: Settings, asked: AskOptions) -> int:
    """Print the answer. Raises UserError, or TransientError when nobody answers just now."""
    configure_logging("WARNING", json=False)
    with progress_on(sys.stderr) as progress:
        got = asyncio.run(answered(settings, asked, os.environ, progress))
    said = "\n".join(redact(revealed(line)).text for line in lines(got))
    write(f"{said}\n", None, sys.stdout)
    return 0


async def answered(
    settings: Settings, asked: AskOptions, environ: Mapping[str, str], progress: Progress
) -> Answer:
    """Ask by the repository's own rules. Raises UserError, or TransientError when nobody answers just now."""
    path = Path(asked.path)
    config = effective_config(path, environ).config
    if not config.orchestration.enabled:
        raise UserError(OFF)
    limits = LocalLimits(settings.files_max, settings.file_max_bytes, settings.snapshot_max_bytes)
    progress("reading the change")
    change, snapshot = await read_local(path, asked.base, asked.head, limits, parse_diff)
    ignored = config.ignore.path_filter()
    request = AskRequest(Question(asked.question), change, snapshot, ignored, voice_of(config))
    progress("asking")
    async with open_local_models(settings, environ, config) as models:
        got = await answer(request, models, boundary=new_boundary(), limits=AskLimits())
    if isinstance(got, NoAnswer):
        raise UserError(got.why) if got.kind in LASTING else TransientError(got.why)
    return got


def lines(got: Answer) -> Iterator[str]:
    """The answer, the places that it rests on, and what is doubtful."""
    yield from got.text.split("\n")
    yield ""
    yield from (f"  {_place(one)}  {one.why}".rstrip() for one in got.evidence)
    if not got.evidence:
        yield "No code was named that shows this: take it as an opinion."
    elif not got.confident:
        yield "The model is not sure of this."
    if got.dropped:
        yield f"Left out, as the code has no such lines: {got.dropped} quote(s)."
    if got.notice:
        yield got.notice
    yield f"answered by {got.model}, {paid(got.calls)}"


def _place(one: Evidence) -> str:
    if one.removed:
        return f"{one.path} (removed)"
    return f"{one.path}:{one.start_line or one.line}" if one.line else one.path
