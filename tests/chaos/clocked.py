"""A command of Quorum's by a wall clock that somebody else moves, forked from a process that has imported it all."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.__main__ import main
from tests.chaos.moved_time import AHEAD, take_over
from tests.journeys.stack import ROOT
from tests.journeys.warmed import WarmProcess
from tests.warm import forked

IMPORTED = ("tests.chaos.moved_first", "tests.warm_imports", "tests.chaos.blows")
"""In this order: the clock before whoever takes it, then all of Quorum, then what every child imports of ours."""


@dataclass
class ClockedProcess(WarmProcess):
    """A process of whose clock one may say how many seconds it is ahead: a machine of its own, so to speak."""

    @property
    def clock(self) -> Path:
        """The file that says it."""
        return self.log.with_suffix(".clock")

    def jump(self, ahead_s: float) -> None:
        """From now on its clock is so far ahead of ours, or behind."""
        with self.clock.open("r+b") as file:
            file.write(AHEAD.pack(ahead_s))

    def forked(self) -> ForkServerProcess:
        """What will be started, with the right time."""
        self.clock.write_bytes(AHEAD.pack(0.0))
        return forked([str(self.clock), self.command], self.environment, ROOT, self.log, self.log, clocked)


def prepare() -> None:
    """Before the first is started: all are forked from one process, which imports the clock before anything else."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(IMPORTED))


def clocked(words: Sequence[str]) -> int:
    """In the child: a clock's file, and a command."""
    clock, *command = words
    take_over().follow(Path(clock))
    signal.signal(signal.SIGUSR1, _tell_tasks)
    return main(command)


def _tell_tasks(number: int, frame: object) -> None:
    """What everything waits for, into the log: for a process that does not stop."""
    for one in [one for one in gc.get_objects() if isinstance(one, asyncio.Task) and not one.done()]:
        one.print_stack(file=sys.stderr)
