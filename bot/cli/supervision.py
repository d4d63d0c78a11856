"""Child processes kept running: one that dies is started again, all of them end together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.cli.leash import leash

log = structlog.get_logger()

EXIT_USAGE = 2


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running: `command` is its argument vector, `environ` its own environment (None: that of all)."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before a restart (doubling from `wait_min_s`), and for an orderly end."""

    wait_min_s: float = 0.5
    wait_max_s: float = 30.0
    steady_s: float = 60.0
    stop_timeout_s: float = 30.0


async def supervise(
    children: Sequence[Child], environ: Mapping[str, str], stop: asyncio.Event, patience: Patience
) -> int:
    """Run `children` until `stop` is set, or one of them says that it can't be used as it is set up (exit code 2).

    The exit code: 0 after an ordered stop, else that child's.
    """
    keepers = [asyncio.create_task(_keep(child, environ, stop, patience)) for child in children]
    codes = await asyncio.gather(*keepers)
    return max(codes, default=0)


async def _keep(child: Child, environ: Mapping[str, str], stop: asyncio.Event, patience: Patience) -> int:
    wait_s = patience.wait_min_s
    while not stop.is_set():
        began_at = asyncio.get_running_loop().time()
        code = await _run(child, environ, stop, patience.stop_timeout_s)
        if stop.is_set():
            break
        if code == EXIT_USAGE:
            stop.set()
            return code
        lasted_s = asyncio.get_running_loop().time() - began_at
        wait_s = patience.wait_min_s if lasted_s > patience.steady_s else wait_s
        log.warning("child died", child=child.name, code=code, restart_in_s=wait_s)
        await _passed(stop, wait_s)
        wait_s = min(patience.wait_max_s, wait_s * 2)
    return 0


async def _run(child: Child, environ: Mapping[str, str], stop: asyncio.Event, stop_timeout_s: float) -> int:
    """Run `child` once; its exit code. It leads its own session, so that Ctrl-C reaches it through us alone; on a
    leash, or it would keep port and queue from those who are started after we were killed.
    """
    own = environ if child.environ is None else child.environ
    process = await asyncio.create_subprocess_exec(
        *child.command, env=dict(own), start_new_session=True, preexec_fn=leash()
    )
    log.info("child started", child=child.name, pid=process.pid)
    ended = asyncio.create_task(process.wait())
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((ended, stopped), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        await _end(process, ended, stop_timeout_s)
    return ended.result()


async def _end(process: asyncio.subprocess.Process, ended: asyncio.Task[int], timeout_s: float) -> None:
    if ended.done():
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    await asyncio.wait((ended,), timeout=timeout_s)
    if not ended.done():
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await ended


async def _passed(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
