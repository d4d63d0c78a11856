"""Questions one by one: only the asked model's outcome is learned, and the strong model is away for a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.bench._routing_data import Query
from tests.bench._routing_peers import gain
from workers.domain.profile import Moments, decay_of, observe
from workers.llm.routing.beliefs import Beliefs

STRONG_CALL_WORTH = 0.1
"""A strong call costs as much as a tenth of a right answer is worth."""
AWAY_QUERIES = 500
TRY_EVERY = 20


@dataclass(frozen=True, slots=True)
class Replay:
    """Right answers less the strong model's price, of everybody who lived through the same outage."""

    ours: float
    best_single: float
    best_per_task: float
    after_ours: float
    after_best_single: float


def replay(queries: Sequence[Query], random: Random) -> Replay:
    """Play all queries in random order; the strong model is away from the middle on."""
    order = list(queries)
    random.shuffle(order)
    away = range(len(order) // 2, len(order) // 2 + AWAY_QUERIES)
    after = slice(away.stop, away.stop + AWAY_QUERIES)
    ours = _ours(order, away)
    single = max(
        (_played(order, away, lambda _: True), _played(order, away, lambda _: False)),
        key=lambda one: sum(one),
    )
    gains: dict[str, float] = defaultdict(float)
    for one in order:
        gains[one.task] += one.gain - STRONG_CALL_WORTH
    per_task = _played(order, away, lambda query: gains[query.task] > 0)
    return Replay(sum(ours), sum(single), sum(per_task), sum(ours[after]), sum(single[after]))


def _ours(order: Sequence[Query], away: range) -> list[float]:
    profiles: dict[tuple[str, str, str], Moments] = {}
    rewards: list[float] = []
    for number, one in enumerate(order):
        wants_strong = gain(Beliefs(profiles), one.task) > STRONG_CALL_WORTH
        if number % TRY_EVERY == 0:
            wants_strong = not wants_strong
        asks_strong = wants_strong and number not in away
        rewards.append(_reward(one, asks_strong))
        model, quality = ("strong", one.strong) if asks_strong else ("weak", one.weak)
        key = (model, one.task, "quality")
        profiles[key] = observe(profiles.get(key), quality, decay_of("quality"))
    return rewards


def _played(order: Sequence[Query], away: range, chooses: Callable[[Query], bool]) -> list[float]:
    return [_reward(one, chooses(one) and number not in away) for number, one in enumerate(order)]


def _reward(query: Query, asks_strong: bool) -> float:
    return query.strong - STRONG_CALL_WORTH if asks_strong else query.weak
