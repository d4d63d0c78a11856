"""When a failed attempt is worth another, and after how long: the only retry policy of model calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workers.llm.provider import ProviderError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with full jitter; the endpoint's Retry-After is a least wait."""

    attempts_max: int = 3
    wait_first_s: float = 1.0
    wait_max_s: float = 20.0

    def wait_s(self, error: ProviderError, attempt: int, jitter: Callable[[], float]) -> float | None:
        """Seconds to wait after failed attempt number `attempt` (from 1), or None to give up.

        `jitter` returns a number in [0, 1).
        """
        if not error.retryable or attempt >= self.attempts_max:
            return None
        backoff_s: float = min(self.wait_max_s, self.wait_first_s * 2.0 ** (attempt - 1)) * jitter()
        return max(backoff_s, error.retry_after_s or 0.0)
