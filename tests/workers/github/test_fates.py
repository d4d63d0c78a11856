"""The line that says what became of a finding stands once on top of its comment, and goes without a trace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.adjudication import Fate
from workers.github.markers import finding_in, finding_marker
from workers.github.render.fates import BODY_MAX_CHARS, marked, resolved_text, with_fate, without_fate

SHA = "1a2b3c4d5e6f"
BODY = f"🔴 **high** · eval\n\nText.\n\n{finding_marker('a' * 16)}"


@pytest.mark.parametrize(
    ("fate", "now", "line"),
    [
        (Fate.FIXED, True, "✅ **Fixed** in `1a2b3c4`."),
        (Fate.FIXED, False, "✅ **Fixed** as of `1a2b3c4`."),
        (Fate.OUTDATED, True, "✅ **Outdated** since `1a2b3c4`: its code is no part of the change any more."),
    ],
)
def test_the_line_stands_above_the_text_and_the_marker_stays(fate: Fate, now: bool, line: str) -> None:
    said = with_fate(BODY, fate, SHA, now=now)
    assert said == f"{line} <!-- quorum:v1 fate -->\n\n{BODY}"
    assert finding_in(said) == "a" * 16


@given(st.text(max_size=80), st.sampled_from(Fate), st.booleans())
def test_it_is_said_once_and_taken_back_whole(body: str, fate: Fate, now: bool) -> None:
    said = with_fate(body, fate, SHA, now=now)
    assert with_fate(said, Fate.FIXED, "f" * 40, now=True) == said or not marked(said)
    assert without_fate(said) == without_fate(body)


def test_a_text_without_room_is_left_alone() -> None:
    full = "x" * (BODY_MAX_CHARS - 10)
    assert with_fate(full, Fate.FIXED, SHA, now=True) == full


@pytest.mark.parametrize("fate", [Fate.DISMISSED, Fate.OPEN, Fate.DECLINED])
def test_other_fates_have_no_line(fate: Fate) -> None:
    assert with_fate(BODY, fate, SHA, now=True) == BODY


def test_an_answer_counts_what_was_done_and_why_not_more() -> None:
    assert resolved_text(1, 0, {}) == "Resolved 1 thread."
    text = resolved_text(2, 3, {"somebody spoke last": 4}, ("More.",))
    assert text.startswith("Resolved 2 threads. Said so in 3 comments, without resolving:")
    assert text.endswith("Left as they are: 4 (somebody spoke last). More.")
