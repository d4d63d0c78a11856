"""Where mail is handed in: `smtp://USER:PASSWORD@HOST:587` turns to TLS, `smtps://…:465` begins with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from config.errors import ConfigError, Problem

PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class MailServer:
    """`implicit_tls`: the connection begins with TLS. User and password are "" where none is wanted."""

    host: str
    port: int
    implicit_tls: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def private(self) -> bool:
        """Whether it is on this machine: nobody listens on the way, so TLS may be missing."""
        return self.host in LOOPBACK


def mail_server(url: str) -> MailServer:
    """The server of QUORUM_SMTP_URL; raises ConfigError, which doesn't repeat it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _unusable("is no URL") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise _unusable("must look like smtp://HOST:587 or smtps://HOST:465")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise _unusable(
            "may hold nothing after the port; write `/`, `?` and `#` in a password as %2F, %3F and %23"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or PORTS[parts.scheme], parts.scheme == "smtps", user, password)


def _unusable(message: str) -> ConfigError:
    return ConfigError("environment", (Problem(0, "QUORUM_SMTP_URL", f"{message}."),))
