"""The refuter: models of another family try to disprove what only models found, with the code at hand."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, Completion, ModelError, Models
from workers.domain.usage import Call
from workers.experts.questions import STAGE as REVIEW
from workers.experts.refuting_answers import ModelVerdicts, by_claim
from workers.experts.refuting_choice import disputable, finders
from workers.experts.refuting_questions import STAGE, Case, RefuteLimits, Refuting, refuting
from workers.experts.refuting_verdicts import Judged, judged

NO_OTHER_FAMILY = "no model of another family"
BEYOND_LIMIT = "beyond the limit"
NO_ROOM = "no room in the questions"


@dataclass(frozen=True, slots=True)
class Failed:
    """Questions without an answer: ModelError's kind, and a sentence for people."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Refuted:
    """What came of the attempt.

    `findings` are those that were given, in their order, with doubts, those who tried in vain, and states. `asked` is
    how many were put to somebody, `unasked` how many should have been and were not, by reason. `planned` are the
    questions of a dry run.
    """

    findings: tuple[Finding, ...]
    calls: tuple[Call, ...] = ()
    failures: tuple[Failed, ...] = ()
    asked: int = 0
    unasked: Mapping[str, int] = field(default_factory=dict)
    planned: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Findings of the same models, by their numbers, and who may judge them."""

    numbers: tuple[int, ...]
    models: Models | None


@dataclass(frozen=True, slots=True)
class _Put:
    """A question and who is asked."""

    models: Models
    question: Refuting


@dataclass(frozen=True, slots=True)
class _Answered:
    question: Refuting
    completion: Completion[ModelVerdicts]


@dataclass(frozen=True, slots=True)
class _Unanswered:
    question: Refuting
    error: ModelError


async def refute(
    models: Models,
    findings: Sequence[Finding],
    files: Mapping[str, ChangedFile],
    *,
    boundary: str,
    limits: RefuteLimits,
    progress: Callable[[str], None],
    risky_paths: tuple[str, ...] = (),
) -> Refuted:
    """Put the worst of what only models found to models of other families. `files` are the changed ones, by path.

    Nothing that fails raises, and no failure loses a finding: it stays as it was.
    """
    case = Case(findings, files, boundary, limits, risky_paths)
    numbers = [one for one in disputable(findings) if _is_readable(files.get(findings[one].path))]
    groups = _groups(models, findings, numbers[: limits.findings_max])
    # Megabytes are searched for secrets: not on the loop that keeps leases alive.
    puts = await asyncio.to_thread(_puts, case, groups) if groups else []
    outcomes = await asyncio.gather(*(_one(put, progress) for put in puts))
    return _refuted(models, case, _unasked(numbers, groups, puts, limits), outcomes)


def _is_readable(file: ChangedFile | None) -> bool:
    return file is not None and file.text is not None


def _groups(models: Models, findings: Sequence[Finding], numbers: Iterable[int]) -> list[_Group]:
    of_finders: dict[frozenset[str], list[int]] = defaultdict(list)
    for number in numbers:
        of_finders[finders(findings[number])].append(number)
    return [_Group(tuple(its), models.apart_from(names)) for names, its in of_finders.items()]


def _puts(case: Case, groups: Sequence[_Group]) -> list[_Put]:
    puts: list[_Put] = []
    for group in groups:
        if group.models is not None:
            left = case.limits.questions_max - len(puts)
            asked = refuting(case, group.numbers, group.models.window_tokens(), left)
            puts += [_Put(group.models, question) for question in asked]
    return puts


def _unasked(
    numbers: Sequence[int], groups: Sequence[_Group], puts: Sequence[_Put], limits: RefuteLimits
) -> dict[str, int]:
    alone = sum(len(group.numbers) for group in groups if group.models is None)
    beyond = max(0, len(numbers) - limits.findings_max)
    put = sum(len(one.question.claims) for one in puts)
    counted = {
        NO_OTHER_FAMILY: alone,
        BEYOND_LIMIT: beyond,
        NO_ROOM: len(numbers) - beyond - alone - put,
    }
    return {why: count for why, count in counted.items() if count}


async def _one(put: _Put, progress: Callable[[str], None]) -> _Answered | _Unanswered:
    claims = len(put.question.claims)
    try:
        completion = await put.models.complete(put.question.task)
    except ModelError as error:
        if error.kind != DRY_RUN:
            progress(f"nobody tried to disprove {claims} finding(s): {error.kind}")
        return _Unanswered(put.question, error)
    progress(f"{completion.model} tried to disprove {claims} finding(s)")
    return _Answered(put.question, completion)


def _refuted(
    models: Models, case: Case, unasked: Mapping[str, int], outcomes: Sequence[_Answered | _Unanswered]
) -> Refuted:
    answered = [outcome for outcome in outcomes if isinstance(outcome, _Answered)]
    unanswered = [outcome for outcome in outcomes if isinstance(outcome, _Unanswered)]
    findings = list(case.findings)
    worth: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in answered:
        for at, result in _judged(one):
            findings[at] = result.finding
            _note(worth, result, one.completion.model)
    for (model, kind), values in worth.items():
        # One word a run: many findings of one change are no many changes.
        models.observe(model, kind, fmean(values))
    return Refuted(
        findings=tuple(findings),
        calls=(
            *(call for one in answered for call in one.completion.calls),
            *(call for one in unanswered for call in one.error.calls),
        ),
        failures=_failures(unanswered),
        asked=sum(len(one.question.claims) for one in outcomes),
        unasked=unasked,
        planned=_planned(unanswered),
    )


def _judged(one: _Answered) -> list[tuple[int, Judged]]:
    verdicts, question = by_claim(one.completion.value.verdicts), one.question
    return [
        (claim.at, judged(claim.finding, verdicts.get(number), one.completion.model, question.sheets))
        for number, claim in enumerate(question.claims, start=1)
    ]


def _note(worth: dict[tuple[str, str], list[float]], result: Judged, refuter: str) -> None:
    """What was disproved speaks against who found it; a veto without evidence, against who spoke it."""
    if result.of_finders is not None:
        for model in finders(result.finding):
            worth[model, REVIEW].append(result.of_finders)
    if result.of_refuter is not None:
        worth[refuter, STAGE].append(result.of_refuter)


def _failures(unanswered: Sequence[_Unanswered]) -> tuple[Failed, ...]:
    """Each kind once, with how many findings it is about and the first one's words."""
    failed = [one for one in unanswered if one.error.kind != DRY_RUN]
    counts: Counter[str] = Counter()
    for one in failed:
        counts[one.error.kind] += len(one.question.claims)
    words = {one.error.kind: str(one.error) for one in reversed(failed)}
    return tuple(
        Failed(kind, f"Nobody tried to disprove {count} finding(s): {words[kind]}")
        for kind, count in counts.items()
    )


def _planned(unanswered: Sequence[_Unanswered]) -> tuple[Planned, ...]:
    return tuple(
        Planned(one.question.paths(), call)
        for one in unanswered
        for call in one.error.calls
        if call.outcome == DRY_RUN
    )
