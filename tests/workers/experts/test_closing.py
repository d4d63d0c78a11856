"""Which threads close, which open again: by the finding's fate, and never against the word of a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.adjudication import Fate
from workers.domain.threads import OurThread, Touch
from workers.experts.closing import GONE, PRESENT, Decision, Move, Why, decided, fates_of

BOT, PERSON = 1, 2
OURS, THEIRS = Touch(True, BOT), Touch(True, PERSON)
OPENED, OPENED_BY_US = Touch(False, PERSON), Touch(False, BOT)


def thread(
    *,
    resolved: bool = False,
    by: int | None = None,
    marked: bool = False,
    unanswered: bool = False,
) -> OurThread:
    return OurThread("PRRT_7", 7, "a" * 16, "text", marked, resolved, by, unanswered)


def judged(one: OurThread, fate: Fate | None, touch: Touch | None = None) -> Decision:
    return decided(one, fate, touch, bot_id=BOT, closing=GONE)


@pytest.mark.parametrize(
    ("one", "fate", "touch", "move", "why"),
    [
        (thread(), Fate.FIXED, None, Move.CLOSE, Why.NONE),
        (thread(), Fate.OUTDATED, None, Move.CLOSE, Why.NONE),
        (thread(marked=True), Fate.FIXED, None, Move.CLOSE, Why.NONE),
        (thread(), Fate.FIXED, OPENED_BY_US, Move.CLOSE, Why.NONE),
        (thread(), Fate.OPEN, None, Move.LEAVE, Why.STANDS),
        (thread(), Fate.ACCEPTED, None, Move.LEAVE, Why.STANDS),
        (thread(), Fate.DECLINED, None, Move.LEAVE, Why.STANDS),
        (thread(), Fate.DISMISSED, None, Move.LEAVE, Why.STANDS),
        (thread(), None, None, Move.LEAVE, Why.UNKNOWN),
        (thread(unanswered=True), Fate.FIXED, None, Move.LEAVE, Why.UNANSWERED),
        (thread(), Fate.FIXED, OPENED, Move.LEAVE, Why.REOPENED),
        (
            thread(),
            Fate.FIXED,
            THEIRS,
            Move.LEAVE,
            Why.REOPENED,
        ),  # open: the event of its opening is not here yet
        (thread(), Fate.FIXED, OURS, Move.LEAVE, Why.REOPENED),
        (thread(resolved=True, by=PERSON), Fate.FIXED, THEIRS, Move.LEAVE, Why.DONE),
        (thread(resolved=True, by=PERSON), Fate.OPEN, THEIRS, Move.LEAVE, Why.DONE),
        (thread(resolved=True, by=PERSON, marked=True), Fate.OPEN, OURS, Move.LEAVE, Why.DONE),
        (thread(resolved=True), Fate.OPEN, None, Move.LEAVE, Why.DONE),
        (thread(resolved=True), Fate.OPEN, THEIRS, Move.LEAVE, Why.DONE),
        (thread(resolved=True), Fate.OPEN, OURS, Move.REOPEN, Why.NONE),
        (thread(resolved=True, by=BOT), Fate.ACCEPTED, None, Move.REOPEN, Why.NONE),
        (thread(resolved=True, by=BOT), Fate.DISMISSED, OURS, Move.LEAVE, Why.DONE),
        (thread(marked=True), Fate.OPEN, None, Move.REOPEN, Why.NONE),
        (thread(marked=True, unanswered=True), Fate.OPEN, OPENED, Move.REOPEN, Why.NONE),
    ],
)
def test_a_thread_is_judged(
    one: OurThread, fate: Fate | None, touch: Touch | None, move: Move, why: Why
) -> None:
    decision = judged(one, fate, touch)
    assert (decision.move, decision.why) == (move, why)


def test_a_dismissal_closes_a_thread_where_it_is_asked_to() -> None:
    closing = GONE | {Fate.DISMISSED}
    assert decided(thread(), Fate.DISMISSED, None, bot_id=BOT, closing=closing).move is Move.CLOSE


@given(
    st.builds(
        thread,
        resolved=st.booleans(),
        by=st.sampled_from([None, BOT, PERSON]),
        marked=st.booleans(),
        unanswered=st.booleans(),
    ),
    st.sampled_from([None, *Fate]),
    st.sampled_from([None, OURS, THEIRS, OPENED, OPENED_BY_US]),
)
def test_no_person_is_overruled(one: OurThread, fate: Fate | None, touch: Touch | None) -> None:
    move = judged(one, fate, touch).move
    if one.unanswered or touch == OPENED or fate not in GONE:
        assert move is not Move.CLOSE
    if one.resolved and one.resolved_by == PERSON:
        assert move is Move.LEAVE


def test_of_two_findings_of_one_identity_the_one_that_stands_counts() -> None:
    both = [("a", Fate.FIXED), ("a", Fate.OPEN), ("b", Fate.OPEN), ("b", Fate.OUTDATED), ("c", Fate.FIXED)]
    assert fates_of(both) == {"a": Fate.OPEN, "b": Fate.OPEN, "c": Fate.FIXED}
    assert set(PRESENT).isdisjoint(GONE)
