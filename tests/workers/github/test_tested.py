"""What is said of written tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workers.domain.delivery import Delivered, Outcome
from workers.domain.usage import Call, Usage
from workers.github.render.tested import (
    Left,
    TestRow,
    TestsMade,
    answer_text,
    proposal_text,
    says_not_executed,
    title_of,
)
from workers.github.sanitise import Sanitiser, sanitiser

ROW = TestRow(
    "tests/test_box.py", "box.py", ("area", "Box.lift"), 3, 4, 5, survived=("line 2: `<` became `<=`",)
)
MADE = TestsMade(
    "topic",
    "0123456789abcdef",
    "These tests are for `topic`.",
    (ROW,),
    (Left("lid.py", ("fits",), "It passes whatever is broken in what it tests."),),
    (),
    False,
    ("Something was left out.",),
    (Call("tests/write", "model-a", "ok", Usage(1, 100, 0, 10, cost_micros=1_200)),),
    2 / 3,
)
SKIPPED = replace(ROW, why="`write.tests.run` is off", tests=0, killed=0, mutants=0, survived=())


@pytest.fixture
def clean() -> Sanitiser:
    return sanitiser("https://github.com/octo/shop", ())


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (MADE, "tests: 2 functions of box.py"),
        (
            replace(MADE, tests=(ROW, SKIPPED)),
            "tests: 4 functions (not executed: write.tests.run is off)",
        ),
        (replace(MADE, tests=(SKIPPED, replace(SKIPPED, why="b"))), "tests: 4 functions (not executed)"),
        (
            replace(MADE, tests=(replace(SKIPPED, why="b" * 91),)),
            "tests: 2 functions of box.py (not executed)",
        ),
        (replace(MADE, earlier=("a.py",)), "tests: 2 functions of box.py and 1 earlier file"),
        (
            replace(MADE, earlier=("a.py",), doubted=True),
            "tests: 2 functions of box.py and 1 earlier file (not executed)",
        ),
    ],
)
def test_a_title_says_what_is_tested_and_whether_all_of_it_was_run(made: TestsMade, title: str) -> None:
    assert title_of(made) == title
    assert says_not_executed(title) is not made.executed


def test_every_function_is_accounted_for(clean: Sanitiser) -> None:
    text = proposal_text(MADE, clean)
    assert "`0123456` on `topic`" in text
    assert "| `tests/test_box.py` | `area`, `Box.lift` | 3 tests, green three times | 4 of 5 |" in text
    assert "- `box.py`, line 2: `<` became `<=`" in text
    assert "- `lid.py` (`fits`): It passes whatever is broken in what it tests." in text
    assert "67% of the functions that were chosen have a new test." in text
    assert "Cost: $0.0012, 1 call." in text


def test_what_was_not_run_is_said_with_the_reason(clean: Sanitiser) -> None:
    text = proposal_text(replace(MADE, tests=(SKIPPED,)), clean)
    assert "| not executed |" in text
    assert "**Not executed:**" in text
    assert "`write.tests.run` is off" in text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, "No test was kept, so nothing is proposed."),
        (Delivered(Outcome.OPENED, 7), "Tests are proposed in #7."),
        (
            Delivered(Outcome.CLOSED, 7, why="people closed it."),
            "Nothing was written to #7: people closed it.",
        ),
    ],
)
def test_who_asked_is_told_what_became_of_it(told: Delivered | None, said: str, clean: Sanitiser) -> None:
    assert answer_text(told, MADE, clean).startswith(said)


def test_texts_of_strangers_and_models_are_inert(clean: Sanitiser) -> None:
    bad = "@octo/all fixes #3 ![x](https://evil.example/y.png) <script>"
    row = replace(ROW, path=f"tests/{bad}.py", functions=(bad,), survived=(bad,))
    text = proposal_text(replace(MADE, tests=(row,), left=(Left(bad, (bad,), bad),), notices=(bad,)), clean)
    for line in text.split("\n"):
        outside = "".join(line.split("`")[::2])
        assert "@octo" not in outside
        assert "](https://evil" not in outside
        assert "<script" not in outside
