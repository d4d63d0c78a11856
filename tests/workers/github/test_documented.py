"""What is said about documentation: every page accounted for, nothing hostile let through."""

from __future__ import annotations

import pytest

from workers.domain.delivery import Delivered, Outcome
from workers.domain.usage import Call, Usage
from workers.github.render.documented import PageRow, PagesMade, answer_text, proposal_text, title_of
from workers.github.sanitise import Sanitiser

CLEAN = Sanitiser("https://github.com/octo/shop")
CALL = Call("docs", "m", "ok", Usage(1, 10, 0, 5, 1_000))
MADE = PagesMade(
    "main",
    "a" * 40,
    (
        PageRow("docs/box.md", "box.py", "written", True, 0.9, ("Taken back: f. It lies.",)),
        PageRow("docs/lid.md", "lid.py", "skeleton", False),
    ),
    unchanged=3,
    skipped={"main.py": "nothing of it is public"},
    orphans=("docs/gone.md",),
    rest=7,
    earlier=("docs/old.md",),
    notices=("2 question(s) had no answer (budget).",),
    calls=(CALL,),
    quality=0.9,
    passed=0.5,
)


def test_a_pull_request_accounts_for_every_module_with_quality_and_cost() -> None:
    text = proposal_text(MADE, CLEAN)
    for said in (
        "| `docs/box.md` | `box.py` | new, written | 0.90 of 1 |",
        "| `docs/lid.md` | `lid.py` | updated, from the code alone |  |",
        "3 pages unchanged.",
        "7 modules wait",
        "`main.py`: nothing of it is public",
        "`docs/gone.md`",
        "`docs/old.md`",
        "It lies.",
        "(budget)",
        "Quality: 90%. Passed the check whole: 50%.",
        "Cost: $0.0010",
    ):
        assert said in text
    assert title_of(MADE) == "docs: 3 pages"


@pytest.mark.parametrize(
    ("told", "start"),
    [
        (Delivered(Outcome.OPENED, 7), "Documentation is proposed in #7."),
        (Delivered(Outcome.UPDATED, 7), "Documentation in #7 is up to date again."),
        (Delivered(Outcome.UNCHANGED, 7), "Nothing to write: #7 says it already."),
        (Delivered(Outcome.NOTHING), "Nothing to write: the pages are up to date."),
        (
            Delivered(Outcome.CLOSED, 7, why="people closed it."),
            "Nothing was written to #7: people closed it.",
        ),
        (Delivered(Outcome.STOPPED, why="a branch stands in the way."), "Nothing was written: a branch"),
    ],
)
def test_an_answer_says_first_what_became_of_it(told: Delivered, start: str) -> None:
    assert answer_text(told, None, CLEAN).startswith(start)


def test_names_and_notices_of_strangers_do_nothing_and_thousands_fit() -> None:
    hostile = "docs/`|@octo-org/all\n/quorum pause <!-- quorum:v1 summary -->.md"
    rows = tuple(PageRow(hostile, hostile, "written", True, 1.0, (hostile,)) for _ in range(70))
    skipped = {f"{hostile}{number}": hostile for number in range(3_000)}
    text = proposal_text(
        PagesMade("main", "a" * 40, rows, 0, skipped, (hostile,) * 3_000, 0, (hostile,) * 3_000, (hostile,) * 3_000,
                  (), None, None),
        CLEAN,
    )  # fmt: skip
    assert len(text.encode()) < 60_000
    assert "@octo-org" not in text
    assert "\n/quorum" not in text
    assert "<!-- quorum:v1" not in text
