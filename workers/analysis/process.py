"""One program, started, fed, read and ended: within its limits, whatever it does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from workers.analysis import limited
from workers.telemetry import waiting

MIB = 1024 * 1024
DISCARD_TIMEOUT_S = 5.0
CHUNK_BYTES = 64 * 1024
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "RAYON_NUM_THREADS": "2"}


@dataclass(frozen=True, slots=True)
class JailLimits:
    """Hard limits of one run. `output_max_bytes` counts stdout and stderr together; `scratch_max_bytes` is for each
    place that a jailed program may write, which is memory.
    """

    wall_s: float = 30.0
    cpu_s: int = 60
    memory_max_bytes: int = 2048 * MIB
    processes_max: int = 64
    file_max_bytes: int = 64 * MIB
    scratch_max_bytes: int = 256 * MIB
    open_files_max: int = 256
    output_max_bytes: int = 5 * MIB


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended. `ended` is "" when the program ended by itself, else "timeout" or "output"."""

    returncode: int
    stdout: bytes = field(repr=False)
    stderr: bytes = field(repr=False)
    seconds: float
    isolation: str
    ended: str = ""


def limited_command(python: str, limits: JailLimits, command: Sequence[str]) -> list[str]:
    """`command`, to be started by `python` under `limits`."""
    wanted = asdict(limits)
    kinds = {name: wanted[name] for name in limited.KINDS if wanted[name]}
    return [python, "-I", "-S", limited.__file__, json.dumps(kinds), *command]


@contextlib.asynccontextmanager
async def written(files: Mapping[str, str]) -> AsyncIterator[Path]:
    """A fresh folder with `src/` (the files) and `work/` (empty), gone afterwards."""
    folder = await asyncio.to_thread(_write, files)
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _write(files: Mapping[str, str]) -> Path:
    for name in files:
        if not SAFE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no plain file name: give sources safe names first")
    folder = Path(tempfile.mkdtemp(prefix="quorum-"))
    (folder / "src").mkdir()
    (folder / "work").mkdir()
    for name, text in files.items():
        (folder / "src" / name).write_bytes(text.encode("utf-8", "replace"))
    return folder


async def execute(
    command: Sequence[str],
    *,
    folder: Path,
    stdin: bytes,
    limits: JailLimits,
    isolation: str,
    open_files: Sequence[int] = (),
) -> Finished:
    """Run `command` in `folder` as a session of its own, with next to no environment; OSError if it can't start."""
    started = time.monotonic()
    with waiting("analysers"):
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=ENVIRONMENT | {"TMPDIR": str(folder)},
            start_new_session=True,
            pass_fds=open_files,
        )
        try:
            stdout, stderr, ended = await _talk(process, stdin, limits)
        finally:
            end_group(process.pid)
            await _discard(process)
            returncode = await process.wait()
    return Finished(returncode, stdout, stderr, time.monotonic() - started, isolation, ended)


def end_group(pid: int) -> None:
    """Kill the session that `pid` leads, if anything is left of it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


async def _talk(
    process: asyncio.subprocess.Process, stdin: bytes, limits: JailLimits
) -> tuple[bytes, bytes, str]:
    """Feed, read, wait; returns what was read so far and why reading stopped."""
    assert process.stdout is not None  # noqa: S101 # both are pipes, see the caller
    assert process.stderr is not None  # noqa: S101
    outputs = Outputs(limits.output_max_bytes)
    talks = (
        asyncio.ensure_future(_feed(process, stdin)),
        asyncio.ensure_future(outputs.read(process.stdout, outputs.stdout)),
        asyncio.ensure_future(outputs.read(process.stderr, outputs.stderr)),
    )
    ended = ""
    try:
        async with asyncio.timeout(limits.wall_s):
            await asyncio.gather(*talks)
            await process.wait()
    except TimeoutError:
        ended = "timeout"
    except OutputLimitError:
        ended = "output"
    finally:
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
    return bytes(outputs.stdout), bytes(outputs.stderr), ended


async def _discard(process: asyncio.subprocess.Process) -> None:
    """Read what is left: a stream that nobody reads is paused, never sees its end, and `wait` waits for that."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_TIMEOUT_S):
            for stream in (process.stdout, process.stderr):
                while stream is not None and await stream.read(CHUNK_BYTES):
                    pass


async def _feed(process: asyncio.subprocess.Process, stdin: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 # it is a pipe, see the caller
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(stdin)
        await process.stdin.drain()
    process.stdin.close()


class OutputLimitError(Exception):
    """The program wrote more than it may."""


class Outputs:
    """What a program wrote, both streams within one limit."""

    def __init__(self, max_bytes: int) -> None:
        self.stdout = bytearray()
        self.stderr = bytearray()
        self._max_bytes = max_bytes

    async def read(self, stream: asyncio.StreamReader, into: bytearray) -> None:
        """Read `stream` to its end; OutputLimitError once both streams together are too long."""
        while chunk := await stream.read(CHUNK_BYTES):
            into += chunk
            if len(self.stdout) + len(self.stderr) > self._max_bytes:
                raise OutputLimitError
