"""Which secrets each process keeps of what it was given."""

from __future__ import annotations

from bot.cli.holding import as_broker, as_web, as_worker

GIVEN = {
    "PATH": "/bin",
    "SSL_CERT_FILE": "/ca.pem",
    "LISTEN_FDS": "1",
    "ANTHROPIC_API_KEY": "a",
    "QUORUM_APP_ID": "1",
    "QUORUM_PRIVATE_KEY": "k",
    "QUORUM_PRIVATE_KEY_FILE": "/k",
    "QUORUM_WEBHOOK_SECRET": "w",
    "QUORUM_WEBHOOK_SECRET_FILE": "/w",
    "QUORUM_STORAGE_KEY": "s",
    "QUORUM_BROKER_SOCKET": "/run/b",
}
KEY = {"QUORUM_PRIVATE_KEY", "QUORUM_PRIVATE_KEY_FILE"}


def test_the_receiver_has_neither_private_nor_storage_key() -> None:
    environ = dict(GIVEN)
    as_web(environ)
    assert GIVEN.keys() - environ.keys() == KEY | {"QUORUM_STORAGE_KEY"}


def test_beside_a_broker_a_worker_has_no_private_key() -> None:
    environ = dict(GIVEN)
    as_worker(environ)
    assert GIVEN.keys() - environ.keys() == KEY


def test_without_a_broker_a_worker_keeps_all() -> None:
    environ = {name: value for name, value in GIVEN.items() if name != "QUORUM_BROKER_SOCKET"}
    before = dict(environ)
    as_worker(environ)
    assert environ == before


def test_the_broker_keeps_nothing_but_what_it_needs() -> None:
    environ = dict(GIVEN)
    as_broker(environ)
    assert environ.keys() == KEY | {
        "PATH",
        "SSL_CERT_FILE",
        "LISTEN_FDS",
        "QUORUM_APP_ID",
        "QUORUM_BROKER_SOCKET",
    }
