"""A server under measurement: started in process groups of its own, weighed, and killed with all that it started."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.journeys.stack import ROOT

START_TIMEOUT_S = 90.0
MEMORY = re.compile(r"^(Rss|Pss):\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one is started: `commands` are its processes, the receiver first, listening at `port`."""

    name: str
    port: int
    path: str
    commands: Sequence[Sequence[str]]
    environment: Mapping[str, str]


@dataclass(slots=True)
class Running:
    """What runs by a plan; `start_s` is from the start to the first answer to anything."""

    plan: Plan
    log: Path
    start_s: float = 0.0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Return when the receiver answers; RuntimeError when it does not."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            for command in self.plan.commands:
                self.processes.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env=dict(self.plan.environment), stdout=log, stderr=log,
                        start_new_session=True,
                    )
                )  # fmt: skip
        self._answers()
        self.start_s = time.perf_counter() - began

    def kill(self) -> None:
        """SIGKILL to all of it, workers of a receiver too."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def memory_mb(self) -> tuple[float, float]:
        """Resident and proportional memory of the receiver and its workers, without Quorum's worker."""
        told = [_memory(one) for one in _group(self.processes[0].pid)]
        return sum(rss for rss, _ in told), sum(pss for _, pss in told)

    def _answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        with httpx.Client(trust_env=False, timeout=START_TIMEOUT_S) as client:
            while self.processes[0].poll() is None and time.monotonic() < deadline:
                try:
                    client.get(f"http://127.0.0.1:{self.plan.port}/")
                except httpx.TransportError:
                    time.sleep(0.01)
                else:
                    return
        last = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"did not answer: {''.join(last)[:120]}")


@contextlib.contextmanager
def running(plan: Plan, folder: Path) -> Iterator[Running]:
    """Started; killed in the end."""
    one = Running(plan, folder / f"{plan.name}.log")
    try:
        one.start()
        yield one
    finally:
        one.kill()


def _group(leader: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getpgid(int(folder.name)) == leader:
                yield int(folder.name)


def _memory(pid: int) -> tuple[float, float]:
    said = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    kib = {name: int(amount) for name, amount in MEMORY.findall(said)}
    return kib["Rss"] / 1024, kib["Pss"] / 1024
