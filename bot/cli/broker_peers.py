"""Who may ask the broker: processes of one user, known by what the kernel says of them."""

from __future__ import annotations

import asyncio
import os
import pwd
import socket
import struct
from typing import Any

import structlog

from bot.webhook.protocol import DeadlineProtocol
from workers.domain.errors import UserError

log = structlog.get_logger()

ROOT = 0
"""May ask too: it could read the key."""
_CREDENTIALS = struct.Struct("iII")


def allowed_uids(user: str) -> frozenset[int]:
    """The numbers of `user` (name or number; "": our own) and of root. Raises UserError for an unknown name."""
    if not user:
        return frozenset((os.geteuid(), ROOT))
    try:
        return frozenset((int(user) if user.isdecimal() else pwd.getpwnam(user).pw_uid, ROOT))
    except KeyError:
        raise UserError(f"There is no user {user} here: QUORUM_BROKER_USER names nobody.") from None


def uid_of(peer: socket.socket) -> int | None:
    """The user of whoever connected; None where the kernel doesn't say."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    _, uid, _ = _CREDENTIALS.unpack(peer.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    return int(uid)


class PeerProtocol(DeadlineProtocol):
    """Connections of other users than `uids` are closed unread."""

    def __init__(self, *args: Any, uids: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._uids = uids

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Look who it is."""
        super().connection_made(transport)
        uid = uid_of(transport.get_extra_info("socket"))
        if uid is not None and uid not in self._uids:
            log.warning("a stranger was sent away", uid=uid)
            transport.abort()
