"""Months and their spans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.errors import UserError
from workers.domain.months import month_before, month_of, month_span


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 11, 30), timezones=st.just(UTC)))
def test_each_moment_is_within_the_span_of_its_month_and_the_next_begins_where_it_ends(
    moment: datetime,
) -> None:
    now = moment.timestamp()
    first, after = month_span(month_of(now))
    assert first <= now < after
    assert month_span(month_of(after))[0] == after


def test_before_january_is_december() -> None:
    assert month_before(datetime(2026, 1, 31, tzinfo=UTC).timestamp()) == "2025-12"


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-1", "2026-00", "1999-01", "2026-11\n", "٢٠٢٦-11"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        month_span(text)
