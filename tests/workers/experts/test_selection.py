"""An expert runs when the configuration names it and it has something to look at."""

from __future__ import annotations

from dataclasses import dataclass

from tests.workers.experts.changes import change
from workers.analysis.source import Analysis
from workers.domain.change import Snapshot
from workers.domain.finding import Aspect, Finding
from workers.experts.base import View
from workers.experts.selection import selected

VIEW = View(change(), Snapshot({}, complete=True), Analysis(), ())


@dataclass(frozen=True)
class Idle:
    aspect: Aspect
    worth: bool = True
    focus: str = ""

    def worth_running(self, view: View) -> bool:
        return self.worth

    def static(self, view: View) -> tuple[Finding, ...]:
        return ()


SECURITY, TESTS = Idle(Aspect.SECURITY), Idle(Aspect.TESTS)


def test_named_ones_run_in_their_own_order() -> None:
    assert selected([SECURITY, TESTS], ["tests", "security"], VIEW) == (SECURITY, TESTS)


def test_others_do_not_run() -> None:
    assert selected([SECURITY, TESTS], ["tests"], VIEW) == (TESTS,)


def test_one_with_nothing_to_look_at_does_not_run() -> None:
    assert selected([Idle(Aspect.SECURITY, worth=False)], ["security"], VIEW) == ()
