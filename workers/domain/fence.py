"""The last look before a write leaves the process: who stood still since the lease was checked may have lost it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

_look: ContextVar[Callable[[], None] | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(look: Callable[[], None]) -> Iterator[None]:
    """While the body runs, also in tasks that it begins, `look` is called before each write; it raises to stop it."""
    before = _look.set(look)
    try:
        yield
    finally:
        _look.reset(before)


def unfenced() -> AbstractContextManager[None]:
    """For what is nobody's alone: one job's end must not end what others wait for, too."""
    return fenced(_free)


def look_again() -> None:
    """Called right before a write is sent; without any wait between. Raises LeaseLostError where the lease is over."""
    look = _look.get()
    if look is not None:
        look()


def _free() -> None:
    """Nothing is looked at."""
