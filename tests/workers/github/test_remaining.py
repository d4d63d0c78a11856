"""What is left of the hour's requests, as answers say."""

from __future__ import annotations

import pytest

from workers.github.calls import Reply
from workers.github.remaining import until_reset_s

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


def test_another_resource_s_limit_is_not_ours() -> None:
    assert left("0", resource="search") is None
    assert left("0", resource="core") is not None


def test_a_reset_in_the_past_is_now() -> None:
    assert left("0", reset="10") == 1.0
