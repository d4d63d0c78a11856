"""A command of Quorum's by a wall clock that somebody else moves: `python -m tests.chaos.clocked FILE worker`."""

from __future__ import annotations

import asyncio
import gc
import mmap
import signal
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.stack import ROOT, Process

AHEAD = struct.Struct("d")


@dataclass
class ClockedProcess(Process):
    """A process of whose clock one may say how many seconds it is ahead: a machine of its own, so to speak."""

    @property
    def clock(self) -> Path:
        """The file that says it."""
        return self.log.with_suffix(".clock")

    def jump(self, ahead_s: float) -> None:
        """From now on its clock is so far ahead of ours, or behind."""
        with self.clock.open("r+b") as file:
            file.write(AHEAD.pack(ahead_s))

    async def start(self) -> None:
        """Start it with the right time; does not wait until it is ready."""
        self.clock.write_bytes(AHEAD.pack(0.0))
        with self.log.open("ab") as output:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", __spec__.name, str(self.clock), self.command,
                cwd=ROOT, env=dict(self.environment), stdout=output, stderr=output,
            )  # fmt: skip


def main() -> int:
    """Everything that asks Python for the time of day gets ours; what counts from the start of the machine does not."""
    moved, true = _mapped(Path(sys.argv.pop(1))), time.time

    def told() -> float:
        return true() + float(AHEAD.unpack_from(moved)[0])

    vars(time)["time"] = told
    signal.signal(signal.SIGUSR1, _tell_tasks)
    from bot.__main__ import main as command  # only now: much of it takes `time.time` while it is imported

    return command()


def _tell_tasks(number: int, frame: object) -> None:
    """What everything waits for, into the log: for a process that does not stop."""
    for one in [one for one in gc.get_objects() if isinstance(one, asyncio.Task) and not one.done()]:
        one.print_stack(file=sys.stderr)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), AHEAD.size, access=mmap.ACCESS_READ)


if __name__ == "__main__":
    sys.exit(main())
