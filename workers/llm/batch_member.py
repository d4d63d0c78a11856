"""A question on its way through a batch, and how patient everybody is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from workers.llm.provider import Answer, ProviderError, Question


@dataclass(frozen=True, slots=True)
class Pace:
    """How long questions are collected, how many a batch takes, and how often it is looked at.

    `poll_max_s` is far shorter than the lease of the money that is put aside: each look keeps it. A question that has
    less than `least_s` is not worth a batch. So many looks in a row (`lost_max`) may fail before a batch is given up.
    """

    window_s: float = 5.0
    questions_max: int = 100
    poll_first_s: float = 10.0
    poll_growth: float = 1.5
    poll_max_s: float = 300.0
    least_s: float = 600.0
    lost_max: int = 12


class Watch(Protocol):
    """Whoever keeps a question's books."""

    def sent(self) -> None:
        """It goes out now: from here on it may be billed."""
        ...

    async def keep(self) -> None:
        """It is still under way."""
        ...


class BatchFailedError(ProviderError):
    """The batch came to nothing, which says nothing of the question: asked alone it may be answered."""


@dataclass(slots=True, eq=False)
class Member:
    """A question in a batch, whose asker waits until `until` (monotonic seconds)."""

    question: Question
    until: float
    watch: Watch
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, error: ProviderError) -> None:
        """Tell the asker, if there is one."""
        if not self.answer.done():
            self.answer.set_exception(error)
