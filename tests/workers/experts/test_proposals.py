"""A suggestion is offered only where it was checked; everywhere else it is told in words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.workers.experts.changes import SHELL, added, finding
from workers.analysis.suggestions import BREAKS, Draft
from workers.domain.finding import Finding, Severity
from workers.experts.proposals import MOVED, SUGGESTION_MAX_LINES, UNCHECKED, in_words, offered, proposed

FILE = added("run.py", SHELL)
BETTER = "    subprocess.run([command])"


def told(suggestion: str | None, *, exact: bool = True) -> Finding:
    return proposed(finding(), suggestion, FILE, exact=exact)


def test_a_suggestion_for_the_quoted_lines_is_kept_as_they_are_indented() -> None:
    assert told("subprocess.run([command])").suggestion == BETTER


@pytest.mark.parametrize("empty", [None, "", "\n", "  \n", "```\n```"])
def test_an_empty_suggestion_deletes_nothing(empty: str | None) -> None:
    assert told(empty) == finding()


def test_a_suggestion_for_other_lines_is_told_in_words() -> None:
    one = told(BETTER, exact=False)
    assert one.suggestion is None
    assert MOVED in one.recommendation
    assert f"```\n{BETTER}\n```" in one.recommendation


def test_a_long_suggestion_is_told_in_words_and_what_is_left_out_is_counted() -> None:
    one = told("\n".join(f"    call({number})" for number in range(SUGGESTION_MAX_LINES + 3)))
    assert one.suggestion is None
    assert "(and 3 more lines)" in one.recommendation


def test_the_fence_is_longer_than_any_inside() -> None:
    assert "`````\n````\nx\n`````" in in_words(finding(suggestion="````\nx"), "so").recommendation


async def test_what_is_refused_is_told_with_the_reason() -> None:
    async def refuse(drafts: Sequence[Draft]) -> list[str]:
        return [BREAKS if "broken(" in draft.after else "" for draft in drafts]

    bad, good = finding(suggestion="    broken("), finding(suggestion=BETTER)
    refused, kept = await offered([bad, good], {FILE.path: FILE}, refuse)
    assert kept == good
    assert refused.suggestion is None
    assert BREAKS in refused.recommendation


async def test_the_worst_findings_are_checked_first() -> None:
    seen: list[str] = []

    async def note(drafts: Sequence[Draft]) -> list[str]:
        seen.extend(draft.after for draft in drafts)
        return [""] * len(drafts)

    low = finding(suggestion="    low()", severity=Severity.LOW)
    high = finding(suggestion="    high()", severity=Severity.CRITICAL)
    await offered([low, high], {FILE.path: FILE}, note)
    assert ["high()" in seen[0], "low()" in seen[1]] == [True, True]


async def test_without_a_check_nothing_is_offered() -> None:
    (one,) = await offered([finding(suggestion=BETTER)], {FILE.path: FILE}, None)
    assert one.suggestion is None
    assert UNCHECKED in one.recommendation
