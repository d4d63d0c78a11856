"""Minor remarks of one rule are one finding; what a model speaks of as well stays a finding of its own."""

from __future__ import annotations

import time
from dataclasses import replace

from tests.workers.experts.changes import finding
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.consensus import merged
from workers.experts.similarity import Nearness

UNUSED = replace(
    finding("ruff/F841", kind="tool", name="ruff", title="Variable is never used", severity=Severity.LOW),
    aspect=Aspect.QUALITY,
    description="Local variable `stamp` is assigned to but never used.",
    sources=(Source("tool", "ruff", "F841"),),
)
NAIVE = replace(
    UNUSED,
    rule="model/local-time",
    title="Naive time: the zone is missing",
    description="Local time: other machines read it otherwise, many times.",
    sources=(Source("model", "m", "local-time"),),
)


def on(line: int, of: Finding = UNUSED) -> Finding:
    return replace(of, line=line)


def shown(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, tuple[int, ...]]]:
    return [(one.title, one.line, one.others) for one in findings]


def test_remarks_of_one_rule_become_one_that_names_and_remembers_its_lines() -> None:
    (one,) = merged([on(7), on(3), on(3), on(9)], Nearness())
    assert shown((one,)) == [("Variable is never used (3 times)", 3, (7, 9))]
    assert one.description.endswith("The same on lines 3, 7, 9.")


def test_what_a_model_agrees_with_is_told_apart_from_the_rest() -> None:
    agrees = replace(on(7, NAIVE), title="This variable is never used", description=UNUSED.description)
    found = merged([on(3), on(7), on(9), agrees], Nearness())
    assert shown(found) == [(agrees.title, 7, ()), ("Variable is never used (2 times)", 3, (9,))]
    assert len(found[0].sources) == 2


def test_another_meaning_on_one_of_the_lines_is_not_lost_in_them() -> None:
    found = merged([on(3), on(7), on(3, NAIVE)], Nearness())
    assert shown(found) == [(NAIVE.title, 3, ()), ("Variable is never used (2 times)", 3, (7,))]


def test_a_rule_broken_a_thousand_times_is_quickly_told() -> None:
    began = time.process_time()
    (one,) = merged([on(line) for line in range(1, 2001)], Nearness())
    assert time.process_time() - began < 1
    assert (one.line, len(one.others)) == (1, 20)
    assert "and 1990 more" in one.description
