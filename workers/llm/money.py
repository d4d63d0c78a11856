"""Limits from settings and rules, the ladder down when money is short, and what is said about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from config.repository import CostTracking
from config.settings import Settings
from workers.domain.budget import MICROS_PER_USD, Limit, Payer, Period, Refusal

MICROS_MAX = 2**53
"""Above, counters that are doubles are not exact; nine billion dollars are as good as no limit."""
ALERT_AT = (80, 90, 100)

OPERATORS: Mapping[str, tuple[Payer, Period]] = {
    "budget_call_usd": (Payer.OPERATOR, Period.CALL),
    "budget_run_usd": (Payer.OPERATOR, Period.RUN),
    "budget_day_usd": (Payer.OPERATOR, Period.DAY),
    "budget_month_usd": (Payer.OPERATOR, Period.MONTH),
    "budget_installation_day_usd": (Payer.INSTALLATION, Period.DAY),
    "budget_installation_month_usd": (Payer.INSTALLATION, Period.MONTH),
    "budget_repository_day_usd": (Payer.REPOSITORY, Period.DAY),
    "budget_repository_month_usd": (Payer.REPOSITORY, Period.MONTH),
    "budget_user_day_usd": (Payer.USER, Period.DAY),
    "budget_user_month_usd": (Payer.USER, Period.MONTH),
}
REPOSITORYS: Mapping[str, Period] = {
    "per_call_usd": Period.CALL,
    "per_run_usd": Period.RUN,
    "daily_budget_usd": Period.DAY,
    "monthly_budget_usd": Period.MONTH,
}


class Rung(StrEnum):
    """What is done with the money that is there, best first."""

    FULL = "full"
    FEWER_MODELS = "fewer models"
    CHEAPER_TIER = "cheaper tier"
    FEWER_EXPERTS = "fewer experts"
    CHANGED_HUNKS = "changed hunks"
    QUEUE = "queue"
    REFUSED = "refused"


SPENDING = (
    Rung.FULL,
    Rung.FEWER_MODELS,
    Rung.CHEAPER_TIER,
    Rung.FEWER_EXPERTS,
    Rung.CHANGED_HUNKS,
)
_DONE = {
    Rung.FEWER_MODELS: "Reviewed by one model instead of several",
    Rung.CHEAPER_TIER: "Reviewed with cheaper models",
    Rung.FEWER_EXPERTS: "Reviewed by fewer experts",
    Rung.CHANGED_HUNKS: "Reviewed in the changed lines only",
    Rung.QUEUE: "Not reviewed yet",
    Rung.REFUSED: "Not reviewed",
}


def limits_of(settings: Settings, tracking: CostTracking) -> tuple[Limit, ...]:
    """Every limit that a run is under, one a payer and period: the tightest of the operator's and the repository's.

    A repository that tracks nothing loses its own limits, never the operator's.
    """
    tightest: dict[tuple[Payer, Period], Limit] = {}
    for limit in (*_operators(settings), *_repositorys(tracking)):
        known = tightest.setdefault((limit.payer, limit.period), limit)
        if limit.micros < known.micros:
            tightest[limit.payer, limit.period] = limit
    return tuple(tightest.values())


def _operators(settings: Settings) -> Iterator[Limit]:
    for name, (payer, period) in OPERATORS.items():
        usd: float | None = getattr(settings, name)
        if usd is not None and math.isfinite(usd):
            yield Limit(payer, period, micros_of(usd), f"QUORUM_{name.upper()}")


def _repositorys(tracking: CostTracking) -> Iterator[Limit]:
    for name, period in REPOSITORYS.items():
        usd: float | None = getattr(tracking, name)
        if tracking.enabled and usd is not None:
            yield Limit(Payer.REPOSITORY, period, micros_of(usd), f"orchestration.cost_tracking.{name}")


def micros_of(usd: float) -> int:
    """Whole micro-dollars of `usd` as it is written, rounded down."""
    return min(MICROS_MAX, int(Decimal(str(usd)) * MICROS_PER_USD))


def rung_for(
    left_micros: int | None, estimates: Mapping[Rung, int], renewed_micros: int | None = None
) -> Rung:
    """The best rung whose estimate (micro-dollars; missing: not possible) fits into what is left; None: no limit.

    When none fits: QUEUE if one will fit into `renewed_micros`, what is there when the limit renews (None: it doesn't).
    """
    possible = [rung for rung in SPENDING if rung in estimates]
    for rung in possible:
        if left_micros is None or estimates[rung] <= left_micros:
            return rung
    if possible and renewed_micros is not None and min(estimates[one] for one in possible) <= renewed_micros:
        return Rung.QUEUE
    return Rung.REFUSED


def renews_at(limit: Limit, now: float) -> float | None:
    """When (epoch seconds) the limit starts anew after `now`; None: it doesn't, another run has its own."""
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if limit.period is Period.DAY:
        return (today + timedelta(days=1)).timestamp()
    if limit.period is Period.MONTH:
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1).timestamp()
    return None


def sentence(rung: Rung, refusal: Refusal, now: float) -> str:
    """What people are told: what was done, which limit it was, how much it has left, when it renews; "" for FULL."""
    if rung is Rung.FULL:
        return ""
    renewed = renews_at(refusal.limit, now)
    when = f" It renews on {datetime.fromtimestamp(renewed, UTC):%Y-%m-%d at %H:%M} UTC." if renewed else ""
    return f"{_DONE[rung]}: {refusal}.{when}"


def crossed(
    before_micros: int, after_micros: int, limit: Limit, percents: Sequence[int] = ALERT_AT
) -> tuple[int, ...]:
    """The percentages of the limit that spending has reached on its way from `before_micros` to `after_micros`."""
    return tuple(
        percent
        for percent in sorted(percents)
        if before_micros * 100 < percent * limit.micros <= after_micros * 100
    )
