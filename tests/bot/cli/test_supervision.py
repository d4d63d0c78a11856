"""Children are started again when they die, and end together."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from bot.cli.supervision import Child, Patience, supervise

IMPATIENT = Patience(wait_min_s=0.01, wait_max_s=0.05, steady_s=60.0, stop_timeout_s=0.5)
APPEND = "import sys; open(sys.argv[1], 'a').write('x')"


def python(name: str, code: str, *arguments: str) -> Child:
    return Child(name, (sys.executable, "-S", "-c", code, *arguments))


async def until(file: Path, length: int) -> None:
    deadline = time.monotonic() + 20
    while not file.exists() or len(file.read_text()) < length:
        assert time.monotonic() < deadline, "the child was not started often enough"
        await asyncio.sleep(0.02)


async def until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while alive(pid):
        assert time.monotonic() < deadline, "the child outlived its keeper"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether it runs; a dead one may wait for somebody to ask how it ended."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    stop = asyncio.Event()
    dying = python("dying", APPEND, str(tmp_path / "starts"))
    running = asyncio.create_task(supervise([dying], os.environ, stop, IMPATIENT))
    await until(tmp_path / "starts", 3)
    stop.set()
    assert await running == 0


async def test_children_are_told_to_stop(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "def end(*_): open(sys.argv[1], 'a').write('end'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); open(sys.argv[1], 'w').write('up'); time.sleep(60)"
    )
    stop = asyncio.Event()
    patience = Patience(stop_timeout_s=20.0)
    running = asyncio.create_task(
        supervise([python("a", code, str(tmp_path / "a"))], os.environ, stop, patience)
    )
    await until(tmp_path / "a", 2)
    stop.set()
    assert await running == 0
    assert (tmp_path / "a").read_text() == "upend"


async def test_a_child_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w').write('up'); time.sleep(60)"
    )
    stop = asyncio.Event()
    running = asyncio.create_task(
        supervise([python("deaf", code, str(tmp_path / "deaf"))], os.environ, stop, IMPATIENT)
    )
    await until(tmp_path / "deaf", 2)
    stop.set()
    assert await asyncio.wait_for(running, 20) == 0


async def test_unusable_settings_end_all_children() -> None:
    """Starting such a child again would fail in the same way for ever."""
    children = [python("ok", "import time; time.sleep(60)"), python("unusable", "raise SystemExit(2)")]
    code = await asyncio.wait_for(supervise(children, os.environ, asyncio.Event(), IMPATIENT), 20)
    assert code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
async def test_children_end_with_a_keeper_that_was_killed(tmp_path: Path) -> None:
    child = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    keeper = (
        "import asyncio, os, sys\n"
        "from bot.cli.supervision import Child, Patience, supervise\n"
        f"child = Child('c', (sys.executable, '-S', '-c', {child!r}, sys.argv[1]))\n"
        "asyncio.run(supervise([child], os.environ, asyncio.Event(), Patience()))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", keeper, str(tmp_path / "pid"))
    await until(tmp_path / "pid", 1)
    process.kill()
    await process.wait()
    await until_gone(int((tmp_path / "pid").read_text()))
