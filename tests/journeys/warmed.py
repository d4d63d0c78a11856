"""A process of a stack that has imported everything before it starts."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess

from tests.journeys.stack import ROOT, STOP_TIMEOUT_S, Process
from tests.warm import forked


@dataclass
class WarmProcess(Process):
    """One `quorum` command, started in no time: for tests that have no questions about the start itself."""

    _fork: ForkServerProcess | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Start it; does not wait until it is ready."""
        self._fork = self.forked()
        await asyncio.to_thread(self._fork.start)

    def forked(self) -> ForkServerProcess:
        """What will be started."""
        return forked([self.command], self.environment, ROOT, self.log, self.log)

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._fork is not None and self._fork.is_alive()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._fork is not None
        assert self._fork.pid is not None
        return self._fork.pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        os.kill(self.pid, number)

    async def wait(self) -> int:
        """Its exit code."""
        assert self._fork is not None
        await asyncio.to_thread(self._fork.join, STOP_TIMEOUT_S)
        if self._fork.exitcode is None:
            raise TimeoutError(self.text()[-4000:])
        return self._fork.exitcode
