"""What is left of the hour's requests, as answers say."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from workers.domain.errors import RateLimitedError
from workers.github.calls import Call, Reply
from workers.github.remaining import until_reset_s
from workers.github.retry import GiveUp, RetryPolicy, Tries

NOW = 1_000.0


def left(remaining: str, **more: str) -> float | None:
    named = {"remaining": remaining, "limit": "5000", "reset": "1600"} | more
    headers = {f"x-ratelimit-{name}": value for name, value in named.items()}
    return until_reset_s(Reply(200, headers, b""), now_s=NOW, chance=0.0)


@pytest.mark.parametrize(("remaining", "wait_s"), [("4000", None), ("26", None), ("25", 601.0), ("0", 601.0)])
def test_the_last_requests_are_not_used(remaining: str, wait_s: float | None) -> None:
    assert left(remaining) == wait_s


@pytest.mark.parametrize("odd", ["", "-1", "many", "9" * 40, "٣"])
def test_a_header_that_says_nothing_stops_nobody(odd: str) -> None:
    assert left(odd) is None
    assert left("0", reset=odd) is None


@pytest.mark.parametrize("own_ahead_s", [-3_600.0, 3_600.0])
def test_how_long_is_left_goes_by_githubs_clock(own_ahead_s: float) -> None:
    named = {"remaining": "0", "limit": "5000", "reset": "1600"}
    headers = {f"x-ratelimit-{name}": value for name, value in named.items()}
    headers["date"] = formatdate(NOW, usegmt=True)
    reply = Reply(403, headers, b"")
    assert until_reset_s(reply, now_s=NOW + own_ahead_s, chance=0.0) == 601.0
    call = Call("GET", "/thing")
    told = RetryPolicy().decide(reply, call, Tries(), now_s=NOW + own_ahead_s, chance=0.0)
    assert isinstance(told, GiveUp)
    assert isinstance(told.error, RateLimitedError)
    assert told.error.retry_after_s == 601.0


def test_another_resource_s_limit_is_not_ours() -> None:
    assert left("0", resource="search") is None
    assert left("0", resource="core") is not None


def test_a_reset_in_the_past_is_now() -> None:
    assert left("0", reset="10") == 1.0
