"""Asks models, a few questions at a time, and keeps what came of it; what fails leaves a sentence, never an exception."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from workers.domain.review import Planned
from workers.domain.task import DRY_RUN, Completion, ModelError, Models, T, Task
from workers.domain.usage import Call

BUDGET = "budget"
FOR_ALL = frozenset({BUDGET, "no model", "unauthorised", "quota"})
"""Failures that the next question would meet, too."""


@dataclass(slots=True)
class Asking:
    """The questions of one run. `failures` counts those without an answer by the kind of error, `under_way` those that
    may still give back some of the money that was put aside for them.
    """

    models: Models
    slots: asyncio.Semaphore
    progress: Callable[[str], None]
    calls: list[Call] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    over: str = ""
    under_way: int = 0
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, task: Task[T], paths: tuple[str, ...]) -> Completion[T] | None:
        """The answer to `task`, which is about the files `paths`; None when there is none."""
        async with self.slots:
            if self.over:
                self.failures[self.over] += 1
                return None
            try:
                completion = await self._complete(task)
            except ModelError as error:
                self._failed(error, paths)
                return None
        self.calls += completion.calls
        self.progress(f"{completion.model} answered {task.kind} about {len(paths)} file(s)")
        return completion

    async def _complete(self, task: Task[T]) -> Completion[T]:
        """The answer. The worst case of others under way is put aside: money is short only once they have ended."""
        while True:
            settled = self.settled
            found = await self._attempt(task)
            if not isinstance(found, ModelError):
                return found
            if found.kind != BUDGET or not self.under_way:
                raise found
            await settled.wait()
            self.calls += found.calls
            if self.over:
                raise ModelError(self.over, str(found))

    async def _attempt(self, task: Task[T]) -> Completion[T] | ModelError:
        waits = False
        self.under_way += 1
        try:
            return await self.models.complete(task)
        except ModelError as error:
            waits = error.kind == BUDGET and self.under_way > 1
            return error
        finally:
            self.under_way -= 1
            if not waits:
                self._settle()

    def _settle(self) -> None:
        """Whoever waits for money may ask again."""
        self.settled.set()
        self.settled = asyncio.Event()

    def _failed(self, error: ModelError, paths: tuple[str, ...]) -> None:
        self.calls += error.calls
        self.planned += [Planned(paths, call) for call in error.calls if call.outcome == DRY_RUN]
        if error.kind != DRY_RUN:
            self.failures[error.kind] += 1
        if error.kind in FOR_ALL:
            self.over = error.kind

    def notices(self) -> Iterator[str]:
        """A sentence for each kind of failure."""
        for kind, count in self.failures.most_common():
            yield (
                f"{count} question(s) had no answer ({kind}): what they were about is told as the code tells it, "
                "until somebody asks again."
            )
