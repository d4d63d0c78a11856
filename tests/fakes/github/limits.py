"""Rate limits: requests an hour for each installation, content-creating writes a minute, waits that were asked for."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.fakes.github.errors import ApiError

HOUR_S = 3600
UNNAMED_WAIT_S = 60
"""What GitHub asks of whom it tells no time."""
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID."
)


@dataclass(frozen=True, slots=True)
class Wait:
    """What somebody (`key`) was asked to wait for: until `until` (Unix seconds); `named` is whether they are told so."""

    key: int
    until: float
    status: int = 403
    named: bool = True
    primary: bool = False

    def refusal(self, now: float) -> ApiError:
        """How it is said, the first time and every time until it is over."""
        if self.primary:
            used_up = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(self.until))}
            return ApiError(self.status, primary_message(self.key), headers=used_up)
        left_s = {"retry-after": str(math.ceil(round(self.until - now, 3)))} if self.named else {}
        return ApiError(self.status, SECONDARY, headers=left_s)


@dataclass
class Limits:
    """`requests_per_hour` as for a small installation; `content_per_minute` None switches that limit off.

    `violations` are requests that came while an installation was asked to wait, or had nothing left: each is refused.
    What comes within `under_way_s` of GitHub's word was sent before it could be heard, and is served. Of the violations,
    `learned` are the first by each token during a long wait without a time: whoever had not heard of it, has now.
    """

    requests_per_hour: int = 5000
    content_per_minute: int | None = None
    violations: int = 0
    learned: int = 0
    under_way_s: float = 0.0
    _asked_to_wait: dict[int, tuple[float, Wait]] = field(default_factory=dict)
    _learners: set[tuple[Wait, str]] = field(default_factory=set)
    _windows: dict[int, tuple[float, int]] = field(default_factory=dict)
    _writes: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def _window(self, key: int, now: float) -> tuple[float, int]:
        start, used = self._windows.get(key, (now, 0))
        return (now, 0) if now >= start + HOUR_S else (start, used)

    def spend(self, key: int, now: float, token: str = "") -> None:
        """Count one request of an installation (0: the app itself); refused while it shall wait or has nothing left."""
        start, used = self._window(key, now)
        self.refuse_who_waits(key, now, token)
        if used >= self.requests_per_hour:
            self.violations += 1
            raise ApiError(403, primary_message(key))
        self._windows[key] = (start, used + 1)

    def refuse_who_waits(self, key: int, now: float, token: str = "", *, of_graphql: bool = False) -> None:
        """Whoever was asked to wait; a secondary limit is for both interfaces, an hour used up for REST's alone."""
        heard_at, wait = self._asked_to_wait.get(key, (math.inf, None))
        if wait is None or (wait.primary and of_graphql) or not heard_at <= now < wait.until:
            return
        self.violations += 1
        self.learned += not wait.named and (wait, token) not in self._learners
        self._learners.add((wait, token))
        raise wait.refusal(now)

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
            raise self.ask_to_wait(Wait(key, now + 60), now)
        writes.append(now)

    def ask_to_wait(self, wait: Wait, now: float) -> ApiError:
        """From now on; returns the refusal of the request that met it."""
        self._asked_to_wait[wait.key] = (now + self.under_way_s, wait)
        return wait.refusal(now)

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
