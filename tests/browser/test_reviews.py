"""What a review looks like in a real browser: short, inside its column, and readable in light and dark."""

from __future__ import annotations

import pytest

from tests.browser.chromium import MISSING, found, must_be_there
from tests.browser.looking import Look, looks
from tests.workers.github.reviews_by_hand import FINDING, review
from tests.workers.github.test_markdown import RENDERING, large
from workers.github.markdown import inline, summary

VISIBLE_LINES_MAX = 25
CONTRAST_MIN = 4.5
"""WCAG 2.2, level AA, for text of this size."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[Look]:
    """All cases in one start of the browser."""
    chromium = found()
    if chromium is None:
        assert not must_be_there(), MISSING
        pytest.skip(MISSING)
    bodies = {
        "usual": summary(review(), RENDERING),
        "thirty findings": summary(review(findings=(FINDING,) * 30), RENDERING),
        "large and hostile": summary(large(1000, 3000), RENDERING),
        "inline": inline(FINDING, RENDERING),
    }
    return looks(chromium, bodies, tmp_path_factory.mktemp("comments"))


def test_a_reader_sees_few_lines(seen: list[Look]) -> None:
    assert {look.name: look.lines for look in seen if not 0 < look.lines <= VISIBLE_LINES_MAX} == {}


def test_nothing_sticks_out_of_the_column(seen: list[Look]) -> None:
    assert [look.name for look in seen if look.out or look.open_out] == []


def test_text_is_readable_in_light_and_dark(seen: list[Look]) -> None:
    assert [look.name for look in seen if look.contrast < CONTRAST_MIN] == []
