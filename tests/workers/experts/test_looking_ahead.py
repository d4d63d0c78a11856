"""What was looked through ahead is asked about just as if nobody had: the same parts, words and placeholders."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.experts.changes import added, change
from workers.domain.finding import Aspect
from workers.experts.batching import Room, plan
from workers.experts.excerpt import Shown, pieces
from workers.experts.model_half import look_ahead
from workers.experts.question_writer import prepared
from workers.experts.questions import AskLimits, Inquiry

KEY = "AKIA" + "Q3EGRDKWZ7X2LN5M"
FILES = tuple(
    added(f"src/part_{number}.py", f"key = '{KEY}'\nhid\u200bden = {number}\n" + "value = read()\n" * lines)
    for number, lines in enumerate((3, 400, 40, 900, 1))
)
LIMITS = AskLimits(output_max_tokens=500)


@pytest.mark.parametrize("purpose", ["", "Reads parts. " * 50])
@pytest.mark.parametrize("ahead_tokens", [4_000, 12_000])
def test_questions_are_those_that_nobody_looked_ahead_at(purpose: str, ahead_tokens: int) -> None:
    whole = change(*FILES)
    ahead = Inquiry(whole, FILES, {Aspect.SECURITY: "Secrets.", Aspect.QUALITY: "Names."}, safe=FILES)
    fresh = replace(Inquiry(whole, FILES, ahead.focus, safe=FILES), purpose=purpose)
    look_ahead(ahead, "b0undary", LIMITS, ahead_tokens)
    told, untold = (
        prepared(one, "b0undary", LIMITS, 8_000) for one in (replace(ahead, purpose=purpose), fresh)
    )
    assert (told.tasks, told.plan, told.taken_out) == (untold.tasks, untold.plan, untold.taken_out)
    assert KEY not in "".join(task.prefix for task in told.tasks)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=6))
def test_excerpts_do_not_tell_for_which_rooms_they_were_made_before(rooms: list[int]) -> None:
    shown = Shown()
    for room in rooms:
        for file in FILES:
            assert shown.pieces(file, (), room) == pieces(file, (), room)


def test_files_that_took_the_place_of_others_are_shown_themselves() -> None:
    shown, room = Shown(), Room(10_000, 8)
    plan(FILES[:1], {}, room, shown)
    other = (added(FILES[0].path, "something = else_here()\n"),)
    assert plan(other, {}, room, shown) == plan(other, {}, room)
