"""The rate at which a provider's key may be used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to send one request to a key of a provider. `tokens` is what it was thought to take."""

    bucket: str
    id: str
    tokens: int
