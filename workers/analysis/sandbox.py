"""Where analysers run: without secrets, network, the worker's files, or unlimited anything."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from workers.analysis.jail import find_jail
from workers.analysis.process import Finished, JailLimits, execute, limited_command, written

log = structlog.get_logger()

__all__ = ["Finished", "JailLimits", "ReducedSandbox", "Sandbox", "probe"]

PROBE_LIMITS = JailLimits(wall_s=10.0, cpu_s=10)
PROBES_MAX = 3


class Sandbox(Protocol):
    """Runs a program over files that nobody trusts."""

    @property
    def isolation(self) -> str:
        """The ledger's word: "jail" or "reduced"."""
        ...

    @property
    def executes_code(self) -> bool:
        """Whether a repository's own code may run in it; where it is False, only programs that merely parse may."""
        ...

    async def run(
        self,
        command: Sequence[str],
        *,
        files: Mapping[str, str],
        stdin: bytes = b"",
        limits: JailLimits,
    ) -> Finished:
        """Run `command` (absolute program first) beside `files`; "{src}" in an argument becomes their folder.

        Names in `files` are plain and ours (see naming.py): another is a ValueError. OSError when it can't start.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReducedSandbox:
    """No namespaces here: an empty environment, an own session and folder, resource limits. Parsers only."""

    python: str
    isolation: str = "reduced"
    executes_code: bool = False

    async def run(
        self,
        command: Sequence[str],
        *,
        files: Mapping[str, str],
        stdin: bytes = b"",
        limits: JailLimits,
    ) -> Finished:
        """See Sandbox. Processes are not limited: without a namespace the count is that of the whole user."""
        uncounted = replace(limits, processes_max=0)
        async with written(files) as folder:
            inner = [part.replace("{src}", str(folder / "src")) for part in command]
            return await execute(
                limited_command(self.python, uncounted, inner),
                folder=folder / "work",
                stdin=stdin,
                limits=limits,
                isolation=self.isolation,
            )


async def probe() -> Sandbox:
    """The jail when it works on this machine (it is really run once), else the reduced sandbox."""
    jail = find_jail()
    if jail is not None and await works(jail):
        return jail
    return ReducedSandbox(sys.executable)


def tell(sandbox: Sandbox) -> None:
    """Say in the log how well analysers are shut in; what is reduced is the operator's to mend."""
    if sandbox.executes_code:
        log.info("sandbox", isolation=sandbox.isolation)
    else:
        log.warning(
            "sandbox", isolation=sandbox.isolation, mend="`quorum doctor` says what this host refuses"
        )


async def works(sandbox: Sandbox) -> bool:
    """Whether `sandbox` can start this interpreter with our dependencies and read a file there.

    Being slow is no answer: a machine that was busy for a moment would do without a jail for as long as we run.
    """
    command = [sys.executable, "-I", "-c", PROBE, "{src}/probe.txt"]
    for _ in range(PROBES_MAX):
        try:
            finished = await sandbox.run(command, files={"probe.txt": "here"}, limits=PROBE_LIMITS)
        except OSError:
            return False
        if finished.ended != "timeout":
            return finished.returncode == 0 and finished.stdout == b"here"
    return False


PROBE = "import sys, yaml, workers; sys.stdout.write(open(sys.argv[1]).read())"
