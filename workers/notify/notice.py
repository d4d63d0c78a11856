"""What the operator is told, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """A message. `id` is the same whenever the same thing is said, so that a receiver can tell a repetition; `facts` are
    names and values in the order in which they are shown.
    """

    id: str
    subject: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()


class NotSentError(Exception):
    """The notice did not get through; `str()` says why without address or content. `retryable`: it may later."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class Channel(Protocol):
    """One way to the operator."""

    @property
    def name(self) -> str:
        """What the channel is called where it is remembered what was sent."""
        ...

    async def send(self, notice: Notice) -> None:
        """Send it, once; raises NotSentError."""
        ...
