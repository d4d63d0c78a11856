"""A review knows what its repository keeps declining."""

from __future__ import annotations

from dataclasses import dataclass

from config.repository import RepositoryConfig, ReviewRules
from tests.workers.experts.changes import added, change, finding
from tests.workers.pipelines.reviewing import reviewed
from workers.domain.finding import Aspect, Finding, Severity
from workers.domain.outcome import Record
from workers.experts.base import View


@dataclass(frozen=True)
class FussyExpert:
    """Says two things of equal weight; the first by place is about names."""

    aspect: Aspect = Aspect.QUALITY
    focus: str = "everything."

    def worth_running(self, view: View) -> bool:
        return True

    def static(self, view: View) -> tuple[Finding, ...]:
        said = (("ruff/N801", 1, "class a:"), ("ruff/B006", 2, "    def b(c=[]):"))
        return tuple(
            finding(rule, path="a.py", line=line, severity=Severity.LOW, aspect=self.aspect, evidence=code)
            for rule, line, code in said
        )


async def test_what_is_declined_mostly_stands_last_without_a_line_of_its_own_and_that_is_said() -> None:
    files = change(added("a.py", "class a:\n    def b(c=[]):\n        return c\n"))
    rules = RepositoryConfig(review=ReviewRules(inline_max=1))
    found = await reviewed(files, None, config=rules, experts=(FussyExpert(),))
    assert [one.rule for one in found.findings] == ["ruff/N801", "ruff/B006"]
    records = (Record(Aspect.QUALITY, "ruff/N801", 1, 1, 6),)
    found = await reviewed(files, None, config=rules, experts=(FussyExpert(),), records=records)
    assert [one.rule for one in found.findings] == ["ruff/B006", "ruff/N801"]
    assert found.thread_count == 1
    assert any("this repository declined 6 of 7 such findings" in said for said in found.notices)
