"""`quorum serve`: all of it on one machine, with nothing installed beside Python."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from bot.cli.embedded import embedded_valkey
from bot.cli.supervision import Child, Patience, supervise
from config.settings import Settings
from workers.storage.migrate import migrate
from workers.telemetry import configure_logging

KILL_MARGIN_S = 10.0


def run(settings: Settings) -> int:
    """Migrate, then run web and worker as children until SIGTERM or SIGINT; the exit code."""
    configure_logging(settings.log_level)
    asyncio.run(migrate(settings.resolved_database_url()))
    with _queue(settings.redis_url.get_secret_value()) as redis_url:
        environ = child_environ(os.environ, settings, redis_url)
        return asyncio.run(_supervise_until_stopped(environ, settings))


def child_environ(environ: Mapping[str, str], settings: Settings, redis_url: str) -> dict[str, str]:
    """The environment of the children: ours, and where the queue and the state really are."""
    resolved = dict(environ)
    resolved.pop("QUORUM_REDIS_URL_FILE", None)
    resolved["QUORUM_REDIS_URL"] = redis_url
    resolved["QUORUM_DATA_DIR"] = str(settings.data_dir.resolve())
    return resolved


def children() -> tuple[Child, ...]:
    """The processes of an installation; each may be killed and started at any time."""
    return tuple(Child(name, (sys.executable, "-m", "bot", name)) for name in ("web", "worker"))


def _queue(redis_url: str) -> AbstractContextManager[str]:
    return nullcontext(redis_url) if redis_url else embedded_valkey()


async def _supervise_until_stopped(environ: Mapping[str, str], settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    patience = Patience(stop_timeout_s=settings.shutdown_timeout_s + KILL_MARGIN_S)
    return await supervise(children(), environ, stop, patience)
