"""Suggestions: what may be committed with one click, and why everything else may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.workers.experts.answering import AnsweringModels
from workers.analysis.diff import parse_patch
from workers.analysis.suggestions import BREAKS, Draft
from workers.domain.change import Change, ChangedFile, FileStatus, Omission
from workers.domain.improvement import Impact, Improvements, NoImprovements, Place
from workers.domain.task import ModelError
from workers.pipelines.improve import NO_MODEL, ImproveLimits, ImproveRequest, improve
from workers.pipelines.improving.choosing import OVERLAPS
from workers.pipelines.improving.fitting import (
    ADDRESS,
    AMBIGUOUS,
    ELSEWHERE,
    HIDDEN,
    NO_FILE,
    NOTHING,
    NOWHERE,
    SAID,
    SECRET,
    TOO_LONG,
    UNCHANGED,
)

TEXT = (
    "import math\n\n\ndef net(gross):\n    rate = 1.19\n    return gross / rate\n\n\n"
    "def sums(prices):\n    pass\n    pass\n    total = 0\n    return total\n"
)
ADDED = "\n".join(f"+{line}" for line in TEXT.split("\n")[3:13])
PATCH = f"@@ -1,3 +1,13 @@\n import math\n \n \n{ADDED}"
SECRET_VALUE = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
QUOTE, BETTER = "return gross / rate", "    return round(gross / rate, 2)"


def request(*said: Place) -> ImproveRequest:
    shop = ChangedFile("shop.py", FileStatus.MODIFIED, parse_patch(PATCH), additions=10, text=TEXT)
    made = ChangedFile(
        "made.py",
        FileStatus.ADDED,
        parse_patch("@@ -0,0 +1 @@\n+a = 1"),
        text="a = 1\n",
        omitted=Omission.GENERATED,
    )
    return ImproveRequest(Change("b" * 40, "a" * 40, (shop, made), body=f"key {SECRET_VALUE}"), said)


def proposal(**others: Any) -> dict[str, Any]:
    one = {"path": "shop.py", "quote": QUOTE, "replacement": BETTER, "title": "Round it", "impact": "High"}
    return {**one, **others}


async def objections(drafts: Sequence[Draft]) -> Sequence[str]:
    return [BREAKS if "(((" in draft.after else "" for draft in drafts]


async def improved(
    *proposals: dict[str, Any], said: Sequence[Place] = (), **limits: int
) -> tuple[Improvements, AnsweringModels]:
    models = AnsweringModels(lambda _: {"suggestions": list(proposals)})
    got = await improve(request(*said), models, objections, boundary="B0UND", limits=ImproveLimits(**limits))
    assert isinstance(got, Improvements)
    return got, models


async def test_what_fits_is_offered_as_its_lines_are_written() -> None:
    low = proposal(
        quote="    total = 0\n    return total",
        replacement="return sum(prices)",
        title=" Say \n it ",
        impact="?",
    )
    got, models = await improved(low, proposal())
    assert [(one.title, one.impact, one.start_line, one.line, one.suggestion) for one in got.offered] == [
        ("Round it", Impact.HIGH, None, 6, BETTER),
        ("Say it", Impact.LOW, 12, 13, "    return sum(prices)"),
    ]
    assert (got.left, got.quality, got.validated) == ((), 1.0, True)
    [task] = models.tasks
    assert SECRET_VALUE not in task.prefix
    assert "made.py" not in task.prefix
    assert models.observed == [("model-a", "improve", 1.0)]


@pytest.mark.parametrize(
    ("proposed", "why"),
    [
        ({"path": "../shop.py"}, NO_FILE),
        ({"path": "made.py", "quote": "a = 1"}, NO_FILE),
        ({"quote": "return gross * 7"}, NOWHERE),
        ({"quote": "pass"}, AMBIGUOUS),
        ({"quote": "gross / rate"}, ELSEWHERE),
        ({"quote": "import math", "replacement": "import cmath"}, UNCHANGED),
        ({"replacement": "return gross / rate"}, NOTHING),
        ({"replacement": " \n"}, NOTHING),
        ({"replacement": f'return "{SECRET_VALUE}"'}, SECRET),
        ({"replacement": "return «secret:token:1»"}, SECRET),
        ({"replacement": "return gross  # \u202eetar /"}, HIDDEN),
        ({"replacement": 'urlopen("https://evil.example/x")'}, ADDRESS),
        ({"replacement": "\n".join(f"a{n} = {n}" for n in range(41))}, TOO_LONG),
        ({"replacement": "return ((("}, BREAKS),
    ],
)
async def test_what_does_not_fit_is_named_with_the_reason(proposed: dict[str, Any], why: str) -> None:
    got, _ = await improved(proposal(**proposed))
    assert got.offered == ()
    assert [(one.title, one.why) for one in got.left] == [("Round it", why)]
    assert (got.quality, got.validated) == (0.0, False)


async def test_nothing_is_said_twice_and_no_line_is_replaced_twice() -> None:
    wide = proposal(quote="    rate = 1.19\n    return gross / rate", title="Inline it", impact="low")
    got, _ = await improved(wide, proposal())
    assert [(one.title, one.why) for one in got.left] == [("Inline it", OVERLAPS)]
    assert (got.quality, got.validated) == (1.0, True), "it could have been committed"
    got, models = await improved(wide, proposal(), said=[Place("shop.py", 6, 6, "Rounded?")])
    assert [one.why for one in got.left] == [SAID, SAID]
    assert (got.quality, got.validated) == (None, None), "nobody looked whether they parse"
    assert "shop.py:6 Rounded?" in models.tasks[0].prefix


async def test_beyond_the_limit_the_most_telling_are_kept() -> None:
    other = proposal(quote="total = 0", replacement="total = 0.0", title="Float", impact="medium")
    got, _ = await improved(other, proposal(), offered_max=1)
    assert [one.title for one in got.offered] == ["Round it"]
    assert [(one.title, one.why) for one in got.left] == [("Float", "more than 1 were proposed")]


async def test_who_gets_no_answer_says_so() -> None:
    def fail(_: object) -> dict[str, Any]:
        raise ModelError("timeout", "It took too long.")

    async def asked(models: AnsweringModels | None) -> Improvements | NoImprovements:
        return await improve(request(), models, objections, boundary="B0UND", limits=ImproveLimits())

    assert await asked(None) == NO_MODEL
    assert await asked(AnsweringModels(fail)) == NoImprovements("timeout", "It took too long.")
    small = await asked(AnsweringModels(fail, window=1_000))
    assert isinstance(small, NoImprovements)
    assert small.kind == "context too long"
