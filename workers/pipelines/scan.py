"""The scan of a whole tree: what is to be said of code whether it changed or not. Values in, a Review out.

A tree is examined batch by batch, so that no more than one batch of texts is held; `Examined` parts are small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from config.repository import RepositoryConfig
from workers.analysis.analyse import readers
from workers.analysis.languages import language_of
from workers.analysis.source import Analysis, SourceFile
from workers.domain.change import Change, ChangedFile, Snapshot
from workers.domain.finding import Aspect, Finding, Severity
from workers.domain.review import Coverage, Review, ToolRun, Verdict
from workers.experts.base import Expert, View
from workers.experts.consensus import merged, ranked
from workers.experts.identity import identified
from workers.experts.registry import EXPERTS
from workers.experts.selection import selected
from workers.experts.similarity import Nearness
from workers.pipelines.coverage import classified, ledger, without_ignored
from workers.pipelines.notices import of_tools
from workers.pipelines.review import Analyse

OF_CODE = (Aspect.SECURITY, Aspect.QUALITY, Aspect.PERFORMANCE)
"""Sides that speak of code as it stands; the others compare it with what was there before."""

NOTHING = Snapshot({}, complete=True)


@dataclass(frozen=True, slots=True)
class ScanRules:
    """By which rules: the configuration, where it stands, and the text of the tree's .gitattributes."""

    config: RepositoryConfig
    config_origin: str = "defaults"
    notices: tuple[str, ...] = ()
    attributes: str = ""
    file_max_bytes: int = 1024 * 1024
    findings_max: int = 5_000
    nearness: Nearness = field(default_factory=Nearness)


@dataclass(frozen=True, slots=True)
class Examined:
    """What is left of a batch: findings with their fingerprints, the ledger's entries, the tools' runs."""

    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    unread: frozenset[str]
    tools: tuple[ToolRun, ...]
    notices: tuple[str, ...] = ()


async def examine(
    batch: Sequence[ChangedFile],
    rules: ScanRules,
    *,
    analyse: Analyse,
    experts: Sequence[Expert] = EXPERTS,
) -> Examined:
    """Everything that the analysers and experts say of `batch`; a tool that fails is told, never raised."""
    files = classified(batch, rules.attributes, rules.file_max_bytes)
    files = without_ignored(files, rules.config.ignore.path_filter())
    readable = whole(files)
    analysis = await analyse(readable, NOTHING) if readable else Analysis()
    view = View(Change("", "", files), NOTHING, analysis, readable)
    of_code = [expert for expert in experts if expert.aspect in OF_CODE]
    chosen = selected(of_code, rules.config.review.experts, view)
    said = merged((finding for expert in chosen for finding in expert.static(view)), rules.nearness)
    read = ledger(files, readable, analysis, None, readers)
    return Examined(
        identified(said, analysis.symbols),
        read.entries,
        read.unread,
        analysis.runs,
        tuple(of_tools(analysis, NOTHING)),
    )


def whole(files: Iterable[ChangedFile]) -> tuple[SourceFile, ...]:
    """The readable files as if every line of them were new."""
    return tuple(
        SourceFile(
            file.path,
            file.text,
            language_of(file.path, file.text),
            frozenset(range(1, file.text.count("\n") + 2)),
        )
        for file in files
        if file.text is not None and file.omitted is None
    )


def summed_up(parts: Sequence[Examined], rules: ScanRules, seconds: float) -> Review:
    """All parts as one Review without shas: ranked, above the severity floor, at most `findings_max` findings."""
    ordered = ranked(finding for part in parts for finding in part.findings)
    floor = Severity(rules.config.review.severity_floor)
    said = tuple(one for one in ordered if one.severity.rank <= floor.rank)[: rules.findings_max]
    coverage = tuple(entry for part in parts for entry in part.coverage)
    unread = sum(len(part.unread) for part in parts)
    notices = (*rules.notices, *(notice for part in parts for notice in part.notices))
    return Review(
        head_sha="",
        base_sha="",
        verdict=_verdict(said, unread),
        reason=_reason(said, coverage, unread),
        findings=said,
        coverage=coverage,
        tools=tuple(_together(run for part in parts for run in part.tools)),
        notices=tuple(dict.fromkeys(notices)),
        suppressed=len(ordered) - len(said),
        config_origin=rules.config_origin,
        seconds=seconds,
    )


def _verdict(findings: Sequence[Finding], unread: int) -> Verdict:
    if unread:
        return Verdict.PARTIAL
    if any(finding.severity.blocks for finding in findings):
        return Verdict.BLOCKING
    return Verdict.FINDINGS if findings else Verdict.CLEAN


def _reason(findings: Sequence[Finding], coverage: Sequence[Coverage], unread: int) -> str:
    counts = Counter(finding.severity for finding in findings)
    found = ", ".join(f"{counts[severity]} {severity}" for severity in Severity if counts[severity])
    omitted = sum(entry.omitted is not None for entry in coverage)
    gaps = f"; {unread} not fully read" if unread else ""
    return f"{found or 'nothing'} found in {len(coverage) - omitted} of {len(coverage)} file(s){gaps}."


def _together(runs: Iterable[ToolRun]) -> Iterator[ToolRun]:
    """One run a tool: failed if any batch's failed, with the seconds of all."""
    summed: dict[str, ToolRun] = {}
    for run in runs:
        before = summed.get(run.tool)
        if before is None:
            summed[run.tool] = run
            continue
        told = before if before.outcome == "failed" else run
        summed[run.tool] = replace(told, seconds=before.seconds + run.seconds)
    yield from summed.values()
