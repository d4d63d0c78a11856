"""What each process may hold: secrets that are another's are taken out before settings are read."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping

from bot.cli.sealing import FILE, telling

OF_THE_BROKER = ("private_key",)
NOT_FOR_WEB = (
    *OF_THE_BROKER,
    "storage_key",
    "alert_slack_url",
    "alert_webhook_url",
    "alert_webhook_secret",
    "smtp_url",
)
FOR_BROKER = (
    "app_id",
    "client_id",
    "private_key",
    "broker_socket",
    "broker_user",
    "github_api_url",
    "log_level",
)
OF_SYSTEMD = ("LISTEN_PID", "LISTEN_FDS")
PREFIX = "QUORUM_"


def as_web(environ: MutableMapping[str, str]) -> None:
    """The receiver checks signatures: it speaks to GitHub as nobody, and alerts nobody."""
    _drop(environ, _variables(NOT_FOR_WEB))


def as_worker(environ: MutableMapping[str, str]) -> None:
    """Beside a broker, a worker has no private key."""
    if any(environ.get(name) for name in _variables(("broker_socket",))):
        _drop(environ, _variables(OF_THE_BROKER))


def as_broker(environ: MutableMapping[str, str]) -> None:
    """The key, and where GitHub and the socket are: whatever else may be a secret goes, under any name."""
    kept = {*_variables(FOR_BROKER), *OF_SYSTEMD}
    ours = {name for name in environ if name.startswith(PREFIX)}
    _drop(environ, ({*telling(environ)} | ours) - kept)


def _variables(settings: Iterable[str]) -> list[str]:
    return [f"{PREFIX}{name.upper()}{end}" for name in settings for end in ("", FILE)]


def _drop(environ: MutableMapping[str, str], names: Iterable[str]) -> None:
    for name in names:
        environ.pop(name, None)
