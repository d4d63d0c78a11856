"""A broker beside a running Quorum, which has no private key then."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from tests.journeys.stack import Process, base_environment
from tests.journeys.world import World, app_settings


def keyless(folder: Path) -> dict[str, str]:
    """The settings of receiver and worker."""
    return {"QUORUM_PRIVATE_KEY": "", "QUORUM_BROKER_SOCKET": str(folder / "run" / "broker.sock")}


@contextlib.asynccontextmanager
async def broker_of(world: World) -> AsyncIterator[Process]:
    """The broker, started; killed at the end."""
    socket = {"QUORUM_BROKER_SOCKET": world.stack.settings["QUORUM_BROKER_SOCKET"]}
    settings = {**app_settings(world.github), **socket, "QUORUM_LOG_LEVEL": "DEBUG"}
    process = Process("broker", base_environment(settings), world.stack.folder / "broker.log")
    await process.start()
    try:
        yield process
    finally:
        await process.kill()
