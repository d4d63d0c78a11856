"""Where the broker listens, and who may come."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.cli.broker_peers import allowed_uids, uid_of
from bot.cli.broker_socket import listening, openness
from tests.workers.github.scripted import private_key
from workers.domain.errors import UserError

ROOT = Path(__file__).parents[3]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_user_can_reach_it_and_it_goes_with_the_broker(tmp_path: Path) -> None:
    path = tmp_path / "run" / "broker.sock"
    before = os.umask(0)
    try:
        with listening(path, {}):
            assert (mode(path.parent), mode(path), openness(path)) == (0o700, 0o600, "")
    finally:
        os.umask(before)
    assert not path.exists()


def test_a_dead_brokers_socket_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "broker.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with listening(path, {}), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.parent.chmod(0o750), "chmod 700"),
        (lambda path: path.parent.chmod(0o701), "chmod 700"),
        (lambda path: path.write_text("a file"), "no socket"),
        (lambda path: path.symlink_to("/etc/passwd"), "no socket"),
    ],
)
def test_a_place_that_is_not_safe_is_refused(
    tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "run" / "broker.sock"
    path.parent.mkdir(mode=0o700)
    spoil(path)
    with pytest.raises(UserError, match=words), listening(path, {}):
        pass


def test_places_that_no_socket_can_have_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / ("x" * 120), tmp_path / "a" / "b" / "broker.sock"):
        with pytest.raises(UserError, match="QUORUM_BROKER_SOCKET"), listening(path, {}):
            pass
    path = tmp_path / "broker.sock"
    with listening(path, {}), pytest.raises(UserError, match="already"), listening(path, {}):
        pass
    assert not path.exists()


def test_the_user_is_named_or_numbered() -> None:
    own = pwd.getpwuid(os.geteuid()).pw_name
    assert allowed_uids("") == allowed_uids(own) == allowed_uids(str(os.geteuid())) == {os.geteuid(), 0}
    with pytest.raises(UserError, match="QUORUM_BROKER_USER"):
        allowed_uids("nobody-of-this-name")


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="the kernel does not say who a peer is")
def test_the_kernel_says_who_a_peer_is() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert uid_of(ours) == os.geteuid()


SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""What systemd does before it starts a service whose socket it made."""


@pytest.mark.parametrize("made_by", ["broker", "systemd"])
def test_as_a_process_it_answers_wipes_its_environment_and_ends_in_order(
    tmp_path: Path, made_by: str
) -> None:
    path = tmp_path / "run" / "broker.sock"
    environ = {
        "PATH": "/usr/bin:/bin",
        "QUORUM_APP_ID": "99",
        "QUORUM_PRIVATE_KEY": private_key().get_secret_value(),
        "QUORUM_BROKER_SOCKET": str(path),
        "QUORUM_WEBHOOK_SECRET_FILE": "/not/its/business",
        "MASCOT": "planted-secret",
    }
    with {"broker": plain, "systemd": handed_over}[made_by](path, environ, tmp_path / "log") as process:
        assert answered(path, process, tmp_path / "log") == {"app": "99"}
        shown = Path(f"/proc/{process.pid}/environ").read_bytes()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, (tmp_path / "log").read_text()
    assert b"PRIVATE KEY-----" not in shown
    assert b"planted" not in shown
    assert path.exists() == (made_by == "systemd"), "each removes what it made"


@contextmanager
def plain(path: Path, environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with started(["-m", "bot", "broker"], environ, log) as process:
        yield process


@contextmanager
def handed_over(path: Path, environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
        path.chmod(0o600)
        made.listen()
        words = ["-c", SYSTEMD, str(made.fileno()), "-m", "bot", "broker"]
        with started(words, environ, log, (made.fileno(),)) as process:
            yield process


@contextmanager
def started(
    words: Sequence[str], environ: Mapping[str, str], log: Path, descriptors: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *words], env=environ, cwd=ROOT, stderr=output, pass_fds=descriptors
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def answered(path: Path, process: subprocess.Popen[bytes], log: Path) -> object:
    deadline = time.monotonic() + 20
    while "brokering" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "did not start"
        time.sleep(0.05)
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://broker") as client:
        return client.get("/broker").json()
