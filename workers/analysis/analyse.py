"""All analysers over one change, at the same time: what they saw, what they could not read, how they ran."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from workers.analysis.languages import manifest_of
from workers.analysis.measures import MEASURES
from workers.analysis.naming import safe_names
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import Analysis, Observation, SourceFile, Unread
from workers.analysis.structure.jailed import offers
from workers.analysis.structure.read import READERS
from workers.analysis.symbols import Symbol, enclosing
from workers.analysis.tools import children, ruff, secret_patterns
from workers.analysis.tools.children import Answers
from workers.analysis.tools.protocol import Job
from workers.domain.change import Snapshot
from workers.domain.review import ToolRun

GROUPS = (("ast-grep", "symbols"), ("lizard", "detect-secrets"))
"""Tools that share a child process; the groups run side by side."""

PARSED_MAX_CHARS = 1_000_000
"""Parsers take a second a megabyte and more; what is larger than this was hardly written by hand."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one tool, or one group of tools, gave."""

    observations: tuple[Observation, ...] = ()
    runs: tuple[ToolRun, ...] = ()
    unread: tuple[Unread, ...] = ()
    symbols: Mapping[str, tuple[Symbol, ...]] = field(default_factory=dict)


async def analyse(
    files: Sequence[SourceFile], snapshot: Snapshot, sandbox: Sandbox, limits: JailLimits
) -> Analysis:
    """Run every tool over `files`. A tool that fails is a ToolRun with outcome "failed", never an exception.

    `snapshot` is what the repository holds besides; no tool of today reads it.
    """
    groups = [_group(tools, files, sandbox, limits) for tools in GROUPS]
    parts, offered = await asyncio.gather(
        asyncio.gather(_ruff(files, sandbox, limits), _patterns(files), *groups),
        offers(files, sandbox, limits),
    )
    symbols = {path: found for part in parts for path, found in part.symbols.items()}
    touched = {file.path: file.touched for file in files}
    observations = (one for part in parts for one in part.observations)
    return Analysis(
        observations=tuple(one for one in observations if _concerns(one, symbols, touched)),
        runs=tuple(run for part in parts for run in part.runs),
        unread=tuple(one for part in parts for one in part.unread),
        symbols=symbols,
        offered=offered,
    )


def _concerns(
    one: Observation, symbols: Mapping[str, Sequence[Symbol]], touched: Mapping[str, Set[int]]
) -> bool:
    """Whether the change touches the function that a measure is of; ruff says only where it begins."""
    if (one.tool, one.rule) not in MEASURES:
        return True
    function = enclosing(symbols.get(one.path, ()), one.line)
    lines = range(one.line, one.end_line + 1) if function is None else range(function.start, function.end + 1)
    return any(line in lines for line in touched[one.path])


def readers(file: SourceFile) -> tuple[str, ...]:
    """Names of the tools that are run on `file`, for the coverage ledger."""
    parsed = file.language in READERS and len(file.text) <= PARSED_MAX_CHARS
    wanted = {
        "ruff": ruff.reads(file),
        "ast-grep": parsed,
        "symbols": parsed,
        "lizard": parsed,
        "detect-secrets": not _is_lockfile(file),
        secret_patterns.NAME: not _is_lockfile(file),
    }
    return tuple(tool for tool, reads in wanted.items() if reads)


def _is_lockfile(file: SourceFile) -> bool:
    manifest = manifest_of(file.path)
    return manifest is not None and manifest.lock


async def _ruff(files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits) -> Part:
    if not any(ruff.reads(file) for file in files):
        return Part()
    try:
        checked = await ruff.check(files, sandbox, limits)
    except (ruff.ToolError, OSError) as error:
        return Part(runs=(ToolRun(ruff.NAME, "failed", sandbox.isolation, str(error)),))
    run = ToolRun(ruff.NAME, "ok", checked.isolation, seconds=checked.seconds)
    return Part(checked.observations, (run,), checked.unread)


async def _patterns(files: Sequence[SourceFile]) -> Part:
    scanned = await asyncio.to_thread(
        secret_patterns.check, [file for file in files if not _is_lockfile(file)]
    )
    return Part(
        scanned.observations, (ToolRun(secret_patterns.NAME, "ok", "in process", seconds=scanned.seconds),)
    )


async def _group(
    tools: Sequence[str], files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits
) -> Part:
    named = safe_names(files)
    jobs = [Job(tool, name) for tool in tools for name, file in named.items() if tool in readers(file)]
    if not jobs:
        return Part(unread=tuple(_too_large(tools, files)))
    try:
        answers = await children.answer(jobs, named, sandbox, limits)
    except OSError as error:
        why = f"it could not be started: {error.strerror}"
        return Part(runs=tuple(ToolRun(tool, "failed", sandbox.isolation, why) for tool in tools))
    return Part(
        observations=tuple(_observations(answers, named)),
        runs=tuple(_run(tool, jobs, answers) for tool in tools if any(job.tool == tool for job in jobs)),
        unread=(*_unread(answers, named), *_too_large(tools, files)),
        symbols={
            named[job.name].path: answer.symbols for job, answer in answers.done.items() if answer.symbols
        },
    )


def _observations(answers: Answers, named: Mapping[str, SourceFile]) -> Iterator[Observation]:
    for job, answer in answers.done.items():
        path = named[job.name].path
        for seen in answer.seen:
            yield Observation(
                job.tool, seen.rule, path, seen.line, seen.end_line, seen.message, seen.severity, seen.symbol
            )


def _run(tool: str, jobs: Sequence[Job], answers: Answers) -> ToolRun:
    """A tool that read some files is "ok", even if others broke it: those are said one by one."""
    broken = [answers.broken[job] for job in jobs if job.tool == tool and job in answers.broken]
    done = any(job.tool == tool for job in answers.done)
    detail = f"{len(broken)} files not read: {broken[0]}" if broken else ""
    return ToolRun(tool, "ok" if done else "failed", answers.isolation, detail, answers.seconds[tool])


def _unread(answers: Answers, named: Mapping[str, SourceFile]) -> Iterator[Unread]:
    for job, why in answers.broken.items():
        yield Unread(named[job.name].path, job.tool, why)
    for job, answer in answers.done.items():
        if answer.partial:
            yield Unread(named[job.name].path, job.tool, answer.partial)


def _too_large(tools: Sequence[str], files: Sequence[SourceFile]) -> Iterator[Unread]:
    for file in files:
        if file.language in READERS and len(file.text) > PARSED_MAX_CHARS:
            for tool in tools:
                if tool not in readers(file) and tool != "symbols":
                    yield Unread(file.path, tool, f"longer than {PARSED_MAX_CHARS:,} characters")
