"""The review of a change: values in, a Review out; nothing is read or written here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from config.repository import OrchestrationRules, RepositoryConfig
from workers.analysis.analyse import readers
from workers.analysis.source import Analysis, SourceFile, sources
from workers.domain.adjudication import Converged, Past, ReadFile
from workers.domain.change import Change, Snapshot
from workers.domain.finding import Aspect, Finding, Severity
from workers.domain.guidelines import Guidelines
from workers.domain.outcome import Record
from workers.domain.review import Review
from workers.domain.task import Models
from workers.experts.base import Expert, View
from workers.experts.consensus import Caps, Selection, capped, ranked
from workers.experts.coordinator import Opinions, Questioning, consult
from workers.experts.identity import identified
from workers.experts.intent_question import IntentLimits
from workers.experts.model_half import Rules
from workers.experts.modes import Backtracking
from workers.experts.outcomes_ranking import Lowered, lowered
from workers.experts.panel import seats_in
from workers.experts.proposals import Objections, offered
from workers.experts.questions import AskLimits
from workers.experts.refuting_questions import RefuteLimits
from workers.experts.registry import EXPERTS
from workers.experts.selection import selected
from workers.experts.shares import shares
from workers.experts.similarity import Nearness
from workers.experts.voice import voice_of
from workers.pipelines.coverage import classified, ledger, without_ignored
from workers.pipelines.deliberation import Deliberated, Refuting, deliberate
from workers.pipelines.notices import (
    of_dismissed,
    of_guess,
    of_lowered,
    of_model,
    of_refuting,
    of_setup,
    of_tools,
    of_withheld,
)
from workers.pipelines.paged import pages_of, with_before
from workers.pipelines.rounds import compared, read_files, remembered, without_dismissed
from workers.pipelines.scope import Scope, scope_of
from workers.pipelines.verdict import judge
from workers.pipelines.walkthrough import walkthrough

Analyse = Callable[[Sequence[SourceFile], Snapshot], Awaitable[Analysis]]
"""Runs every analyser; a tool's failure is part of the result."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What is reviewed, by which rules and guidelines, and what the reader has to say about it already (`notices`).

    `dismissed` are the fingerprints of findings that people dropped, each with their reason: they are not said again.
    `past` is what was said before; None in the first round. `records` say what this repository made of findings.
    """

    change: Change
    snapshot: Snapshot
    config: RepositoryConfig
    config_origin: str = "defaults"
    notices: tuple[str, ...] = ()
    dismissed: Mapping[str, str] = field(default_factory=dict)
    guidelines: Guidelines = field(default_factory=Guidelines)
    past: Past | None = None
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewLimits:
    """Limits of one review beside the configuration's."""

    asking: AskLimits = field(default_factory=AskLimits)
    intent: IntentLimits = field(default_factory=IntentLimits)
    refuting: RefuteLimits = field(default_factory=RefuteLimits)
    nearness: Nearness = field(default_factory=Nearness)
    file_max_bytes: int = 1024 * 1024


async def review(
    request: ReviewRequest,
    *,
    analyse: Analyse,
    models: Models | None,
    progress: Callable[[str], None],
    new_boundary: Callable[[], str],
    clock: Callable[[], float],
    experts: Sequence[Expert] = EXPERTS,
    limits: ReviewLimits = ReviewLimits(),
    objections: Objections | None = None,
) -> Review:
    """Review `request`. `new_boundary` gives an unguessable word; `clock` seconds; `progress` hears short sentences.

    A suggestion that meets one of `objections` is told in words; without anybody to ask, every one is.

    Nothing that fails in a tool or a model raises: it is told in the coverage, the notices and the verdict.
    """
    started = clock()
    change = _filtered(request, limits)
    pages = await asyncio.to_thread(pages_of, request.change, request.snapshot, request.config.write.docs)
    readable = with_before(sources(change), change, pages)
    progress(f"analysing {len(readable)} of {len(change.files)} changed file(s)")
    analysis = await analyse(readable, request.snapshot)
    ignored = request.config.ignore.path_filter()
    view = View(change, request.snapshot, analysis, readable, request.guidelines, ignored, pages)
    chosen = selected(experts, request.config.review.experts, view)
    asked = models if request.config.orchestration.enabled else None
    risky_paths = request.config.review.risky_paths
    questioning = None if asked is None else _questioning(asked, new_boundary(), request.config, limits)
    opinions = await consult(chosen, view, questioning, progress)
    files = {file.path: file for file in change.files}
    opinions = replace(opinions, findings=await offered(opinions.findings, files, objections))
    to_the_test = limits.refuting if request.config.orchestration.consensus.refute else None
    refuting = Refuting(questioning, to_the_test) if questioning else None
    recall = partial(remembered, past=request.past, files=change.files, around=request.snapshot.files)
    held = await deliberate(opinions, files, limits.nearness, refuting, progress, recall)
    scope = scope_of(view, experts, chosen, request.config.review.experts, risky_paths)
    notices = (*_notices(request, view, opinions, models), *of_refuting(held))
    told = _guided(scope, opinions, questioning)
    seconds = clock() - started
    # Comparing with earlier rounds takes seconds where thousands of files changed: a lease is renewed meanwhile.
    return await asyncio.to_thread(_written, request, view, opinions, held, told, notices, limits, seconds)


def _questioning(
    models: Models, boundary: str, config: RepositoryConfig, limits: ReviewLimits
) -> Questioning:
    return Questioning(
        models,
        boundary,
        limits.asking,
        limits.intent,
        config.review.risky_paths,
        rules_of(config.orchestration),
        config.orchestration.quality_threshold,
        limits.nearness,
        voice_of(config),
    )


def _guided(scope: Scope, opinions: Opinions, questioning: Questioning | None) -> Scope:
    """`scope` with how models were asked, if they were."""
    if questioning is None or opinions.heard is None:
        return scope
    order = tuple(Aspect(name) for name in scope.active)
    return replace(
        scope,
        intent=opinions.intent,
        mode=questioning.rules.mode,
        seats=seats_in(scope.band, questioning.rules.seats_max),
        batches=opinions.heard.batches,
        shares=shares(order, opinions.intent),
    )


def rules_of(orchestration: OrchestrationRules) -> Rules:
    """How many models give a first opinion, and how they work together."""
    return Rules(
        orchestration.consensus.models_max,
        orchestration.mode,
        Backtracking(orchestration.quality_threshold),
    )


def _filtered(request: ReviewRequest, limits: ReviewLimits) -> Change:
    ignored = request.config.ignore.path_filter()
    files = classified(request.change.files, request.change.attributes, limits.file_max_bytes)
    return replace(request.change, files=without_ignored(files, ignored))


def _written(
    request: ReviewRequest,
    view: View,
    opinions: Opinions,
    held: Deliberated,
    scope: Scope,
    notices: tuple[str, ...],
    limits: ReviewLimits,
    seconds: float,
) -> Review:
    read = ledger(view.change.files, view.sources, view.analysis, opinions.heard, readers)
    by_whom = read_files(read.entries, view.change.files, view.analysis, opinions.heard)
    said, progress, habits = _said(request, view, held.findings, by_whom)
    threshold = request.config.orchestration.quality_threshold
    verdict, reason = judge(
        said.findings, read, unlisted=view.change.unlisted, too_poor=opinions.too_poor(threshold)
    )
    return Review(
        head_sha=view.change.head_sha,
        base_sha=view.change.base_sha,
        verdict=verdict,
        reason=reason,
        findings=said.findings,
        coverage=read.entries,
        tools=view.analysis.runs,
        calls=(*opinions.calls(), *held.calls),
        notices=(
            *notices,
            *of_dismissed(progress.dropped, request.dismissed),
            *of_withheld(progress.withheld),
            *of_lowered(habits),
        ),
        walkthrough=f"{walkthrough(view.change.files)}\n{scope}" if view.change.files else "",
        suppressed=said.suppressed,
        config_origin=request.config_origin,
        thread_count=said.thread_count,
        seconds=seconds,
        quality=opinions.validated.assessment.score if opinions.validated else None,
        again_at=opinions.heard.again_at if opinions.heard else None,
        planned=(*opinions.planned(), *held.planned),
        validated=opinions.passed(threshold),
        refuted=held.refuted,
        consistency=held.consistency,
        progress=progress,
        read=by_whom,
    )


def _said(
    request: ReviewRequest,
    view: View,
    findings: Sequence[Finding],
    read: Mapping[str, ReadFile],
) -> tuple[Selection, Converged, Lowered]:
    """Named → compared with earlier rounds → without what was dismissed → ranked, by habit too → capped."""
    rules = request.config.review
    caps = Caps(rules.findings_max, rules.inline_max, Severity(rules.severity_floor))
    named = identified(findings, view.analysis.symbols)
    found = compared(named, request.past, view.change.files, read, request.snapshot.files)
    progress = without_dismissed(found, request.dismissed)
    habits = lowered(ranked(progress.findings), request.records)
    standing = frozenset(one.fingerprint for one in progress.findings) - progress.fresh
    return capped(habits.findings, caps, standing), progress, habits


def _notices(
    request: ReviewRequest, view: View, opinions: Opinions, models: Models | None
) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            (
                *request.notices,
                *request.change.notices,
                *of_setup(models, request.config),
                *of_tools(view.analysis, request.snapshot),
                *(of_model(opinions.heard) if opinions.heard else ()),
                *of_guess(opinions.guess),
            )
        )
    )
