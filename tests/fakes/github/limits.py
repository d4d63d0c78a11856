"""Rate limits: requests an hour for each installation, content-creating writes a minute."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.fakes.github.errors import ApiError

HOUR_S = 3600
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID."
)


@dataclass
class Limits:
    """`requests_per_hour` as for a small installation; `content_per_minute` None switches that limit off.

    `violations` are requests that came while an installation was asked to wait, or had nothing left. What comes within
    `under_way_s` of GitHub's word was sent before it could be heard.
    """

    requests_per_hour: int = 5000
    content_per_minute: int | None = None
    violations: int = 0
    under_way_s: float = 0.0
    _asked_to_wait: dict[int, tuple[float, float]] = field(default_factory=dict)
    _windows: dict[int, tuple[float, int]] = field(default_factory=dict)
    _writes: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def _window(self, key: int, now: float) -> tuple[float, int]:
        start, used = self._windows.get(key, (now, 0))
        return (now, 0) if now >= start + HOUR_S else (start, used)

    def spend(self, key: int, now: float) -> None:
        """Count one request of an installation (0: the app itself); 403 when the hour's are used up."""
        start, used = self._window(key, now)
        heard_at, until = self._asked_to_wait.get(key, (0.0, 0.0))
        self.violations += heard_at <= now < until or used >= self.requests_per_hour
        if used >= self.requests_per_hour:
            raise ApiError(403, primary_message(key))
        self._windows[key] = (start, used + 1)

    def refund(self, key: int, now: float) -> None:
        """An answer 304 costs nothing."""
        start, used = self._window(key, now)
        self._windows[key] = (start, max(0, used - 1))

    def exhaust(self, key: int, now: float) -> None:
        """Use up the hour's requests."""
        self._windows[key] = (self._window(key, now)[0], self.requests_per_hour)

    def write(self, key: int, now: float) -> None:
        """Count one content-creating write; 403 with a wait when the minute's are used up."""
        writes = self._writes[key]
        while writes and writes[0] <= now - 60:
            writes.popleft()
        if self.content_per_minute is not None and len(writes) >= self.content_per_minute:
            self.ask_to_wait(key, now, now + 60)
            raise ApiError(403, SECONDARY, headers={"retry-after": "60"})
        writes.append(now)

    def ask_to_wait(self, key: int, now: float, until: float) -> None:
        """Whatever comes before `until` (Unix seconds) is a violation."""
        self._asked_to_wait[key] = (now + self.under_way_s, until)

    def status(self, key: int, now: float) -> dict[str, int]:
        """Limit, used, remaining and reset (Unix seconds)."""
        start, used = self._window(key, now)
        remaining = max(0, self.requests_per_hour - used)
        reset = int(start + HOUR_S)
        return {"limit": self.requests_per_hour, "used": used, "remaining": remaining, "reset": reset}

    def headers(self, key: int, now: float) -> dict[str, str]:
        """The x-ratelimit-* headers of every answer."""
        status = {f"x-ratelimit-{name}": str(value) for name, value in self.status(key, now).items()}
        return status | {"x-ratelimit-resource": "core"}


def primary_message(key: int) -> str:
    """What GitHub says when the hour's requests are used up."""
    return f"API rate limit exceeded for installation ID {key}."
