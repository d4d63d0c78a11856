"""What a review looks like in a real browser: short, inside its column, and readable in light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.chromium import MISSING, found, must_be_there
from tests.browser.looking import Look, looks
from tests.workers.github.render.hostile import hostile_review
from tests.workers.github.reviews_by_hand import FINDING, review
from tests.workers.github.test_markdown import RENDERING, large
from workers.github.markdown import check_output, inline, summary

SEEDS = range(4)
VISIBLE_LINES_MAX = 25
CONTRAST_MIN = 4.5
"""WCAG 2.2, level AA, for text of this size."""


def bodies() -> dict[str, str]:
    reviews = {
        "usual": review(),
        "thirty findings": review(findings=(FINDING,) * 30),
        "large": large(1000, 3000),
        **{f"hostile {seed}": hostile_review(seed) for seed in SEEDS},
    }
    told = {name: summary(made, RENDERING) for name, made in reviews.items()}
    return told | {
        "inline": inline(FINDING, RENDERING),
        "check run": check_output(large(30, 300), RENDERING).summary,
    }


def faults(look: Look) -> list[str]:
    wrong = {
        f"{look.lines} lines": not 0 < look.lines <= VISIBLE_LINES_MAX,
        "sticks out": bool(look.out),
        "sticks out when its folds are open": bool(look.open_out),
        f"contrast {look.contrast:.1f}": look.contrast < CONTRAST_MIN,
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def test_a_reader_sees_few_readable_lines_in_their_column(tmp_path: Path) -> None:
    """One test, because one start of the browser measures all."""
    chromium = found()
    if chromium is None:
        assert not must_be_there(), MISSING
        pytest.skip(MISSING)
    seen = looks(chromium, bodies(), tmp_path)
    assert len(seen) == 2 * len(bodies())
    assert {look.name: faults(look) for look in seen if faults(look)} == {}
