"""Who waits for leave to send, by bucket: when a place gets free in this run, the first in line looks at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

BEHIND_MIN_S = 1.0
"""Who is not the first looks by the clock so seldom: a look is a trip, and the first one's stands for all."""


@dataclass(frozen=True, slots=True)
class Refused:
    """No leave: the seconds to wait before asking again, and `Line.unseen` as it was when the look began."""

    seconds: float
    since: int


@dataclass(slots=True)
class Once:
    """What is begun by whoever calls it first."""

    do: Callable[[], Coroutine[Any, Any, None]]
    begun: asyncio.Task[None] | None = None

    def __call__(self) -> asyncio.Task[None]:
        """What was begun."""
        if self.begun is None:
            self.begun = asyncio.create_task(self.do())
        return self.begun


class Line:
    """Of one run. The limiter decides as ever: this only says when it is worth asking again."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[asyncio.Future[bool]]] = defaultdict(deque)
        self._unseen: Counter[str] = Counter()
        self._leaving: defaultdict[str, deque[Callable[[], object]]] = defaultdict(deque)

    def has(self, bucket: str) -> bool:
        """Whether anybody waits."""
        return bool(self._waiting.get(bucket))

    def unseen(self, bucket: str) -> int:
        """How many places got free while nobody stood in line; counted, for as many may be refused meanwhile."""
        return self._unseen[bucket]

    def freed(self, bucket: str) -> None:
        """One place is free; where nobody waits, all who are just being refused look again instead of waiting."""
        if not self._waiting.get(bucket):
            self._unseen[bucket] += 1
        self._tell(bucket, ours=True)

    @contextlib.contextmanager
    def leaving(self, bucket: str, leave: Callable[[], object]) -> Iterator[None]:
        """Inside: a place is of no use any more, and is given back by `leave` as soon as anybody waits."""
        if self.has(bucket):
            leave()
            yield
            return
        leaving = self._leaving[bucket]
        leaving.append(leave)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):  # it was left already
                leaving.remove(leave)

    def perhaps(self, bucket: str) -> None:
        """Somebody got a place that this run has not freed: there may be more."""
        self._tell(bucket, ours=False)

    async def wait(
        self, bucket: str, refused: Refused, sleep: Callable[[float], Awaitable[None]], *, again: bool = False
    ) -> bool:
        """Until it is worth another look; whether for a place that this run has freed. The first in line waits as
        long as it was told at most, others longer. Who has looked in vain, and waits `again`, is first.
        """
        if refused.since < self._unseen[bucket]:
            return True
        waiting, seconds = self._waiting[bucket], refused.seconds
        first = again or not waiting
        told = asyncio.get_running_loop().create_future()
        waiting.insert(0 if again else len(waiting), told)
        if leaving := self._leaving[bucket]:
            leaving.popleft()()
        clock = asyncio.ensure_future(sleep(seconds if first else max(seconds, BEHIND_MIN_S)))
        try:
            await asyncio.wait((clock, told), return_when=asyncio.FIRST_COMPLETED)
            if clock.done():
                clock.result()
            return told.done() and told.result()
        except asyncio.CancelledError:
            if told.done():
                self._tell(bucket, ours=told.result())  # of no use here any more
            raise
        finally:
            clock.cancel()
            with contextlib.suppress(ValueError):  # whoever was told is in line no more
                waiting.remove(told)

    def _tell(self, bucket: str, *, ours: bool) -> None:
        if waiting := self._waiting[bucket]:
            waiting.popleft().set_result(ours)
