"""`quorum serve`: all of it on one machine, with nothing installed beside Python."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.cli.embedded import embedded_url, embedded_valkey
from bot.cli.supervision import Child, Patience, supervise
from config.settings import Settings
from workers.storage.migrate import migrate
from workers.telemetry import configure_logging

KILL_MARGIN_S = 10.0


def run(settings: Settings) -> int:
    """Migrate, then run web and worker as children until SIGTERM or SIGINT; the exit code."""
    configure_logging(settings.log_level)
    asyncio.run(migrate(settings.resolved_database_url()))
    if redis_url := settings.redis_url.get_secret_value():
        return _supervised(settings, redis_url, children(settings))
    with tempfile.TemporaryDirectory(prefix="quorum-") as folder:
        queue = embedded_valkey(Path(folder))
        return _supervised(settings, embedded_url(Path(folder)), (queue, *children(settings)))


def child_environ(environ: Mapping[str, str], settings: Settings, redis_url: str) -> dict[str, str]:
    """The environment of the children: ours, and where the queue and the state really are."""
    resolved = dict(environ)
    resolved.pop("QUORUM_REDIS_URL_FILE", None)
    resolved["QUORUM_REDIS_URL"] = redis_url
    resolved["QUORUM_DATA_DIR"] = str(settings.data_dir.resolve())
    return resolved


def children(settings: Settings) -> tuple[Child, ...]:
    """The processes of an installation; each may be killed and started at any time. A broker where it has both
    key and socket; with a socket alone it runs elsewhere.
    """
    brokered = settings.broker_socket and settings.private_key.get_secret_value()
    names = ("broker", "web", "worker") if brokered else ("web", "worker")
    return tuple(Child(name, (sys.executable, "-m", "bot", name)) for name in names)


def _supervised(settings: Settings, redis_url: str, processes: Sequence[Child]) -> int:
    environ = child_environ(os.environ, settings, redis_url)
    patience = Patience(stop_timeout_s=settings.shutdown_timeout_s + KILL_MARGIN_S)
    return asyncio.run(_until_stopped(processes, environ, patience))


async def _until_stopped(processes: Sequence[Child], environ: Mapping[str, str], patience: Patience) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return await supervise(processes, environ, stop, patience)
