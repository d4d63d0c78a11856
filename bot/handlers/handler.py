"""What a handler is: the model of one event and, for each action, a pure function from event to wanted work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.events.model import Event
from workers.domain.work import Wish

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Rules:
    """What handlers know of the operator's settings: our own app's id and slug, and the quiet time after a push."""

    app_id: int
    debounce_s: float
    app_slug: str = ""

    @property
    def bot(self) -> str:
        """The login that our own app acts under; empty when its slug is not known."""
        return f"{self.app_slug}[bot]" if self.app_slug else ""


@dataclass(frozen=True, slots=True)
class Handler(Generic[E]):
    """One GitHub event. Actions that are not listed are none of our business."""

    event: str
    model: type[E]
    actions: Mapping[str, Callable[[E, Rules], tuple[Wish, ...]]]

    def read(self, raw: bytes) -> E:
        """The event of a JSON body; raises pydantic's ValidationError for another shape."""
        return self.model.model_validate_json(raw)

    def wishes(self, event: E, rules: Rules) -> tuple[Wish, ...]:
        """The work that `event` asks for; empty for an action that is not ours."""
        act = self.actions.get(event.action)
        return () if act is None else act(event, rules)
