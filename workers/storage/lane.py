"""A thread that does one thing after the other for coroutines: the way there and back at half of an executor's price."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple, TypeVar, cast

T = TypeVar("T")


class _Job(NamedTuple):
    work: Callable[[], object]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]


class Lane:
    """The thread begins with the first work. Where nobody closes it, it ends with the process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._beginning = Lock()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. Whoever is cancelled before its turn is left out."""
        self._begin()
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        self._jobs.put(job)
        return cast("T", await job.done)

    def close(self) -> None:
        """Wait for what is under way."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _begin(self) -> None:
        if self._thread is None:
            with self._beginning:
                self._thread = self._thread or Thread(target=self._work, name=self._name, daemon=True)
                if not self._thread.is_alive():
                    self._thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.done.cancelled():
                _do(job)
            del job  # what it holds may be large, and the next one may be long in coming


def _do(job: _Job) -> None:
    value, error = None, None
    try:
        value = job.work()
    except BaseException as caught:  # noqa: BLE001 - whoever waits is told
        error = caught
    with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits
        job.loop.call_soon_threadsafe(_tell, job.done, value, error)


def _tell(done: asyncio.Future[Any], value: object, error: BaseException | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(value)
    else:
        done.set_exception(error)
