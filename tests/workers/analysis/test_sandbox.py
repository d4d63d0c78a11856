"""A hostile program in the sandbox gets nowhere."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from workers.analysis.jail import Jail, interpreter_paths
from workers.analysis.process import Finished
from workers.analysis.sandbox import JailLimits, ReducedSandbox, Sandbox, probe, tell, works

LIMITS = JailLimits(wall_s=10.0, cpu_s=5)
SECRET = "a-value-that-must-not-be-seen"


async def run(sandbox: Sandbox, program: str, limits: JailLimits = LIMITS) -> Finished:
    command = [sys.executable, "-I", "-c", program]
    return await sandbox.run(command, files={"a.txt": "text"}, limits=limits)


@pytest.fixture(autouse=True)
def secret_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUORUM_WEBHOOK_SECRET", SECRET)


async def test_probe_finds_a_sandbox_that_works() -> None:
    assert await works(await probe())


async def test_jail_shows_no_environment(jail: Jail) -> None:
    finished = await run(jail, "import os; print(dict(os.environ))")
    assert SECRET.encode() not in finished.stdout
    assert b"QUORUM" not in finished.stdout


async def test_reduced_sandbox_shows_no_environment(reduced: ReducedSandbox) -> None:
    finished = await run(reduced, "import os; print(sorted(os.environ))")
    assert finished.stdout.strip() == b"['HOME', 'LANG', 'PATH', 'RAYON_NUM_THREADS', 'TMPDIR']"


def test_reduced_sandbox_is_for_parsers_only(reduced: ReducedSandbox) -> None:
    assert not reduced.executes_code


async def test_jail_shows_no_other_process(jail: Jail) -> None:
    finished = await run(
        jail, f"import os; print(os.path.exists('/proc/{os.getpid()}/environ'), os.listdir('/proc'))"
    )
    numbers = [word for word in finished.stdout.decode().replace("'", "").split(", ") if word.isdigit()]
    assert finished.stdout.startswith(b"False")
    assert len(numbers) <= 3


async def test_jail_reads_no_home_folder(jail: Jail, tmp_path: Path) -> None:
    (tmp_path / "data").write_text(SECRET)
    program = (
        f"import os; print([os.path.exists(p) for p in ({str(tmp_path / 'data')!r}, '/etc/passwd', '/var')])"
    )
    assert (await run(jail, program)).stdout.strip() == b"[False, False, False]"


async def test_jail_has_no_network(jail: Jail) -> None:
    finished = await run(jail, "import socket; socket.create_connection(('127.0.0.1', 80), 1)")
    assert b"PermissionError" in finished.stderr


async def test_jail_writes_nowhere_but_its_own_folders(jail: Jail) -> None:
    """Also as root, whom the rights of /proc/sys don't bind."""
    program = """
from contextlib import suppress
kernel = ["/proc/sys/vm/swappiness", "/proc/sysrq-trigger", "/proc/1/mem"]
for place in [*kernel, "/src/new", "/usr/new", "/new", "/etc/new", "/dev/new", "/tmp/new"]:
    with suppress(OSError): print(open(place, "w").name)
"""
    assert (await run(jail, program)).stdout.split() == [b"/tmp/new"]


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
async def test_what_a_jail_may_write_is_bounded_however_many_files_it_is(jail: Jail, place: str) -> None:
    program = f"for name in range(9): open(f'{place}/{{name}}', 'wb', 0).write(b'x' * 2**20)"
    limits = replace(LIMITS, scratch_max_bytes=4 << 20)
    assert b"No space left" in (await run(jail, program, limits)).stderr


@pytest.mark.parametrize(
    "call", ["os.memfd_create('x')", "c.shmget(0, 2**30, 0o1600)", "c.msgget(0, 0o1600)"]
)
async def test_a_jail_holds_no_memory_that_no_limit_counts(jail: Jail, call: str) -> None:
    program = f"""
import ctypes, os
c = ctypes.CDLL(None, use_errno=True)
try: print({call}, ctypes.get_errno())
except OSError as error: print(-1, error.errno)
"""
    assert (await run(jail, program)).stdout.split() == [b"-1", b"1"]


async def test_jail_starts_no_process(jail: Jail) -> None:
    finished = await run(jail, "import os\nwhile True: os.fork()")
    assert b"PermissionError" in finished.stderr


async def test_jail_starts_threads(jail: Jail) -> None:
    program = "import threading as t; a = t.Thread(target=print, args=('ran',)); a.start(); a.join()"
    assert (await run(jail, program)).stdout == b"ran\n"


async def test_memory_is_limited(either: Sandbox) -> None:
    finished = await run(either, "x = bytearray(8 << 30)")
    assert b"MemoryError" in finished.stderr


async def test_endless_output_is_ended(either: Sandbox) -> None:
    limits = replace(LIMITS, output_max_bytes=100_000)
    finished = await run(either, "while True: print('y' * 1000)", limits)
    assert (finished.ended, finished.returncode) == ("output", -9)
    assert len(finished.stdout) < 300_000


async def test_endless_waiting_is_ended(either: Sandbox) -> None:
    limits = replace(LIMITS, wall_s=0.3)
    finished = await run(either, "import time; time.sleep(100)", limits)
    assert finished.ended == "timeout"


async def test_children_of_a_reduced_sandbox_end_with_it(reduced: ReducedSandbox) -> None:
    program = "import os, time\nif not os.fork(): print(os.getpid(), flush=True)\ntime.sleep(100)"
    finished = await run(reduced, program, replace(LIMITS, wall_s=0.5))
    child = Path("/proc") / finished.stdout.decode().strip() / "stat"
    deadline = time.monotonic() + 5
    while _is_alive(child) and time.monotonic() < deadline:  # noqa: ASYNC110 # the kernel sets no event
        await asyncio.sleep(0.01)
    assert not _is_alive(child)


def _is_alive(stat: Path) -> bool:
    """A killed process that nobody waited for yet stays as a zombie (Z)."""
    try:
        return stat.read_text().rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_processor_time_is_limited(reduced: ReducedSandbox) -> None:
    finished = await run(reduced, "while True: pass", replace(LIMITS, cpu_s=1))
    assert finished.ended == ""
    assert finished.returncode < 0


async def test_large_files_are_refused(reduced: ReducedSandbox) -> None:
    limits = replace(LIMITS, file_max_bytes=1000)
    finished = await run(
        reduced, "open('big', 'wb', 0).write(b'x' * 2000); open('big', 'ab', 0).write(b'x')", limits
    )
    assert finished.returncode != 0


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/b", "-rf", "a\0b", "a\nb", "", ".hidden", "x" * 200])
async def test_only_plain_names_are_written(reduced: ReducedSandbox, name: str) -> None:
    with pytest.raises(ValueError, match="plain file name"):
        await reduced.run([sys.executable], files={name: ""}, limits=LIMITS)


async def test_program_that_is_missing_is_told(reduced: ReducedSandbox) -> None:
    finished = await reduced.run(["/nowhere/tool"], files={}, limits=LIMITS)
    assert b"FileNotFoundError" in finished.stderr


def test_jail_never_shows_a_home_folder_as_a_whole() -> None:
    assert str(Path.home()) not in interpreter_paths()
    assert str(Path.cwd()) not in interpreter_paths()


def test_reduced_isolation_is_a_warning_in_the_log(reduced: ReducedSandbox) -> None:
    with capture_logs() as logs:
        tell(reduced)
        tell(Slow(0))
    assert [(one["log_level"], one["isolation"]) for one in logs] == [
        ("warning", "reduced"),
        ("info", "jail"),
    ]
    assert "quorum doctor" in logs[0]["mend"]


@dataclass
class Slow:
    """A sandbox that is too slow so many times, and then does what it is for."""

    slow: int
    isolation: str = "jail"
    executes_code: bool = True

    async def run(
        self, command: Sequence[str], *, files: Mapping[str, str], stdin: bytes = b"", limits: JailLimits
    ) -> Finished:
        self.slow -= 1
        return Finished(0, b"here", b"", 1.0, "jail", "timeout" if self.slow >= 0 else "")


@pytest.mark.parametrize(("slow", "fit"), [(0, True), (2, True), (3, False)])
async def test_a_busy_moment_costs_nobody_the_jail(slow: int, fit: bool) -> None:
    assert await works(Slow(slow)) is fit
