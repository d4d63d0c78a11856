"""What an answer says while its work is under way: how far it was at a time, which stays true whatever happens then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from workers.domain.usage import Usage
from workers.github.render.receipt import money, of_limit

BECOMES = "This comment becomes the answer."
GOES_ON = "It is begun again by itself, and this comment becomes the answer."


def underway_text(name: str, said: Sequence[str], at: float) -> str:
    """How far the work of command `name` is; `at` in epoch seconds."""
    return f"`{name}` at {_moment(at)}: {', '.join(said) or 'begun'}.\n\n{BECOMES}"


def interrupted_text(name: str, said: Sequence[str], at: float) -> str:
    """That it was cut off there, and nobody is at it just now."""
    return f"`{name}` was interrupted at {_moment(at)}: {', '.join(said) or 'just begun'}.\n\n{GOES_ON}"


def spent_text(used: Usage, limit_micros: int | None) -> str:
    """What the models of the run have cost so far, of what it may cost; "" where nobody was asked."""
    return f"{money(used.cost_micros)}{of_limit(limit_micros)}" if used.calls else ""


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
