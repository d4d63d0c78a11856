"""Which installations did not grant a permission, for an hour: asked again for each thread, it would only cost time."""

from __future__ import annotations

from collections.abc import Callable

DENIED_S = 3600.0


class Denials:
    """Remembered by this process alone; `now` gives epoch seconds. Holds no more than an hour's installations."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until: dict[int, float] = {}

    def denied(self, installation_id: int) -> bool:
        """Whether it was denied within the last hour."""
        return self._until.get(installation_id, 0.0) > self._now()

    def remember(self, installation_id: int) -> None:
        """It was denied just now."""
        now = self._now()
        self._until = {one: until for one, until in self._until.items() if until > now}
        self._until[installation_id] = now + DENIED_S
