"""Run by root as a program: a broker and its workers of different users, as systemd starts them.

Prints for each user, as JSON, whether it is answered. All is imported first: other users may not read our libraries.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from bot.cli.broker import run
from config.settings import Settings
from tests.workers.github.scripted import private_key

BROKER, WORKER, STRANGER, ROOT = 61001, 61002, 61003, 0
FIRST = 3


def main(folder: Path) -> None:
    """Serve in `folder`, ask as everybody, end."""
    folder.mkdir(mode=0o700)
    path = folder / "broker.sock"
    with made(path) as listener:
        settings = Settings(app_id=9, private_key=private_key(), broker_socket=path, broker_user=str(WORKER))
        os.set_inheritable(listener.fileno(), True)
        broker = forked(BROKER, lambda: serve(settings, listener.fileno()))
        print(json.dumps({user: asked(path, user) for user in (WORKER, BROKER, STRANGER, ROOT)}))
        os.kill(broker, signal.SIGTERM)
        assert os.waitpid(broker, 0)[1] == 0


def made(path: Path) -> socket.socket:
    """The socket and its folder, of the workers' user."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen()
    for one in (path, path.parent):
        os.chown(one, WORKER, WORKER)
    return listener


def serve(settings: Settings, descriptor: int) -> int:
    """Take the socket over."""
    os.dup2(descriptor, FIRST)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
    return run(settings)


def forked(user: int, act: Callable[[], int]) -> int:
    """A child of `user`; its exit code is what `act` returns."""
    child = os.fork()
    if child:
        return child
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    os._exit(act())


def asked(path: Path, user: int) -> bool:
    """Whether `user` gets an answer."""
    return os.waitpid(forked(user, lambda: int(not answered(path))), 0)[1] == 0


def answered(path: Path) -> bool:
    """Whether we do."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        try:
            client.connect(str(path))
            client.sendall(b"GET /broker HTTP/1.1\r\nhost: broker\r\n\r\n")
            return client.recv(100).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
