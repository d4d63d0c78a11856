"""An end to stopping: a process that was asked to stop and hangs says what it waits for, and ends itself."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

log = structlog.get_logger()

STUCK_EXIT = 70
"""EX_SOFTWARE of sysexits.h: whoever supervises sees that it was no orderly end."""
PLACES_MAX = 50


@contextmanager
def ended_within(
    seconds: float, loop: asyncio.AbstractEventLoop, end: Callable[[int], None] = os._exit
) -> Iterator[Callable[[], None]]:
    """Gives what is to be called once the process is asked to stop: `seconds` later `end` is called, if it still lives.

    The body's end asks too, so that what is left of the process (threads, closing connections) has a limit as well.
    It is a thread's matter, because a loop that hangs ends nothing. Leases run out, so that nothing is lost by it.
    """
    watch = threading.Timer(seconds, _give_up, (seconds, loop, end))
    watch.daemon = True
    begun = threading.Lock()

    def begin() -> None:
        if begun.acquire(blocking=False):
            watch.start()

    try:
        yield begin
    finally:
        begin()


def _give_up(seconds: float, loop: asyncio.AbstractEventLoop, end: Callable[[int], None]) -> None:
    try:
        log.error("did not stop in time", waited_s=seconds, tasks=_tasks(loop), threads=_threads())
    finally:
        end(STUCK_EXIT)


def _tasks(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Where each task waits."""
    try:
        stacks = [task.get_stack(limit=1) for task in asyncio.all_tasks(loop)]
    except RuntimeError as error:  # the set changed while it was read: this is another thread
        return [str(error)]
    return sorted({_place(frame) for frames in stacks for frame in frames})[:PLACES_MAX]


def _threads() -> list[str]:
    """Where each thread is."""
    names = {one.ident: one.name for one in threading.enumerate()}
    frames = sys._current_frames().items()
    return sorted(f"{names.get(number, '?')}: {_place(frame)}" for number, frame in frames)[:PLACES_MAX]


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}"
