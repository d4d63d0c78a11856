"""What came of an attempt to disprove findings: their new states, what it cost, and what it says of the models."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from workers.domain.finding import Finding
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, Completion, ModelError, Models
from workers.domain.usage import Call
from workers.experts.questions import STAGE as REVIEW
from workers.experts.refuting_answers import ModelVerdicts, by_claim
from workers.experts.refuting_choice import finders
from workers.experts.refuting_questions import STAGE, Refuting
from workers.experts.refuting_verdicts import Judged, judged


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
class Answered:
    """A question and what was answered."""

    question: Refuting
    completion: Completion[ModelVerdicts]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question and why nothing was."""

    question: Refuting
    error: ModelError


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the finding at this place among all, and which model tried."""

    at: int
    judged: Judged
    refuter: str


def results_of(outcomes: Iterable[Answered | Unanswered]) -> tuple[Result, ...]:
    """What every claim came to that somebody answered."""
    return tuple(result for one in outcomes if isinstance(one, Answered) for result in _results(one))


def concluded(
    findings: Sequence[Finding],
    outcomes: Sequence[Answered | Unanswered],
    results: Iterable[Result],
    unasked: Mapping[str, int],
) -> Refuted:
    """`findings` after what was answered about some of them."""
    answered = [outcome for outcome in outcomes if isinstance(outcome, Answered)]
    unanswered = [outcome for outcome in outcomes if isinstance(outcome, Unanswered)]
    after = {result.at: result.judged.finding for result in results}
    return Refuted(
        findings=tuple(after.get(at, finding) for at, finding in enumerate(findings)),
        calls=(
            *(call for one in answered for call in one.completion.calls),
            *(call for one in unanswered for call in one.error.calls),
        ),
        failures=_failures(unanswered),
        asked=sum(len(one.question.claims) for one in outcomes),
        unasked=unasked,
        planned=_planned(unanswered),
    )


def learn(models: Models, results: Iterable[Result]) -> None:
    """Tell the router what was disproved, of those who found it, and which vetoes were hollow, of those who spoke them.

    One word a model and run: many findings of one change are no many changes.
    """
    worth: dict[tuple[str, str], list[float]] = defaultdict(list)
    for result in results:
        for model, kind, value in _worth(result.judged, result.refuter):
            worth[model, kind].append(value)
    for (model, kind), values in worth.items():
        models.observe(model, kind, fmean(values))


def _results(one: Answered) -> Iterator[Result]:
    verdicts, model = by_claim(one.completion.value.verdicts), one.completion.model
    for number, claim in enumerate(one.question.claims, start=1):
        yield Result(claim.at, judged(claim.finding, verdicts.get(number), model, one.question.sheets), model)


def _worth(result: Judged, refuter: str) -> Iterator[tuple[str, str, float]]:
    """(model, kind of task, quality) of all about whom the result says something."""
    if result.of_finders is not None:
        for model in finders(result.finding):
            yield model, REVIEW, result.of_finders
    if result.of_refuter is not None:
        yield refuter, STAGE, result.of_refuter


def _failures(unanswered: Sequence[Unanswered]) -> tuple[Failed, ...]:
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


def _planned(unanswered: Sequence[Unanswered]) -> tuple[Planned, ...]:
    return tuple(
        Planned(one.question.paths(), call)
        for one in unanswered
        for call in one.error.calls
        if call.outcome == DRY_RUN
    )
