"""What is asked of a model, and what came back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from workers.domain.budget import Refusal
from workers.domain.usage import Call, Usage

T = TypeVar("T", bound=BaseModel)

DRY_RUN = "dry run"
"""Kind and outcome of a question that was decided on and, as was wished, not asked."""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """One question to a model.

    `kind` names the stage ("review/security"); `prefix` is the text shared by all tasks of a run (first in the
    prompt, so that providers cache it), `prompt` the rest. `check` may return what is wrong with a valid answer;
    the model is asked once more with that sentence. Limits are hard; `timeout_s` bounds the whole call, waiting,
    retries and repair included.

    `boundary` is the word that marks data in the texts, new in every run: a kept answer is found whatever it is.
    `complexity` (0 to 1) is how hard it looks; `risky`: only a strong model may answer it, whatever else is said;
    `urgent` False: nobody waits, so a batch will do.
    """

    kind: str
    system: str
    prompt: str
    schema: type[T]
    prefix: str = ""
    prompt_version: str = ""
    boundary: str = field(default="", repr=False)
    check: Callable[[T], str | None] | None = field(default=None, compare=False)
    output_max_tokens: int = 4_000
    timeout_s: float = 120.0
    complexity: float = 0.5
    risky: bool = False
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class Completion(Generic[T]):
    """A schema-valid answer, with what it used and why this model was asked. `confidence` (0 to 1) is the parser's.

    `calls` has every attempt, failed ones of other models too; `usage` is their sum.
    """

    value: T
    usage: Usage
    model: str
    reason: str
    confidence: float = 1.0
    calls: tuple[Call, ...] = ()


class ModelError(Exception):
    """No usable answer: `kind` is one of "timeout", "rate limited", "unavailable", "unauthorised", "not found",
    "context too long", "refused", "quota", "invalid answer", "budget", "no model", "dry run".

    Every attempt's usage is in `calls`: failed calls cost too.
    """

    def __init__(self, kind: str, message: str, *, calls: tuple[Call, ...] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.calls = calls


class Models(Protocol):
    """The one door to every model, as the pipelines see it."""

    async def complete(self, task: Task[T]) -> Completion[T]:
        """Answer `task` or raise ModelError."""
        ...

    def observe(self, model: str, kind: str, quality: float) -> None:
        """An answer of `model` to a task of `kind` turned out to be worth `quality` (0 to 1): the router learns of it."""
        ...

    async def left_micros(self) -> int | None:
        """What the tightest budget of this run has left, in micro-dollars; None without one. Raises BudgetAwayError."""
        ...

    async def worst_micros(self, task: Task[T]) -> int | None:
        """The most that `task` can cost with the model that would be asked now, in micro-dollars; None: unknown."""
        ...

    async def first_choice(self, task: Task[T]) -> str | None:
        """The name of the model that `task` would go to now; None: nobody may be asked."""
        ...

    async def afford(self, micros: int) -> Refusal | None:
        """Which limit of this run has less than `micros` left; None when none has. Raises BudgetAwayError."""
        ...

    def cheaper(self) -> Models:
        """The same models, the cheapest that will do first."""
        ...

    def stronger(self) -> Models:
        """The same models, the strongest first."""
        ...

    async def panel(self, task: Task[T], seats_max: int) -> Sequence[Models]:
        """Who would answer `task` best, and next best of another family, and so on: each seat asks its family alone.

        Empty: nobody may be asked. Raises BudgetAwayError.
        """
        ...

    async def trust(self, kind: str) -> Mapping[str, float]:
        """How much of what each model says at tasks of `kind` is right, 0 to 1, as far as is known."""
        ...

    def apart_from(self, models: Collection[str]) -> Models | None:
        """The models of other families than those of `models` (names); None: there are none."""
        ...

    def window_tokens(self) -> int:
        """The context window of the model that would be asked, in tokens."""
        ...
