"""What goes over the wire: closed shapes, so that a misspelt field is an error and not a silence."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from workers.domain.budget import MICROS_PER_USD


class Shape(BaseModel):
    """What all requests and answers have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Nothing(Shape):
    """A request without fields."""


def dollars(micros: int) -> float:
    """Micro-dollars as US dollars."""
    return micros / MICROS_PER_USD
