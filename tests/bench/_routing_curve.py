"""What a ranking of questions by the strong model's gain is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean

from tests.bench._routing_data import STRONG_USD_PER_MILLION, WEAK_USD_PER_MILLION, Query

GOOD_ENOUGH = 0.95


@dataclass(frozen=True, slots=True)
class Worth:
    """`apgr`: the gap between weak and strong that is closed, averaged over all shares of strong calls (trapezoids).

    The rest holds at the cheapest point with 95 % of the strong model's accuracy: shares of calls, of cost saved against
    asking the strong one always; and what was right there.
    """

    apgr: float
    strong_calls: float
    saved: float
    accuracy: float
    usd_per_thousand: float


def worth(queries: Sequence[Query], scores: Sequence[float]) -> Worth:
    """Send those of the highest score to the strong model, one more at a time."""
    order = sorted(range(len(queries)), key=lambda index: (-scores[index], index))
    ranked = [queries[index] for index in order]
    weak, strong, count = sum(q.weak for q in queries), sum(q.strong for q in queries), len(queries)
    right = list(accumulate((one.gain for one in ranked), initial=weak))
    gap = strong - weak or float("nan")  # without a gap there is nothing to close
    closed = [(value - weak) / gap for value in right]
    at = next((index for index, value in enumerate(right) if value >= GOOD_ENOUGH * strong), count)
    everything = sum(one.tokens for one in queries)
    to_strong = sum(one.tokens for one in ranked[:at])
    dollars = to_strong * STRONG_USD_PER_MILLION + (everything - to_strong) * WEAK_USD_PER_MILLION
    return Worth(
        fmean((*closed[1:-1], (closed[0] + closed[-1]) / 2)),
        at / count,
        1 - dollars / (everything * STRONG_USD_PER_MILLION),
        right[at] / count,
        dollars / count / 1000,
    )
