"""The fault plan: which of the next requests or webhook deliveries go wrong, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LIMITING = frozenset({"secondary_limit", "primary_limit"})
"""They also refuse whatever the same installation sends before the wait is over."""
BEFORE = LIMITING | {"status", "disconnect", "delay", "unauthorised_once", "stale_head"}
AFTER = frozenset({"drop_after_commit", "status_after_commit"})
DELIVERY = frozenset({"duplicate", "swap", "late", "lost"})


@dataclass
class Fault:
    """One planned failure of requests that match (method, regular expression of the path, from its start).

    Before the request is handled: `status` (answers `status` with `message`), `disconnect`, `delay` (`delay_s`),
    `unauthorised_once` (401), `secondary_limit` (403, or `status` 429; names `retry_after_s` if given), `primary_limit`
    (403, nothing remaining), `stale_head` (a pull request is told with its former head). After it took effect:
    `drop_after_commit`, `status_after_commit`. Deliveries match (event, regular expression of the action) with
    `duplicate`, `swap` (sent after the next one), `late` (`delay_s`), `lost` (fails at GitHub). `after` requests
    that match pass first.
    """

    match: tuple[str, str]
    kind: str
    times: int = 1
    after: int = 0
    status: int = 502
    message: str = "Server Error"
    delay_s: float = 0.0
    retry_after_s: int | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in BEFORE | AFTER | DELIVERY:
            raise ValueError(f"unknown fault {self.kind!r}; one of {sorted(BEFORE | AFTER | DELIVERY)}")

    def _matches(self, first: str, second: str) -> bool:
        return self.match[0] in ("*", first) and re.match(self.match[1], second) is not None

    def claim(self, first: str, second: str) -> bool:
        """Whether this request or delivery is hit; uses one of the `times`."""
        if self.times < 1 or not self._matches(first, second):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """The plan; faults are asked in the order in which they were added."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Plan a fault; returns it, so that a test can read `times` later."""
        self.planned.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.planned.clear()

    def of_request(self, method: str, path: str) -> list[Fault]:
        """The faults that hit this request."""
        return [one for one in self.planned if one.kind not in DELIVERY and one.claim(method, path)]

    def of_delivery(self, event: str, action: str) -> list[Fault]:
        """The faults that hit this webhook delivery."""
        return [one for one in self.planned if one.kind in DELIVERY and one.claim(event, action)]
