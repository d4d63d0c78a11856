"""`quorum tests`: tests for local modules, written and proved by the same pipeline as everywhere, without a server."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.cli import tests_files
from bot.cli.columns import paid, priced
from bot.cli.formats.written import written as as_text
from bot.cli.local_change import new_boundary
from bot.cli.local_config import effective_config
from bot.cli.review import Progress, progress_on, write
from config.repository import RepositoryConfig
from config.settings import Settings
from workers.analysis.sandbox import probe
from workers.analysis.testing.proving import Verdict
from workers.analysis.testing.toolchains.registry import find_toolchains
from workers.bootstrap.models import open_local_models
from workers.domain.hidden import revealed
from workers.domain.receipt import summed
from workers.domain.secrets import redact
from workers.git.tree import TreeLimits
from workers.pipelines.testing import Proving, Tested, TestsLimits, TestsRequest, write_tests
from workers.pipelines.testing_parts.values import Kept
from workers.telemetry import configure_logging

WORD_BYTES = 16
SEED_BITS = 32
VERSION = 1


@dataclass(frozen=True, slots=True)
class TestsOptions:
    """What `quorum tests` was asked."""

    __test__ = False

    files: tuple[str, ...]
    dry_run: bool = False
    json: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, and what was named and not read."""

    made: Tested
    left_out: tuple[str, ...]


def options(parsed: argparse.Namespace) -> TestsOptions:
    """The parsed arguments of `quorum tests` as a value."""
    return TestsOptions(tuple(parsed.files), parsed.dry_run, parsed.json)


def run(settings: Settings, asked: TestsOptions) -> int:
    """Write the tests and report. Raises UserError."""
    configure_logging("WARNING", json=False)
    with progress_on(sys.stderr) as progress:
        outcome = asyncio.run(written(settings, asked, os.environ, progress))
    if asked.json:
        write(redact(as_text(document(outcome))).text, None, sys.stdout)
    else:
        said = "\n".join(redact(revealed(line)).text for line in lines(outcome))
        write(f"{said}\n", None, sys.stdout)
    return 0


async def written(
    settings: Settings, asked: TestsOptions, environ: Mapping[str, str], progress: Progress
) -> Outcome:
    """Write tests into the working tree, over no file that is there. Raises UserError."""
    config = effective_config(Path(asked.files[0]), environ).config
    progress("reading the code")
    limits = TreeLimits(file_max_bytes=settings.file_max_bytes)
    ignored = config.ignore.path_filter()
    found = await tests_files.find(asked.files, ignored, limits, settings.snapshot_max_bytes)
    request = TestsRequest(
        found.files,
        found.complete,
        found.sources,
        config.write.tests.run,
        config.review.risky_paths,
        urgent=True,
        rules=config.write.tests.rules,
    )
    made = await _made(settings, asked, environ, config, request, progress)
    if not asked.dry_run:
        for path, text in made.files.items():
            tests_files.write(found.root, path, text)
    return Outcome(made, found.left_out)


async def _made(
    settings: Settings,
    asked: TestsOptions,
    environ: Mapping[str, str],
    config: RepositoryConfig,
    request: TestsRequest,
    progress: Progress,
) -> Tested:
    new_word = partial(secrets.token_hex, WORD_BYTES)
    toolchains = await find_toolchains(settings.tests_python, settings.tests_node)
    proving = Proving(await probe(), toolchains, new_word, seed=secrets.randbits(SEED_BITS))
    boundary = new_boundary()
    async with open_local_models(settings, environ, config, rehearse=asked.dry_run) as models:
        asked_models = models if config.orchestration.enabled else None
        return await write_tests(
            request, asked_models, proving, boundary=boundary, limits=TestsLimits(), progress=progress
        )


def lines(outcome: Outcome) -> Iterator[str]:
    """A line a test, one for each module without one, then notices and costs."""
    made = outcome.made
    for one in made.kept:
        yield f"written{_title(one)}: {one.path} tests {', '.join(one.targets)}"
        yield from (f"  {line}" for line in _proof(one))
    asked_about = {path for one in made.planned for path in one.paths}
    for left in made.dropped:
        of = _of(left.subject, left.targets)
        would = left.subject in asked_about and left.targets
        yield f"would be tested: {of}" if would else f"no test for {of}: {left.why}"
    yield from outcome.left_out
    yield from made.notices
    if made.quality is not None and not made.planned:
        yield f"{made.quality:.0%} of {made.targets} function(s) have a new test"
    yield from _cost(made)


def _title(one: Kept) -> str:
    return " (not executed)" if one.proof.verdict is Verdict.NOT_EXECUTED else ""


def _proof(one: Kept) -> Iterator[str]:
    proof = one.proof
    if proof.verdict is Verdict.NOT_EXECUTED:
        yield f"not executed: {proof.why}"
        return
    noticed = f"{proof.killed} of {proof.mutants} mistakes made on purpose were noticed"
    yield f"{proof.tests} test(s), green three times; {noticed}"
    yield from (f"not noticed: {one}" for one in proof.survived)


def _of(path: str, targets: tuple[str, ...]) -> str:
    return f"{path} ({', '.join(targets)})" if targets else path


def _cost(made: Tested) -> Iterator[str]:
    if made.planned:
        worst = summed(one.call.estimated_micros for one in made.planned)
        yield f"dry run: {len(made.planned)} question(s) would be asked, for {priced(worst)} at worst, and as many mended"
    elif made.calls:
        yield f"models: {len(made.calls)} call(s), {paid(made.calls)}"


def document(outcome: Outcome) -> dict[str, Any]:
    """The report for programs: keys are only ever added while `version` stays 1. Costs in micro-priced."""
    made = outcome.made
    return {
        "version": VERSION,
        "written": [_kept(one) for one in made.kept],
        "dropped": [
            {"module": one.subject, "functions": list(one.targets), "why": one.why} for one in made.dropped
        ],
        "executed": made.executed,
        "quality": made.quality,
        "validated": made.validated,
        "mutants": {"killed": made.killed, "made": made.mutants},
        "notices": [*outcome.left_out, *made.notices],
        "planned_questions": len(made.planned),
        "calls": len(made.calls),
        "cost_micros": summed(call.usage.cost_micros for call in made.calls),
    }


def _kept(one: Kept) -> dict[str, Any]:
    return {
        "path": one.path,
        "module": one.subject,
        "functions": list(one.targets),
        "verdict": one.proof.verdict.value,
        "why": one.proof.why,
        "tests": one.proof.tests,
        "mutants": {
            "killed": one.proof.killed,
            "made": one.proof.mutants,
            "survived": list(one.proof.survived),
        },
        "model": one.model,
    }
