"""What is counted is what has a thread: on line 1, on line 2, in the check's title, for programs; and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.workers.github.reviews_by_hand import FINDING, review
from tests.workers.github.test_markdown import HOME, RENDERING
from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.finding import Finding, Severity, State
from workers.domain.review import Review, Verdict
from workers.github.markdown import check_output, summary
from workers.github.render.rendering import Rendering
from workers.github.render.rounds import since_last_round

SEVERITIES = {"c": Severity.CRITICAL, "h": Severity.HIGH, "m": Severity.MEDIUM, "l": Severity.LOW}


def found(letters: str, at: int = 0) -> tuple[Finding, ...]:
    """One finding a letter, each under a mark and a title of its own; a capital one is disputed."""
    return tuple(
        replace(
            FINDING,
            severity=SEVERITIES[letter.lower()],
            state=State.DISPUTED if letter.isupper() else State.SINGLE,
            title=f"Finding no. {number}.",
            fingerprint=f"{number:016x}",
        )
        for number, letter in enumerate(letters, start=at)
    )


def knowing(findings: Sequence[Finding]) -> Rendering:
    """As after posting, when these have threads."""
    return replace(
        RENDERING, threads={one.fingerprint: f"{HOME}/pull/1#{one.fingerprint}" for one in findings}
    )


def made(findings: Sequence[Finding]) -> Review:
    worst = any(one.severity.blocks for one in findings)
    verdict = Verdict.BLOCKING if worst else Verdict.FINDINGS if findings else Verdict.CLEAN
    return review(findings=tuple(findings), verdict=verdict, coverage=(), notices=())


@pytest.mark.parametrize(
    ("threads", "rest", "line", "title"),
    [
        ("", "", "🟢 **No findings**", "No findings"),
        ("hl", "", "🔴 **1 blocking** · 🟡 **1**", "1 blocking, 2 findings"),
        ("chm", "ll", "🔴 **2 blocking** · 🟡 **1** · +2 more", "2 blocking, 3 findings, +2 more"),
        ("mL", "lLl", "🟡 **2 findings** · 1 disputed · +3 more", "2 findings, +3 more"),
        ("", "ll", "🟡 **+2 more**", "+2 more"),
        ("m", "hl", "🟡 **1 finding** · +2 more, 1 blocking", "1 finding, +2 more, 1 blocking"),
        ("", "h", "🔴 **+1 more, 1 blocking**", "+1 more, 1 blocking"),
    ],
)  # fmt: skip
def test_each_number_is_that_of_the_threads(threads: str, rest: str, line: str, title: str) -> None:
    counted, more = found(threads), found(rest, len(threads))
    whole, rendering = made((*more, *counted)), knowing(counted)
    shown, text = check_output(whole, rendering), summary(whole, rendering)
    assert text.split(" — reviewed")[0] == line
    assert shown.title == f"{title} in 0/0 files"
    told = json.loads(shown.text.rsplit("```json\n", 1)[1].removesuffix("\n```"))
    assert [sum(told[key].values()) for key in ("findings", "without_thread")] == [len(counted), len(more)]
    assert sorted((one["fingerprint"], one["thread"]) for one in told["items"]) == [
        *((one.fingerprint, True) for one in counted), *((one.fingerprint, False) for one in more)
    ]  # fmt: skip
    assert [text.count(one.title) for one in whole.findings] == [1] * len(whole.findings)
    assert (f"<summary>{len(more)} more, without a thread</summary>" in text) is bool(more)
    assert [f"#{one.fingerprint})" in text for one in counted] == [True] * len(counted)


def test_what_was_read_in_part_says_so_before_what_has_no_thread() -> None:
    part = replace(made(found("ll")), verdict=Verdict.PARTIAL, reason="1 of 2 files not fully read.")
    line = summary(part, knowing(())).split(" — reviewed")[0]
    assert line == "🟠 **Partly reviewed**: 1 of 2 files not fully read · +2 more"


def test_where_nobody_looked_for_threads_everything_counts() -> None:
    assert summary(made(found("hml")), RENDERING).startswith("🔴 **1 blocking** · 🟡 **2** — reviewed")


def test_what_has_neither_row_nor_thread_stands_in_two_folds() -> None:
    counted, more = found("h" * 30), found("l" * 9, 30)
    text = summary(made((*counted, *more)), knowing(counted))
    assert "more findings</summary>" in text
    assert "<summary>9 more, without a thread</summary>" in text
    assert all(text.count(one.title) == 1 for one in (*counted, *more))


@pytest.mark.parametrize(
    ("threads", "line"),
    [
        ("0123456", "**1** fixed, **1** declined, **2** still open, **1** new, **1** gone with their code"),
        ("0", "**1** fixed"),
        ("3", "**1** still open"),
        ("56", "**1** new, **1** gone with their code"),
        ("", ""),
    ],
)
def test_the_second_line_counts_threads_too(threads: str, line: str) -> None:
    fates = [Fate.FIXED, Fate.DECLINED, Fate.OPEN, Fate.OPEN, Fate.OPEN, Fate.OUTDATED]
    known = found("hlmllm")
    rulings = tuple(Adjudication(one, Fate.OPEN, fate) for one, fate in zip(known, fates, strict=True))
    (new,) = found("h", 6)
    said = (known[2], known[3], known[4], new)
    progress = Converged(said, frozenset({new.fingerprint}), rulings=rulings)
    rendering = knowing(
        [one for one in (*known, new) if one.fingerprint[-1] in threads and one is not known[4]]
    )
    whole = replace(made(said), progress=progress)
    assert since_last_round(whole, rendering) == (f"Since the last round: {line}." if line else "")
    assert f"Fixed: 1 finding{'' if '0' in threads else ', 1 without a thread'}</summary>" in summary(
        whole, rendering
    )
