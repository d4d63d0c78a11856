"""Which of our threads are closed, which are opened again, and why the others are left as they are. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workers.domain.adjudication import Fate
from workers.domain.threads import OurThread, Touch

GONE = frozenset({Fate.FIXED, Fate.OUTDATED})
"""Fates that a review finds out by itself: the thread has nothing to say any more."""
PRESENT = frozenset({Fate.OPEN, Fate.ACCEPTED})
"""Fates of what is true of the head."""


class Move(StrEnum):
    """What is to be done about a thread."""

    CLOSE = "close"
    REOPEN = "reopen"
    LEAVE = "leave"


class Why(StrEnum):
    """Why a thread is left as it is."""

    NONE = ""
    DONE = "resolved already"
    STANDS = "the finding stands"
    UNANSWERED = "somebody spoke last"
    REOPENED = "somebody opened it again"
    UNKNOWN = "nothing is known of the finding"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about one thread; `fate` is its finding's."""

    thread: OurThread
    move: Move
    why: Why = Why.NONE
    fate: Fate | None = None


def decided(
    thread: OurThread, fate: Fate | None, touch: Touch | None, *, bot_id: int, closing: Collection[Fate]
) -> Decision:
    """Judge one thread. `touch` is what events told of it, `closing` the fates that close one.

    People's word counts: what somebody opened again stays open, and what somebody resolved stays resolved.
    """
    if fate is None:
        return Decision(thread, Move.LEAVE, Why.UNKNOWN)
    if fate in PRESENT and _said_gone(thread, touch, bot_id):
        return Decision(thread, Move.REOPEN, fate=fate)
    why = _why_left(thread, fate, touch, bot_id, closing)
    return Decision(thread, Move.LEAVE if why else Move.CLOSE, why, fate)


def fates_of(known: Collection[tuple[str, Fate]]) -> Mapping[str, Fate]:
    """Fingerprint → fate; of two that share a fingerprint, the one that stands counts."""
    found: dict[str, Fate] = {}
    for mark, fate in known:
        if mark not in found or fate in PRESENT:
            found[mark] = fate
    return found


def _why_left(
    thread: OurThread, fate: Fate, touch: Touch | None, bot_id: int, closing: Collection[Fate]
) -> Why:
    if thread.resolved:
        return Why.DONE
    if fate not in closing:
        return Why.STANDS
    if thread.unanswered:
        return Why.UNANSWERED
    return Why.REOPENED if _opened_again(touch, bot_id) else Why.NONE


def _opened_again(touch: Touch | None, bot_id: int) -> bool:
    """Of an open thread: whether people opened it. Known to be resolved, it was opened since, unseen by us."""
    return touch is not None and (touch.resolved or touch.actor_id != bot_id)


def _said_gone(thread: OurThread, touch: Touch | None, bot_id: int) -> bool:
    """Whether we said that its finding is gone: by resolving it, or by our line."""
    if not thread.resolved:
        return thread.marked
    if thread.resolved_by is not None:
        return thread.resolved_by == bot_id
    return touch is not None and touch.resolved and touch.actor_id == bot_id
