"""One task answered by one model: a kept answer, one that somebody else is getting, or a new one, repaired once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from config.catalogue import Wire
from workers.domain.profile import Observation
from workers.domain.task import Completion, ModelError, Task
from workers.domain.usage import Call, Usage
from workers.llm.answer_key import answer_key
from workers.llm.asked import Asked, nothing
from workers.llm.asking import Asks, NotSentError
from workers.llm.conversation import judged, opening, question, repaired, schema_words, tokens_in
from workers.llm.endpoint import Endpoint, Surroundings
from workers.llm.keeping import Keeping
from workers.llm.leading import LEAD_MAX_S, Leading
from workers.llm.parsing import Parsed, Unusable
from workers.llm.ports import Answers
from workers.llm.provider import Answer, ProviderError, Turn
from workers.llm.settling import Purse

T = TypeVar("T", bound=BaseModel)

REPAIRS_MAX = 1
LEADER_MAX_S = 600.0
"""Nobody waits longer for another worker's answer: it may have been killed, and batches take hours."""
UNANSWERED = frozenset({"timeout", "unavailable", "invalid answer", "rate limited"})
"""Failures that count against a model's success."""


@dataclass(slots=True)
class Run:
    """One `complete` under way: its end, and every attempt so far."""

    task_kind: str
    deadline: float
    calls: list[Call] = field(default_factory=list)

    def usage(self) -> Usage:
        """What all of them took."""
        return sum((call.usage for call in self.calls), Usage())

    def failed(self, kind: str, message: str) -> ModelError:
        """The error that tells of them."""
        return ModelError(kind, message, calls=tuple(self.calls))


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is asked, why, and what it is thought to cost."""

    endpoint: Endpoint
    reason: str
    expected_micros: int | None

    @property
    def name(self) -> str:
        """The model's."""
        return self.endpoint.spec.name


class Answering:
    """In the name of one run. `seen` is what models have shown, to be learned when the run ends."""

    def __init__(self, purse: Purse, asking: Asks, answers: Answers, around: Surroundings) -> None:
        self.seen: list[Observation] = []
        self._purse = purse
        self._asking = asking
        self._answers = answers
        self._around = around
        self._leading = Leading()

    async def answer(self, task: Task[T], choice: Choice, run: Run) -> Completion[T]:
        """A kept answer, one that somebody else is getting, or a new one."""
        key = self._key(task, choice)
        left_s = run.deadline - self._around.monotonic()
        if not await self._answers.lead(key, min(left_s, LEADER_MAX_S)):  # an answer is there, or on its way
            text = await self._answers.get(key) or await self._answers.wait(key, left_s)
            if (kept := self._kept(task, text)) is not None:
                return await self._from_cache(task, choice, kept, run)
            if text is None:
                return await self._asked(task, choice, run)
        return await self._new(task, choice, run, key)

    async def _new(self, task: Task[T], choice: Choice, run: Run, key: str) -> Completion[T]:
        """Ask, and keep the answer in place of one that is there and fits no more."""
        keeping = Keeping(self._answers, key, task.boundary)
        try:
            return await self._asked(task, choice, run, keeping)
        finally:
            await keeping.end()

    def _key(self, task: Task[T], choice: Choice) -> str:
        """Answers are never shared between repositories."""
        spender, spec = self._purse.spender, choice.endpoint.spec
        return answer_key(
            f"{spender.installation_id}/{spender.repo_id}",
            spec.provider,
            spec.remote_id,
            question(task, opening(task), task.timeout_s),
            schema_words(task.schema),
            prompt_version=task.prompt_version,
            boundary=task.boundary,
        )

    @staticmethod
    def _kept(task: Task[T], text: str | None) -> T | None:
        """A kept answer, if it fits the task still: its schema and its check may be a newer version's."""
        if text is None:
            return None
        try:
            value = task.schema.model_validate_json(text)
        except ValidationError:
            return None
        return value if task.check is None or task.check(value) is None else None

    async def _from_cache(self, task: Task[T], choice: Choice, value: T, run: Run) -> Completion[T]:
        reason = f"{choice.name} has answered this very question before"
        call = Call(task.kind, choice.name, "cached", Usage(), choice.endpoint.provider.name, reason, 0, 0)
        run.calls.append(call)
        await self._purse.record(call)
        return Completion(value, run.usage(), choice.name, reason, calls=tuple(run.calls))

    async def _asked(
        self, task: Task[T], choice: Choice, run: Run, keeping: Keeping | None = None
    ) -> Completion[T]:
        """Ask, and once more with the validator's words when the answer is unusable. Raises ProviderError."""
        turns, problem, started = opening(task), "", self._around.monotonic()
        others = len(run.calls)
        for _ in range(1 + REPAIRS_MAX):
            answer, verdict = await self._turn(task, choice, turns, run, keeping)
            if not isinstance(verdict, Unusable):
                own = sum((call.usage for call in run.calls[others:]), Usage())
                seconds = self._around.monotonic() - started
                if _may_take_hours(task, choice.endpoint):
                    self._saw(choice.name, task.kind)  # neither time nor price are those of an urgent task
                else:
                    self._saw(choice.name, task.kind, seconds=seconds, micros=own.cost_micros)
                reason = run.calls[-1].reason  # asking may have found its own way
                return Completion(
                    verdict.value, run.usage(), choice.name, reason, verdict.confidence, tuple(run.calls)
                )
            problem = verdict.problem
            turns = repaired(turns, answer, problem)
        self._saw(choice.name, task.kind, success=0.0)
        raise ProviderError("invalid answer", f"{choice.name} gave no usable answer twice: {problem}")

    async def _turn(
        self, task: Task[T], choice: Choice, turns: tuple[Turn, ...], run: Run, keeping: Keeping | None
    ) -> tuple[Answer, Parsed[T] | Unusable]:
        asked = Asked(
            choice.endpoint,
            task.kind,
            choice.reason,
            lambda timeout_s: question(task, turns, timeout_s),
            tokens_in(task, turns),
            task.output_max_tokens,
            run.deadline,
            choice.expected_micros,
            run.calls,
            urgent=task.urgent,
            good=nothing if keeping is None else keeping.end,
        )
        led = choice.endpoint.provider.wire is Wire.ANTHROPIC and not _may_take_hours(task, choice.endpoint)
        prefix = task.prefix if led else ""
        try:
            left_s = run.deadline - self._around.monotonic()
            async with self._leading.behind(choice.name, prefix, min(LEAD_MAX_S, left_s)) as answered:
                return await self._asking.ask(asked, lambda answer: _heard(answered, answer, task, keeping))
        except ProviderError as error:
            if error.kind in UNANSWERED and not isinstance(error, NotSentError):
                self._saw(choice.name, task.kind, success=0.0)
            raise

    def _saw(
        self,
        model: str,
        kind: str,
        *,
        success: float = 1.0,
        seconds: float | None = None,
        micros: int | None = None,
    ) -> None:
        self.seen.append(
            Observation(
                model,
                kind,
                seconds=seconds,
                micros=None if micros is None else float(micros),
                success=success,
            )
        )


def _heard(
    answered: Callable[[], None], answer: Answer, task: Task[T], keeping: Keeping | None
) -> Parsed[T] | Unusable:
    answered()  # whoever waits behind goes on while its books are closed
    verdict = judged(answer, task)
    if keeping is not None and not isinstance(verdict, Unusable):
        keeping.value = verdict.value
    return verdict


def _may_take_hours(task: Task[T], endpoint: Endpoint) -> bool:
    """Whether the question may go into a batch."""
    return not task.urgent and endpoint.batcher is not None
