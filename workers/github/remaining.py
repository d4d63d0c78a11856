"""How much of the hour's requests is left, as every answer says (x-ratelimit-* headers of GitHub's REST API)."""

from __future__ import annotations

from workers.github.calls import Reply
from workers.github.http_date import seconds_left

SPARED_SHARE = 200
"""One of so many requests of the hour is not used: workers that don't know yet have requests under way."""
RESET_JITTER_S = 5.0


def until_reset_s(reply: Reply, *, now_s: float, chance: float) -> float | None:
    """Seconds until the hour begins anew, when next to nothing of it is left; None otherwise, and where nobody says."""
    headers = reply.headers
    if headers.get("x-ratelimit-resource", "core") != "core":
        return None
    left, limit, reset_s = (
        _whole(headers.get(f"x-ratelimit-{name}")) for name in ("remaining", "limit", "reset")
    )
    if left is None or limit is None or reset_s is None or left > limit // SPARED_SHARE:
        return None
    return seconds_left(reset_s, headers.get("date", ""), now_s) + 1.0 + chance * RESET_JITTER_S


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None
