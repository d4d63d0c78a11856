"""Parts of `make chaos`: each is a process of its own that ends with rows, in a time that is known."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.rows import MARK, Row, Verdict, heard
from tests.journeys.stack import ROOT

TAIL_LINES = 12
ENDS = "it runs to its end"
TIDYING_S = 15.0
SHOWN_MAX = 160
LINE_BYTES_MAX = 4 * 1024 * 1024
Read = Callable[[int, Sequence[str]], list[Row]]


@dataclass(frozen=True, slots=True)
class Ended:
    """The rows of one part, under its name."""

    name: str
    rows: Sequence[Row]
    took_s: float


def rows_told(code: int, lines: Sequence[str]) -> list[Row]:
    """Of a process that says its rows; one that ended without them has broken something."""
    said = [line for line in lines if line.startswith(MARK)]
    return heard(said[-1]) if said else [unfinished(f"it ended with {code}: {' | '.join(lines)[-400:]}")]


def unfinished(why: str) -> Row:
    """A part that came to no judgement."""
    return Row(ENDS, Verdict.BROKEN, "", why)


@dataclass(frozen=True, slots=True)
class Part:
    """`words` after the interpreter's name; `read` makes rows of the exit code and the last lines."""

    name: str
    words: Sequence[str]
    limit_s: float
    read: Read = rows_told
    environment: Mapping[str, str] = field(default_factory=dict)

    async def run(self) -> Ended:
        """Start it, tell what it says, and end it when its time is over."""
        began = asyncio.get_running_loop().time()
        child = await asyncio.create_subprocess_exec(
            sys.executable, *self.words, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=LINE_BYTES_MAX,
            start_new_session=True,
        )  # fmt: skip
        lines: deque[str] = deque(maxlen=TAIL_LINES)
        try:
            async with asyncio.timeout(self.limit_s):
                await self._listen(child, lines, began)
                rows = self.read(await child.wait(), lines)
        except TimeoutError:
            rows = [unfinished(f"not in {self.limit_s:.0f} s: {' | '.join(lines)[-400:]}")]
        finally:
            await _end(child)
        return Ended(self.name, rows, asyncio.get_running_loop().time() - began)

    async def _listen(self, child: asyncio.subprocess.Process, lines: deque[str], began: float) -> None:
        assert child.stdout is not None
        clock = asyncio.get_running_loop().time
        async for raw in child.stdout:
            line = raw.decode(errors="replace").rstrip()
            lines.append(line)
            if line and not line.startswith(MARK):
                print(f"[{self.name} {minutes(clock() - began)}] {line[:SHOWN_MAX]}", flush=True)


def minutes(seconds: float) -> str:
    """As 7:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


async def _end(child: asyncio.subprocess.Process) -> None:
    """Asked to, so that it ends what it started; then with all that is left of its group."""
    if child.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, TimeoutError):
        child.send_signal(signal.SIGINT)
        async with asyncio.timeout(TIDYING_S):
            await child.wait()
            return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
