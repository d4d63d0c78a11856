"""The one retry policy: what is worth another try, and when."""

from __future__ import annotations

from workers.llm.provider import ProviderError
from workers.llm.retry import RetryPolicy


def test_an_error_that_stays_is_not_retried() -> None:
    assert RetryPolicy().wait_s(ProviderError("unauthorised", "no"), 1, lambda: 0.5) is None


def test_the_wait_doubles_with_full_jitter() -> None:
    policy = RetryPolicy(attempts_max=9, wait_first_s=1.0, wait_max_s=5.0)
    error = ProviderError("unavailable", "later", retryable=True)
    assert [policy.wait_s(error, attempt, lambda: 0.5) for attempt in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 2.5]


def test_the_endpoints_wait_is_the_least() -> None:
    error = ProviderError("rate limited", "later", retryable=True, retry_after_s=7.0)
    assert RetryPolicy().wait_s(error, 1, lambda: 0.5) == 7.0


def test_the_last_attempt_is_the_last() -> None:
    error = ProviderError("unavailable", "later", retryable=True)
    assert RetryPolicy(attempts_max=3).wait_s(error, 3, lambda: 0.5) is None
