"""The experts' model half: one general reviewer asked from all selected sides, batch by batch."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.analysis.languages import language_of
from workers.analysis.redaction import SafeParts, make_safe
from workers.analysis.source import Observation
from workers.analysis.symbols import Symbol
from workers.domain.budget import BudgetAwayError
from workers.domain.change import Change, ChangedFile
from workers.domain.finding import Aspect, Finding
from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, ModelError, Models, Task
from workers.domain.usage import Call
from workers.experts.batching import Batch, Plan, plan, room_in
from workers.experts.economy import ESSENTIAL, Chosen, Way, changed_lines, choose
from workers.experts.evidence import Rejected, checked
from workers.experts.masking import masked
from workers.experts.statements import FINDINGS_MAX, ModelFindings
from workers.llm.money import Rung
from workers.llm.prompts import Prompt, load
from workers.llm.routing.complexity import combined_complexity
from workers.llm.routing.floor import is_risky

STAGE = "review"
OBSERVATION_MAX_CHARS = 200
_EDGE = re.compile(r"^[ \t]{0,80}(?:<<<|>>>)", re.MULTILINE)
ANSWER_SHARE = 4  # at most a quarter of a small window is kept for the answer


@dataclass(frozen=True, slots=True)
class AskLimits:
    """Limits of one review's questions."""

    batches_max: int = 8
    output_max_tokens: int = 4_000
    timeout_s: float = 300.0
    about_max_chars: int = 4_000
    observations_max: int = 20


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a model is asked about.

    `focus` holds a paragraph for each wanted aspect. `observations` are those that no expert made a finding of: a
    model that is shown a finding repeats it, and its agreement would be worth nothing. Files that match `risky_paths`
    (globs), and those that everybody knows to be risky, are for strong models only.
    """

    change: Change
    files: tuple[ChangedFile, ...]
    focus: Mapping[Aspect, str]
    symbols: Mapping[str, Sequence[Symbol]] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    risky_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A question without an answer: the files it was about and ModelError's kind and sentence."""

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

    `read` maps a file to the model that read it; `rejected` counts statements by reason; `taken_out` is a sentence
    about what was removed before a model read the change, empty when nothing was; `spared` one about what was done with
    too little money; `planned` are the questions of a dry run. `again_at` (epoch seconds): the budget was not enough
    for anything, and will be then.
    """

    findings: tuple[Finding, ...] = ()
    calls: tuple[Call, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    left_out: tuple[str, ...] = ()
    rejected: Mapping[str, int] = field(default_factory=dict)
    taken_out: str = ""
    worth: tuple[Worth, ...] = ()
    planned: tuple[Planned, ...] = ()
    spared: str = ""
    again_at: float | None = None

    def quality(self) -> float | None:
        """How much of what was said stood up to the check against the change, 0 to 1; None: nothing was said."""
        said = len(self.findings) + sum(self.rejected.values())
        return len(self.findings) / said if said else None


@dataclass(frozen=True, slots=True)
class _Prompts:
    system: Prompt
    change: Prompt
    question: Prompt

    def version(self) -> str:
        return " ".join((self.system.version, self.change.version, self.question.version))


@dataclass(frozen=True, slots=True)
class _Answered:
    batch: Batch
    model: str
    calls: tuple[Call, ...]
    answer: ModelFindings


@dataclass(frozen=True, slots=True)
class _Unanswered:
    batch: Batch
    error: ModelError


async def ask(
    models: Models,
    inquiry: Inquiry,
    *,
    boundary: str,
    limits: AskLimits,
    progress: Callable[[str], None],
    now: Callable[[], float] = time.time,
) -> Heard:
    """Ask about every file of `inquiry` in as many batches as its window needs; ModelErrors become failures.

    When the run's budget doesn't cover that, as much is asked as it does cover. `now` gives epoch seconds.
    """
    desk = _Desk(inquiry, boundary, limits)
    try:
        chosen = await choose(models, desk.tasks, now)
    except BudgetAwayError as error:
        chosen = Chosen(None, f"Not reviewed: nobody can tell what was spent ({error}), so nothing is.")
    if chosen.way is None:
        progress("the budget is not enough to ask a model")
        paths = tuple(file.path for file in inquiry.files)
        failures = (Failure(paths, "budget", chosen.said),) if paths else ()
        return Heard(failures=failures, again_at=chosen.again_at)
    heard = await _asked(chosen.way, desk, progress)
    return replace(heard, spared=chosen.said)


async def _asked(way: Way, desk: _Desk, progress: Callable[[str], None]) -> Heard:
    prepared = await desk.prepared(way)
    pairs = zip(prepared.plan.batches, prepared.tasks, strict=True)
    outcomes = await asyncio.gather(*(_one(way.models, batch, task, progress) for batch, task in pairs))
    heard = _heard(desk.inquiry, outcomes, prepared.plan.left_out)
    for one in heard.worth:
        way.models.observe(one.model, STAGE, one.share)
    return replace(heard, taken_out=prepared.taken_out)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The batches, a question about each, and a sentence about what was taken out of them."""

    plan: Plan
    tasks: Sequence[Task[ModelFindings]]
    taken_out: str


@dataclass(slots=True)
class _Desk:
    """Prepares the questions of each way once."""

    inquiry: Inquiry
    boundary: str
    limits: AskLimits
    _done: dict[Rung, _Prepared] = field(default_factory=dict)

    async def tasks(self, way: Way) -> Sequence[Task[ModelFindings]]:
        """The questions that this way asks."""
        return (await self.prepared(way)).tasks

    async def prepared(self, way: Way) -> _Prepared:
        """Its batches and questions."""
        if way.rung not in self._done:
            window_tokens = way.models.window_tokens()
            most = min(self.limits.output_max_tokens, window_tokens // ANSWER_SHARE)
            limits = replace(self.limits, output_max_tokens=most // 2 if way.essential_only else most)
            inquiry = _spared(self.inquiry, way)
            # Megabytes are searched for secrets: not on the loop that keeps leases alive.
            self._done[way.rung] = _Prepared(
                *await asyncio.to_thread(_prepared, inquiry, self.boundary, limits, window_tokens)
            )
        return self._done[way.rung]


def _spared(inquiry: Inquiry, way: Way) -> Inquiry:
    """As much of `inquiry` as this way asks about."""
    if way.changed_only:
        inquiry = replace(inquiry, files=changed_lines(inquiry.files))
    if way.essential_only:
        focus = {aspect: text for aspect, text in inquiry.focus.items() if aspect in ESSENTIAL}
        inquiry = replace(inquiry, focus=focus or inquiry.focus)
    return inquiry


def _prepared(
    inquiry: Inquiry, boundary: str, limits: AskLimits, window_tokens: int
) -> tuple[Plan, list[Task[ModelFindings]], str]:
    """The batches, a question about each, and a sentence about what was taken out of them."""
    writer = _Writer(inquiry, boundary, limits)
    room = room_in(window_tokens, limits.output_max_tokens, writer.around_chars(), limits.batches_max)
    planned = plan([masked(file) for file in inquiry.files], inquiry.symbols, room)
    safe = make_safe([writer.about()], writer.code(planned.batches))
    return planned, writer.tasks(planned.batches, safe), safe.notice() if planned.batches else ""


async def _one(
    models: Models, batch: Batch, task: Task[ModelFindings], progress: Callable[[str], None]
) -> _Answered | _Unanswered:
    try:
        completion = await models.complete(task)
    except ModelError as error:
        if error.kind != DRY_RUN:
            progress(f"the model gave no answer about {len(batch.paths())} file(s): {error.kind}")
        return _Unanswered(batch, error)
    progress(f"{completion.model} read {len(batch.paths())} file(s)")
    return _Answered(batch, completion.model, completion.calls, completion.value)


class _Writer:
    """Writes the questions: instructions outside, everything from the repository inside the marked blocks."""

    def __init__(self, inquiry: Inquiry, boundary: str, limits: AskLimits) -> None:
        self._inquiry = inquiry
        self._boundary = boundary
        self._limits = limits
        self._prompts = _Prompts(load("review.system"), load("review.change"), load("review.question"))

    def around_chars(self) -> int:
        """Characters of a question beside its excerpt; the schema and the heaviest observations included."""
        fixed = (self._system(), self._question(), self._prompts.change.text, self.about())
        observed = self._limits.observations_max * OBSERVATION_MAX_CHARS
        return sum(map(len, fixed)) + len(str(ModelFindings.model_json_schema())) + observed

    def code(self, batches: Sequence[Batch]) -> list[str]:
        """What the repository and its analysers say, in the order in which `tasks` takes it back."""
        return [
            text
            for batch in batches
            for text in (*(piece.text for piece in batch.pieces), self._observed(batch))
        ]

    def tasks(self, batches: Sequence[Batch], safe: SafeParts) -> list[Task[ModelFindings]]:
        """The question about each batch, made of what is safe of `about` and `code`."""
        code, about = iter(safe.code), safe.prose[0]
        return [
            self._task(
                batch, about, [next(code) for _ in batch.pieces], next(code), f"{number} of {len(batches)}"
            )
            for number, batch in enumerate(batches, start=1)
        ]

    def _task(
        self, batch: Batch, about: str, excerpts: Sequence[str], observed: str, part: str
    ) -> Task[ModelFindings]:
        prefix = self._prompts.change.fill(
            boundary=self._boundary,
            part=part,
            about=self._data(about),
            excerpt=self._data("\n\n".join(excerpts)),
            observations=self._data(observed),
        )
        return Task(
            kind=STAGE,
            system=self._system(),
            prompt=self._question(),
            schema=ModelFindings,
            prefix=prefix,
            prompt_version=self._prompts.version(),
            boundary=self._boundary,
            output_max_tokens=self._limits.output_max_tokens,
            timeout_s=self._limits.timeout_s,
            complexity=complexity(batch),
            # By the paths alone: nothing that is written in a change can make it look harmless.
            risky=is_risky(batch.paths(), self._inquiry.risky_paths),
        )

    def about(self) -> str:
        """Title and body of the pull request, at their length limit."""
        change = self._inquiry.change
        return f"{change.title}\n\n{change.body}".strip()[: self._limits.about_max_chars]

    def _system(self) -> str:
        return self._prompts.system.fill(boundary=self._boundary)

    def _question(self) -> str:
        aspects = "\n".join(f'- "{aspect.value}". {focus}' for aspect, focus in self._inquiry.focus.items())
        return self._prompts.question.fill(aspects=aspects, findings_max=str(FINDINGS_MAX))

    def _data(self, text: str) -> str:
        """Text that can't close its block, even if it had guessed the boundary, and shows nothing that looks so."""
        apart = _EDGE.sub(lambda edge: edge[0].replace("<", "‹").replace(">", "›"), text)
        return apart.replace(self._boundary, "…") or "(none)"

    def _observed(self, batch: Batch) -> str:
        shown = {(piece.path, line) for piece in batch.pieces for line in piece.lines}
        near = [one for one in self._inquiry.observations if (one.path, one.line) in shown]
        return "\n".join(
            f"{one.path}:{one.line}: {one.tool} {one.rule}: {one.message}"[:OBSERVATION_MAX_CHARS]
            for one in near[: self._limits.observations_max]
        )


def complexity(batch: Batch) -> float:
    """How hard it looks, 0 to 1: by length and language."""
    return combined_complexity(
        (len(piece.text), language.value if (language := language_of(piece.path, piece.text)) else "")
        for piece in batch.pieces
    ).score


def _heard(inquiry: Inquiry, outcomes: Sequence[_Answered | _Unanswered], left_out: tuple[str, ...]) -> Heard:
    answered = [outcome for outcome in outcomes if isinstance(outcome, _Answered)]
    unanswered = [outcome for outcome in outcomes if isinstance(outcome, _Unanswered)]
    files = {file.path: file for file in inquiry.files}
    judged = [
        (one, [checked(statement, files, inquiry.focus, one.model) for statement in one.answer.findings])
        for one in answered
    ]
    statements = [statement for _, found in judged for statement in found]
    return Heard(
        findings=tuple(one for one in statements if isinstance(one, Finding)),
        calls=(
            *(call for one in answered for call in one.calls),
            *(call for one in unanswered for call in one.error.calls),
        ),
        read={path: one.model for one in answered for path in one.batch.paths()},
        failures=tuple(Failure(one.batch.paths(), one.error.kind, str(one.error)) for one in unanswered),
        left_out=left_out,
        rejected=Counter(one.why for one in statements if isinstance(one, Rejected)),
        # Who says nothing has shown nothing: silence is no quality.
        worth=tuple(Worth(one.model, _share_kept(found)) for one, found in judged if found),
        planned=tuple(
            Planned(one.batch.paths(), call)
            for one in unanswered
            for call in one.error.calls
            if call.outcome == DRY_RUN
        ),
    )


def _share_kept(statements: Sequence[Finding | Rejected]) -> float:
    return sum(isinstance(one, Finding) for one in statements) / len(statements)
