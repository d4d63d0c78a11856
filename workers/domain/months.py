"""Calendar months in UTC: "2026-11" and the epoch seconds that it spans."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from workers.domain.errors import UserError

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


def month_of(now: float) -> str:
    """The month of `now` (epoch seconds), e.g. "2026-11"."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")


def month_span(month: str) -> tuple[float, float]:
    """The first second of `month` and of the one after it. Raises UserError for anything but 2000-01 to 2099-12."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise UserError("A month is written as year and month, e.g. 2026-11.")
    first = datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)
    return first.timestamp(), _next(first).timestamp()


def month_before(now: float) -> str:
    """The month before that of `now` (epoch seconds)."""
    first, _ = month_span(month_of(now))
    return month_of(first - 1.0)


def _next(first: datetime) -> datetime:
    return (first + timedelta(days=31)).replace(day=1)
