"""Questions of one run share its money: what is put aside for one is not lost to the others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from pydantic import BaseModel

from workers.domain.task import Completion, ModelError, Models, Task
from workers.domain.usage import Usage
from workers.pipelines.documentation.asking import Asking

WORST, COST = 50, 10


class Said(BaseModel):
    """An answer."""

    word: str = "yes"


@dataclass
class Purse:
    """Models that put the worst case aside, and give back what was not used."""

    left: int
    asked: list[str] = field(default_factory=list)

    async def complete(self, task: Task[Said]) -> Completion[Said]:
        self.asked.append(task.kind)
        if self.left < WORST:
            raise ModelError("budget", "too little is left")
        self.left -= WORST
        await asyncio.sleep(0)
        self.left += WORST - COST
        return Completion(Said(), Usage(1), "m", "")


async def answered(purse: Purse, questions: int) -> int:
    """How many of these questions have an answer."""
    asking = Asking(cast("Models", purse), asyncio.Semaphore(4), lambda _: None)
    tasks: list[Task[Any]] = [Task(f"docs/{one}", "", "", Said) for one in range(questions)]
    async with asyncio.timeout(5):
        found = await asyncio.gather(*(asking.answer(task, ()) for task in tasks))
    assert asking.under_way == 0
    return sum(one is not None for one in found)


@pytest.mark.parametrize(
    ("left", "questions", "expected"),
    [(100, 8, 6), (50, 3, 1), (49, 9, 0), (1_000, 9, 9), (90, 4, 4), (60, 1, 1)],
)
async def test_all_is_asked_that_the_money_lasts_for(left: int, questions: int, expected: int) -> None:
    purse = Purse(left)
    assert await answered(purse, questions) == expected
    assert purse.left == left - expected * COST
