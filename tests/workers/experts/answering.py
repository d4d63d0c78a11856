"""Models that answer from a list, and a cleaner that takes one known secret out."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workers.domain.budget import Refusal
from workers.domain.task import Completion, ModelError, T, Task
from workers.domain.usage import Call, Usage

Answering = Callable[[Task[Any]], dict[str, Any]]


@dataclass
class AnsweringModels:
    """Answers each task with `answer(task)`, a dict fit for its schema, or by raising ModelError.

    `names` are its models, best first, each a family of its own; `by` has other answers of some of them.
    """

    answer: Answering
    window: int = 32_000
    names: tuple[str, ...] = ("model-a",)
    by: Mapping[str, Answering] = field(default_factory=dict)
    models_asked: list[str] = field(default_factory=list)
    tasks: list[Task[Any]] = field(default_factory=list)
    observed: list[tuple[str, str, float]] = field(default_factory=list)

    async def complete(self, task: Task[T]) -> Completion[T]:
        name = self.names[0]
        self.tasks.append(task)
        self.models_asked.append(name)
        answer = self.by.get(name, self.answer)(task)
        value = task.schema.model_validate(json.loads(json.dumps(answer)))
        usage = Usage(1, 100, 0, 10, cost_micros=120)
        call = Call(task.kind, name, "ok", usage)
        return Completion(value, usage, name, "the only one", calls=(call,))

    def observe(self, model: str, kind: str, quality: float) -> None:
        self.observed.append((model, kind, quality))

    async def left_micros(self) -> int | None:
        return None

    async def worst_micros(self, task: Task[T]) -> int | None:
        return 0

    async def first_choice(self, task: Task[T]) -> str | None:
        return self.names[0]

    async def afford(self, micros: int) -> Refusal | None:
        return None

    def cheaper(self) -> AnsweringModels:
        return self

    def stronger(self) -> AnsweringModels:
        return self

    async def panel(self, task: Task[T], seats_max: int) -> Sequence[AnsweringModels]:
        return [replace(self, names=(name,)) for name in self.names[:seats_max]]

    async def trust(self, kind: str) -> Mapping[str, float]:
        return dict.fromkeys(self.names, 0.9)

    def apart_from(self, models: Collection[str]) -> AnsweringModels | None:
        rest = tuple(name for name in self.names if name not in models)
        return replace(self, names=rest) if rest else None

    def window_tokens(self) -> int:
        return self.window


def nothing(task: Task[Any]) -> dict[str, Any]:
    return {"findings": []}


def refusing(kind: str) -> Answering:
    def refuse(task: Task[Any]) -> dict[str, Any]:
        raise ModelError(kind, f"model-a: {kind}")

    return refuse


def stated(**values: Any) -> dict[str, Any]:
    """A statement about `changes.SHELL` as a model writes it."""
    return {
        "aspect": "security",
        "severity": "critical",
        "path": "run.py",
        "quote": "    subprocess.run(command, shell=True)",
        "title": "Shell injection: the command reaches subprocess with shell=True",
        "description": "A caller who passes `; rm -rf /` runs it.",
        "recommendation": "Pass a list and leave shell off.",
        "confidence": 0.9,
        "suggestion": None,
        "rule": "shell-injection",
        **values,
    }
