"""The experts at work: their static halves and the model half, each on the same view of the change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from workers.analysis.source import Observation
from workers.domain.finding import Finding
from workers.domain.task import Models
from workers.experts.base import Expert, View
from workers.experts.discretion import discreet
from workers.experts.heard import Heard
from workers.experts.model_half import Rules, ask
from workers.experts.questions import AskLimits, Inquiry


@dataclass(frozen=True, slots=True)
class Questioning:
    """What the model half needs: the models, the data blocks' boundary, limits, rules of working together."""

    models: Models
    boundary: str
    limits: AskLimits
    risky_paths: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the experts found. `heard` is None when no model was asked."""

    findings: tuple[Finding, ...]
    heard: Heard | None


async def consult(
    experts: Sequence[Expert], view: View, questioning: Questioning | None, progress: Callable[[str], None]
) -> Opinions:
    """Both halves of `experts` on `view`. A model's failure is in `heard`; the static half stands without it.

    The static half runs first and takes milliseconds: what it reports is kept from the model, so that a model that
    finds the same is a second, independent source.
    """
    static = await asyncio.to_thread(_static_half, experts, view)
    progress(f"{len(experts)} expert(s) judged what the analysers saw")
    if questioning is None or not experts:
        return Opinions(static, None)
    heard = await ask(
        questioning.models,
        _inquiry(experts, view, static, questioning.risky_paths),
        boundary=questioning.boundary,
        limits=questioning.limits,
        progress=progress,
        rules=questioning.rules,
    )
    return Opinions((*static, *map(discreet, heard.findings)), heard)


def _static_half(experts: Sequence[Expert], view: View) -> tuple[Finding, ...]:
    return tuple(discreet(finding) for expert in experts for finding in expert.static(view))


def _inquiry(
    experts: Sequence[Expert], view: View, static: Sequence[Finding], risky_paths: tuple[str, ...]
) -> Inquiry:
    readable = {source.path for source in view.sources}
    return Inquiry(
        change=view.change,
        files=tuple(file for file in view.change.files if file.path in readable and file.hunks),
        focus={expert.aspect: expert.focus for expert in experts},
        symbols=view.analysis.symbols,
        observations=_unjudged(view.analysis.observations, static),
        risky_paths=risky_paths,
        guidelines=view.guidelines,
    )


def _unjudged(observations: Iterable[Observation], static: Sequence[Finding]) -> tuple[Observation, ...]:
    """The observations that no expert made a finding of."""
    lines = {
        (finding.path, line)
        for finding in static
        if finding.line is not None
        for line in range(finding.start_line or finding.line, finding.line + 1)
    }
    rules = {(finding.path, source.rule) for finding in static for source in finding.sources}
    return tuple(
        one for one in observations if (one.path, one.line) not in lines and (one.path, one.rule) not in rules
    )
