"""The broker's socket: one that only its user can reach, or the one that systemd made for the workers' user."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from workers.domain.errors import UserError

PATH_MAX_BYTES = 107
BACKLOG = 64
FIRST_INHERITED = 3
"""systemd hands sockets over from this descriptor on: https://www.freedesktop.org/software/systemd/man/sd_listen_fds.html."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def listening(path: Path, environ: Mapping[str, str]) -> Iterator[socket.socket]:
    """A listening socket at `path`; a file of our own is removed at the end. Raises UserError when there can't be one."""
    if environ.get("LISTEN_PID") == str(os.getpid()) and environ.get("LISTEN_FDS") == "1":
        with _inherited(path) as given:
            yield given
        return
    with _created(path) as made:
        try:
            yield made
        finally:
            path.unlink(missing_ok=True)


def openness(path: Path) -> str:
    """What lets others reach the socket at `path`, with the way to mend it; "" when nothing does."""
    folder = _mode(path.parent)
    if folder is None or not stat.S_ISDIR(folder):
        return f"{path.parent} is no folder that can be looked into."
    if folder & OTHERS:
        return f"Others may enter {path.parent}: chmod 700 it."
    found = _mode(path)
    if found is not None and found & OTHERS:
        return f"Others may open {path}: it has to have the mode 600."
    return ""


def _inherited(path: Path) -> socket.socket:
    given = socket.socket(fileno=FIRST_INHERITED)
    if given.family != socket.AF_UNIX or given.getsockname() != str(path):
        raise UserError(
            f"The socket that systemd handed over is not {path}, which QUORUM_BROKER_SOCKET names."
        )
    mode = _mode(path)  # None: it stands in a folder of the workers' user, closed to us and to others
    if mode is not None and mode & OTHERS:
        raise UserError(openness(path) or f"Others may open {path}: set SocketMode=0600.")
    return given


def _created(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > PATH_MAX_BYTES:
        raise UserError(
            f"QUORUM_BROKER_SOCKET is longer than {PATH_MAX_BYTES} bytes, which sockets can't be."
        )
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if why := openness(path.parent / "socket"):
            raise UserError(why)
        _clear(path)
        return _bound(path)
    except OSError as error:
        raise UserError(f"Cannot listen on {path}: {error.strerror}. Set QUORUM_BROKER_SOCKET.") from None


def _bound(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)  # the file is ours alone from its first moment
    try:
        made.bind(str(path))
    finally:
        os.umask(before)
    made.listen(BACKLOG)
    return made


def _clear(path: Path) -> None:
    """Remove a socket that nobody listens on any more. Raises UserError for anything else that is there."""
    mode = _mode(path)
    if mode is None:
        return
    if not stat.S_ISSOCK(mode):
        raise UserError(f"{path} is there and is no socket: set another QUORUM_BROKER_SOCKET.")
    with socket.socket(socket.AF_UNIX) as probe, suppress(ConnectionRefusedError):
        probe.connect(str(path))
        raise UserError(f"A broker is listening on {path} already.")
    path.unlink()


def _mode(path: Path) -> int | None:
    """Type and rights of what is there, links not followed; None when there is nothing, or it can't be seen."""
    with suppress(FileNotFoundError, PermissionError):
        return path.lstat().st_mode
    return None
