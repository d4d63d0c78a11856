"""The audit pipeline: a repository → three scores with their reasons, and what specialists say. Values in, values out.

Specialists are asked at the same time, an aggregator after them. Whoever gives no answer is named, and the rest stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from workers.domain.audit import Audit, Proof, Scores
from workers.domain.budget import BudgetAwayError
from workers.domain.change import Change, Snapshot
from workers.domain.question import Question
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, Completion, ModelError, Models, Task
from workers.domain.usage import Call
from workers.domain.voice import Voice
from workers.pipelines.asking.evidence import proven
from workers.pipelines.asking.values import AskRequest
from workers.pipelines.auditing.asking import KIND, Questions, Said, questions, with_reports
from workers.pipelines.auditing.code_score import code_score
from workers.pipelines.auditing.deployment_score import deployment_score
from workers.pipelines.auditing.documentation_score import documentation_score
from workers.pipelines.auditing.schema import AggregatedInsights, LlmResults, Metadata
from workers.pipelines.auditing.values import Audited, AuditLimits

__all__ = ["NO_MODEL", "Audit", "AuditLimits", "Audited", "audit", "scored"]

NO_MODEL = "No model was asked: these are the static scores alone."
AGGREGATOR = "aggregator"
VALID_QUALITY_MIN = 0.5


def scored(audited: Audited) -> Scores:
    """The static scores: the same files give the same scores."""
    return Scores(code_score(audited), deployment_score(audited), documentation_score(audited))


async def audit(
    audited: Audited,
    models: Models | None,
    *,
    boundary: str,
    limits: AuditLimits,
    voice: Voice,
    clock: Callable[[], float],
) -> Audit:
    """Score `audited`, and ask the specialists about it; never raises for what a model, a budget or a text does."""
    scores = await asyncio.to_thread(scored, audited)
    if models is None:
        return Audit(scores, None, len(audited.files), notices=(*audited.partial, NO_MODEL))
    started, window = clock(), models.window_tokens()
    asked = await asyncio.to_thread(questions, audited, scores, voice, boundary, limits, window)
    if asked is None:
        why = f"No model was asked: a window of {window:,} tokens has no room for it."
        return Audit(scores, None, len(audited.files), notices=(*audited.partial, why))
    heard = await _heard(asked, models, limits)
    proofs = await asyncio.to_thread(_proofs, heard, audited, asked)
    _learn(models, heard, proofs)
    return _audit(audited, scores, asked, heard, proofs, clock() - started)


@dataclass(frozen=True, slots=True)
class _Silent:
    """Somebody who gave no answer."""

    kind: str
    why: str
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class _Heard:
    """Who answered, by name; the aggregator is not asked where nobody did."""

    said: Mapping[str, Completion[Said]]
    last: Completion[AggregatedInsights] | None
    silent: Mapping[str, _Silent]

    @property
    def every(self) -> Sequence[Completion[Any]]:
        return [*self.said.values(), *([self.last] if self.last else [])]


async def _heard(asked: Questions, models: Models, limits: AuditLimits) -> _Heard:
    names = list(asked.tasks)
    answers = await asyncio.gather(*(_answer(models, asked.tasks[name]) for name in names))
    said = {name: one for name, one in zip(names, answers, strict=True) if isinstance(one, Completion)}
    silent = {name: one for name, one in zip(names, answers, strict=True) if isinstance(one, _Silent)}
    if not said:
        return _Heard(said, None, silent)
    reports = {name: one.value.analysis for name, one in said.items()}
    last = await _answer(models, with_reports(asked.last, reports, limits.reports_max_chars))
    if isinstance(last, _Silent):
        return _Heard(said, None, {**silent, AGGREGATOR: last})
    return _Heard(said, last, silent)


async def _answer(models: Models, task: Task[Any]) -> Completion[Any] | _Silent:
    try:
        return await models.complete(task)
    except BudgetAwayError as error:
        return _Silent("budget", str(error))
    except ModelError as error:
        return _Silent(error.kind, str(error), error.calls)


def _proofs(heard: _Heard, audited: Audited, asked: Questions) -> Mapping[str, Proof]:
    """Each specialist's quotes, looked up in the files."""
    request = AskRequest(Question(""), Change("", "", ()), Snapshot(audited.files, complete=True))
    found = {name: proven(one.value.evidence, request, asked.shown[name]) for name, one in heard.said.items()}
    return {name: Proof(one.evidence, one.dropped) for name, one in found.items()}


def _learn(models: Models, heard: _Heard, proofs: Mapping[str, Proof]) -> None:
    for name, one in heard.said.items():
        if cited := len(one.value.evidence):
            models.observe(one.model, f"{KIND}/{name}", 1 - proofs[name].dropped / cited)


def _audit(
    audited: Audited,
    scores: Scores,
    asked: Questions,
    heard: _Heard,
    proofs: Mapping[str, Proof],
    seconds: float,
) -> Audit:
    rehearsed = any(one.kind == DRY_RUN for one in heard.silent.values())
    made = [one.calls for one in heard.every] + [one.calls for one in heard.silent.values()]
    calls = tuple(chain.from_iterable(made))
    failed = {name: f"{one.why.rstrip('.')} ({one.kind})" for name, one in heard.silent.items()}
    cited = sum(len(one.value.evidence) for one in heard.said.values())
    quality = 1 - sum(one.dropped for one in proofs.values()) / cited if cited else None
    enough = quality is not None and quality >= VALID_QUALITY_MIN
    return Audit(
        scores,
        None if rehearsed else _results(heard, calls, seconds),
        len(audited.files),
        asked.every_shown,
        {} if rehearsed else failed,
        proofs,
        (*audited.partial, *([asked.taken_out] if asked.taken_out else [])),
        () if rehearsed else calls,
        tuple(_planned(heard, asked)) if rehearsed else (),
        quality,
        None if rehearsed else enough and not failed,
    )


def _planned(heard: _Heard, asked: Questions) -> list[Planned]:
    return [
        Planned(asked.shown.get(name, ()), call) for name, one in heard.silent.items() for call in one.calls
    ]


def _results(heard: _Heard, calls: Sequence[Call], seconds: float) -> Mapping[str, object]:
    said = {name: one.value.analysis for name, one in heard.said.items()}
    found = LlmResults.model_validate(
        {
            **{f"{name}_analysis": said.get(name) for name in ("architect", "deployment", "business")},
            "aggregated_insights": heard.last.value if heard.last else None,
            "metadata": Metadata(
                models_used=tuple(sorted({one.model for one in heard.every})),
                total_time_seconds=round(seconds, 3),
                cache_hits=sum(one.outcome == "cached" for one in calls),
                api_calls=sum(one.usage.calls for one in calls),
            ),
        }
    )
    return found.model_dump()
