"""The ladder down when money is short."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.workers.experts.answering import AnsweringModels, nothing
from workers.analysis.diff import parse_patch
from workers.domain.budget import BudgetAwayError, Limit, Payer, Period, Refusal
from workers.domain.change import ChangedFile, FileStatus
from workers.domain.task import Task
from workers.experts.economy import Costs, Way, changed_lines, choose
from workers.experts.statements import ModelFindings
from workers.llm.money import Rung

NOW = 1_795_000_000.0  # 2026-11-18, before noon
DAY = Limit(Payer.REPOSITORY, Period.DAY, 1_000, "QUORUM_BUDGET_REPOSITORY_DAY_USD")
RUN = Limit(Payer.OPERATOR, Period.RUN, 50, "QUORUM_BUDGET_RUN_USD")
TASK: Task[Any] = Task("review", "", "", ModelFindings)


@dataclass
class Priced(AnsweringModels):
    """Each task costs so much by each tier, and so much is left."""

    left: int | None = 100
    full: int = 40
    thrifty: int = 10
    limit: Limit = DAY
    cheap: bool = False
    asked: list[int] = field(default_factory=list)

    async def left_micros(self) -> int | None:
        return self.left

    async def worst_micros(self, task: Task[Any]) -> int | None:
        return self.thrifty if self.cheap else self.full

    async def afford(self, micros: int) -> Refusal | None:
        self.asked.append(micros)
        assert self.left is not None
        return None if micros <= self.left else Refusal(self.limit, self.left)

    def cheaper(self) -> Priced:
        return Priced(
            self.answer, left=self.left, full=self.full, thrifty=self.thrifty, limit=self.limit, cheap=True
        )


async def _tasks(way: Way) -> Costs:
    """Four questions a seat, three without the minor sides, two about changed lines alone."""
    count = 4 - way.essential_only - way.changed_only
    return [(way.models, TASK)] * (count * way.seats_max)


@pytest.mark.parametrize(
    ("left", "rung"),
    [
        (None, Rung.FULL),
        (480, Rung.FULL),
        (479, Rung.FEWER_MODELS),
        (160, Rung.FEWER_MODELS),
        (159, Rung.CHEAPER_TIER),
        (39, Rung.FEWER_EXPERTS),
        (29, Rung.CHANGED_HUNKS),
    ],
)
async def test_as_much_is_asked_as_there_is_money_for(left: int | None, rung: Rung) -> None:
    chosen = await choose(Priced(nothing, left=left), 3, _tasks, lambda: NOW)
    assert chosen.way is not None
    assert chosen.way.rung is rung
    assert bool(chosen.said) is (rung is not Rung.FULL)


async def test_what_a_day_s_budget_refuses_waits_for_the_next() -> None:
    chosen = await choose(Priced(nothing, left=5), 3, _tasks, lambda: NOW)
    assert (chosen.way, chosen.again_at) == (None, 1_795_046_400.0)
    assert chosen.said.startswith("Not reviewed yet: the repository's budget of $0.0010 a day")
    assert "It renews on 2026-11-19 at 00:00 UTC." in chosen.said


async def test_what_no_run_may_cost_is_refused() -> None:
    chosen = await choose(Priced(nothing, left=5, limit=RUN), 3, _tasks, lambda: NOW)
    assert (chosen.way, chosen.again_at) == (None, None)
    assert chosen.said.startswith("Not reviewed: ")


async def test_what_the_whole_limit_does_not_cover_is_not_put_off() -> None:
    chosen = await choose(Priced(nothing, left=5, thrifty=2_000, full=4_000), 3, _tasks, lambda: NOW)
    assert chosen.again_at is None


async def test_nobody_to_ask_what_was_spent_is_for_the_caller() -> None:
    class Away(Priced):
        async def left_micros(self) -> int | None:
            raise BudgetAwayError("away")

    with pytest.raises(BudgetAwayError):
        await choose(Away(nothing), 3, _tasks, lambda: NOW)


def test_changed_lines_keep_their_numbers() -> None:
    patch = "@@ -10,5 +10,6 @@ def f\n a\n-b\n+B\n c\n d\n+e\n f\n"
    [file] = changed_lines([ChangedFile("a.py", FileStatus.MODIFIED, hunks=parse_patch(patch))])
    assert [(one.old_start, one.new_start, one.lines) for one in file.hunks] == [
        (11, 11, ("-b", "+B")),
        (14, 14, ("+e",)),
    ]
    assert [list(one.added()) for one in file.hunks] == [[11], [14]]
