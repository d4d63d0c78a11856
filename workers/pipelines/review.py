"""The review of a change: values in, a Review out; nothing is read or written here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from config.repository import OrchestrationRules, RepositoryConfig
from workers.analysis.analyse import readers
from workers.analysis.anchors import commentable
from workers.analysis.source import Analysis, SourceFile, sources
from workers.domain.change import Change, ChangedFile, Snapshot
from workers.domain.finding import Finding, Severity
from workers.domain.guidelines import Guidelines
from workers.domain.review import Review
from workers.domain.task import Models
from workers.experts.base import Expert, View
from workers.experts.consensus import Caps, Selection, capped, merged, ranked
from workers.experts.coordinator import Opinions, Questioning, consult
from workers.experts.identity import identified
from workers.experts.model_half import Rules
from workers.experts.modes import Backtracking
from workers.experts.proposals import MOVED, Objections, in_words, offered
from workers.experts.questions import AskLimits
from workers.experts.registry import EXPERTS
from workers.experts.selection import selected
from workers.experts.similarity import Nearness
from workers.pipelines.coverage import classified, ledger, without_ignored
from workers.pipelines.notices import of_dismissed, of_model, of_setup, of_tools
from workers.pipelines.scope import Scope, scope_of
from workers.pipelines.verdict import judge
from workers.pipelines.walkthrough import walkthrough

Analyse = Callable[[Sequence[SourceFile], Snapshot], Awaitable[Analysis]]
"""Runs every analyser; a tool's failure is part of the result."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What is reviewed, by which rules and guidelines, and what the reader has to say about it already (`notices`).

    `dismissed` are the fingerprints of findings that people dropped, each with their reason: they are not said again.
    """

    change: Change
    snapshot: Snapshot
    config: RepositoryConfig
    config_origin: str = "defaults"
    notices: tuple[str, ...] = ()
    dismissed: Mapping[str, str] = field(default_factory=dict)
    guidelines: Guidelines = field(default_factory=Guidelines)


@dataclass(frozen=True, slots=True)
class ReviewLimits:
    """Limits of one review beside the configuration's."""

    asking: AskLimits = field(default_factory=AskLimits)
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
    readable = sources(change)
    progress(f"analysing {len(readable)} of {len(change.files)} changed file(s)")
    analysis = await analyse(readable, request.snapshot)
    view = View(change, request.snapshot, analysis, readable, request.guidelines)
    chosen = selected(experts, request.config.review.experts, view)
    asked = models if request.config.orchestration.enabled else None
    risky_paths = request.config.review.risky_paths
    rules = rules_of(request.config.orchestration)
    questioning = (
        None if asked is None else Questioning(asked, new_boundary(), limits.asking, risky_paths, rules)
    )
    opinions = await consult(chosen, view, questioning, progress)
    files = {file.path: file for file in change.files}
    opinions = replace(opinions, findings=await offered(opinions.findings, files, objections))
    scope = scope_of(view, experts, chosen, request.config.review.experts, risky_paths)
    notices = _notices(request, view, opinions, models)
    return _written(request, view, opinions, scope, notices, limits, clock() - started)


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
    scope: Scope,
    notices: tuple[str, ...],
    limits: ReviewLimits,
    seconds: float,
) -> Review:
    said, dropped = _said(request, view, opinions.findings, limits.nearness)
    read = ledger(view.change.files, view.sources, view.analysis, opinions.heard, readers)
    verdict, reason = judge(said.findings, read, unlisted=view.change.unlisted)
    return Review(
        head_sha=view.change.head_sha,
        base_sha=view.change.base_sha,
        verdict=verdict,
        reason=reason,
        findings=said.findings,
        coverage=read.entries,
        tools=view.analysis.runs,
        calls=opinions.heard.calls if opinions.heard else (),
        notices=(*notices, *of_dismissed(dropped, request.dismissed)),
        walkthrough=f"{walkthrough(view.change.files)}\n{scope}" if view.change.files else "",
        suppressed=said.suppressed,
        config_origin=request.config_origin,
        inline_count=said.inline_count,
        seconds=seconds,
        quality=opinions.heard.quality() if opinions.heard else None,
        again_at=opinions.heard.again_at if opinions.heard else None,
        planned=opinions.heard.planned if opinions.heard else (),
        validated=_validated(opinions, request.config.orchestration.quality_threshold),
    )


def _validated(opinions: Opinions, quality_threshold: float) -> bool | None:
    """Whether every question was answered and enough of what was said stood up; None: nobody answered anything."""
    heard = opinions.heard
    if heard is None or not heard.read:
        return None
    quality = heard.quality()
    return not heard.failures and (quality is None or quality >= quality_threshold)


def _said(
    request: ReviewRequest, view: View, findings: Sequence[Finding], nearness: Nearness
) -> tuple[Selection, tuple[Finding, ...]]:
    """Placed → merged → named → without what was dismissed → ranked → capped; beside it what was dismissed."""
    rules = request.config.review
    caps = Caps(rules.findings_max, rules.inline_max, Severity(rules.severity_floor))
    files = {file.path: file for file in view.change.files}
    placed = (_placed(finding, files.get(finding.path)) for finding in findings)
    named = tuple(identified(merged(placed, nearness), view.analysis.symbols))
    dropped = tuple(finding for finding in named if finding.fingerprint in request.dismissed)
    kept = [finding for finding in named if finding.fingerprint not in request.dismissed]
    return capped(ranked(kept), caps), dropped


def _placed(finding: Finding, file: ChangedFile | None) -> Finding:
    """`finding` on lines that can carry a comment, or on the file. What moved can't be replaced by a suggestion."""
    if finding.line is None:
        return finding
    anchor = commentable(finding.start_line, finding.line, file) if file is not None else None
    if anchor is None:
        return replace(in_words(finding, MOVED), line=None, start_line=None)
    if not anchor.repaired:
        return finding
    return replace(in_words(finding, MOVED), line=anchor.line, start_line=anchor.start_line)


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
            )
        )
    )
