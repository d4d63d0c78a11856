"""What came of asking the models: findings, who read what, what failed, and what it was worth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workers.domain.finding import Finding
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, ModelError, Task
from workers.domain.usage import Call
from workers.experts.evidence import Pages, Rejected, checked
from workers.experts.questions import Asking, Inquiry
from workers.experts.similarity import Nearness, same_defect
from workers.experts.statements import ModelFindings


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that nobody answered: the files it was about and ModelError's kind and sentence."""

    paths: tuple[str, ...]
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Worth:
    """One answer, and the share of its statements that stood up to the check against the change."""

    model: str
    share: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking.

    `batches`: into how many parts the change was cut, `sample` one question of them; `read` maps a file to the models
    that read all of it; `rejected` counts statements by reason; `absent` counts by kind of failure the questions that
    one model left open and another answered; `taken_out` is a sentence about what was removed before a model read the
    change, empty when nothing was; `spared` one about what was done with too little money; `planned` are the questions
    of a dry run. `again_at` (epoch seconds): the budget was not enough for anything, and will be then.
    """

    findings: tuple[Finding, ...] = ()
    calls: tuple[Call, ...] = ()
    batches: int = 0
    sample: Task[ModelFindings] | None = field(default=None, repr=False)
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    absent: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    rejected: Mapping[str, int] = field(default_factory=dict)
    taken_out: str = ""
    worth: tuple[Worth, ...] = ()
    planned: tuple[Planned, ...] = ()
    spared: str = ""
    again_at: float | None = None

    def models(self) -> tuple[str, ...]:
        """Who answered anything, in order of name."""
        return tuple(sorted({model for models in self.read.values() for model in models}))


@dataclass(frozen=True, slots=True)
class Answered:
    """A model's answer to a question, and what it cost to get it."""

    asking: Asking
    model: str
    calls: tuple[Call, ...]
    answer: ModelFindings


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that a seat gave no answer to."""

    asking: Asking
    error: ModelError

    @property
    def calls(self) -> tuple[Call, ...]:
        """What was tried."""
        return self.error.calls


Outcome = Answered | Unanswered


def statements(inquiry: Inquiry, one: Answered, pages: Pages | None = None) -> list[Finding | Rejected]:
    """What an answer says, checked against the change, whose `pages` may be at hand."""
    files = {file.path: file for file in inquiry.files}
    return [checked(said, files, inquiry.focus, one.model, pages) for said in one.answer.findings]


def share_kept(said: Sequence[Finding | Rejected]) -> float | None:
    """How many of the statements stood up to the check, 0 to 1; None: nothing was said."""
    return sum(isinstance(one, Finding) for one in said) / len(said) if said else None


def heard_of(
    inquiry: Inquiry, outcomes: Sequence[Outcome], left_out: tuple[str, ...], calls: Iterable[Call]
) -> Heard:
    """All outcomes together. `calls` are of what was asked besides and given up."""
    pages = Pages()
    judged = [(one, statements(inquiry, one, pages)) for one in outcomes if isinstance(one, Answered)]
    said = [statement for found in _once_each(judged) for statement in found]
    lost, absent = _lost(outcomes)
    shares = ((one.model, share_kept(found)) for one, found in judged)
    return Heard(
        findings=tuple(one for one in said if isinstance(one, Finding)),
        calls=(*calls, *(call for one in outcomes for call in one.calls)),
        read=_readers(outcomes, lost),
        failures=tuple(Failure(one.asking.batch.paths(), one.error.kind, str(one.error)) for one in lost),
        absent=absent,
        left_out=left_out,
        rejected=Counter(one.why for one in said if isinstance(one, Rejected)),
        # Who says nothing has shown nothing: silence is no quality.
        worth=tuple(Worth(model, share) for model, share in shares if share is not None),
        planned=_planned(outcomes),
    )


def _once_each(
    judged: Sequence[tuple[Answered, list[Finding | Rejected]]],
) -> Iterator[list[Finding | Rejected]]:
    """What a model saw from one side and told again when it was asked from another is said once."""
    known: dict[str, list[Finding]] = defaultdict(list)
    for one, said in judged:
        before = tuple(known[one.model])
        fresh = [it for it in said if isinstance(it, Rejected) or not _is_among(it, before)]
        known[one.model] += [it for it in fresh if isinstance(it, Finding)]
        yield fresh


def _is_among(finding: Finding, others: Sequence[Finding]) -> bool:
    return any(same_defect(other, finding, Nearness()) for other in others)


def _lost(outcomes: Sequence[Outcome]) -> tuple[list[Unanswered], Counter[str]]:
    """The first failure of each question that nobody answered; how often a question had another's answer, by kind."""
    answered = {_question(one) for one in outcomes if isinstance(one, Answered)}
    lost: dict[object, Unanswered] = {}
    absent: Counter[str] = Counter()
    for one in outcomes:
        if isinstance(one, Unanswered):
            if _question(one) in answered:
                absent[one.error.kind] += 1
            else:
                lost.setdefault(_question(one), one)
    return list(lost.values()), absent


def _question(outcome: Outcome) -> object:
    """The same for all who were asked the same; a batch is compared by identity, its text is long."""
    return id(outcome.asking.batch), outcome.asking.aspects


def _readers(outcomes: Sequence[Outcome], lost: Sequence[Unanswered]) -> dict[str, tuple[str, ...]]:
    """Files all questions about which were answered, each with those who answered."""
    open_still = {path for one in lost for path in one.asking.batch.paths()}
    readers: dict[str, dict[str, None]] = defaultdict(dict)
    for one in outcomes:
        if isinstance(one, Answered):
            for path in one.asking.batch.paths():
                readers[path][one.model] = None
    return {path: tuple(models) for path, models in readers.items() if path not in open_still}


def _planned(outcomes: Sequence[Outcome]) -> tuple[Planned, ...]:
    return tuple(
        Planned(one.asking.batch.paths(), call)
        for one in outcomes
        if isinstance(one, Unanswered)
        for call in one.calls
        if call.outcome == DRY_RUN
    )
