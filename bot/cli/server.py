"""uvicorn's server, as our processes run it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


class Server(uvicorn.Server):
    """uvicorn's server, which on SIGTERM and SIGINT ends and leaves the process to its owner."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ask the server to end on a signal; uvicorn's own would raise it again, before the store is closed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)
