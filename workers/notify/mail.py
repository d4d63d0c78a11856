"""E-mail, by the operator's mail server. The standard library's client blocks, so it runs in a thread of its own."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from workers.notify.mail_server import MailServer
from workers.notify.notice import Notice, NotSentError

TIMEOUT_S = 15.0
"""For each step of the conversation."""
SUBJECT_MAX_CHARS = 200


class Mail:
    """Sends to `receivers`. A password goes over TLS only, and nothing goes in the clear but to this machine.

    `now` gives epoch seconds.
    """

    name = "mail"

    def __init__(
        self,
        server: MailServer,
        sender: str,
        receivers: Sequence[str],
        now: Callable[[], float],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._sender = sender
        self._receivers = tuple(receivers)
        self._now = now
        self._context = context

    async def send(self, notice: Notice) -> None:
        """Hand the notice in; raises NotSentError."""
        try:
            await asyncio.to_thread(self._hand_in, self._message(notice))
        except smtplib.SMTPResponseException as error:
            # its text may repeat addresses
            message = f"the mail server answered {error.smtp_code}"
            raise NotSentError(message, retryable=400 <= error.smtp_code < 500) from None
        except smtplib.SMTPRecipientsRefused:
            raise NotSentError("the mail server refused every receiver", retryable=False) from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            message = f"the mail server can't be used ({type(error).__name__})"
            raise NotSentError(message, retryable=isinstance(error, OSError)) from None

    def _hand_in(self, message: EmailMessage) -> None:
        context = self._context or ssl.create_default_context()
        with self._connect(context) as client:
            client.ehlo_or_helo_if_needed()
            if not self._server.implicit_tls and client.has_extn("starttls"):
                client.starttls(context=context)
            elif not (self._server.implicit_tls or self._server.private):
                raise NotSentError("the mail server offers no TLS", retryable=False)
            if self._server.user:
                client.login(self._server.user, self._server.password)
            client.send_message(message, self._sender, self._receivers)

    def _connect(self, context: ssl.SSLContext) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.implicit_tls:
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
        return smtplib.SMTP(host, port, timeout=TIMEOUT_S)

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = ", ".join(self._receivers)
        message["Subject"] = " ".join(notice.subject.split())[:SUBJECT_MAX_CHARS]
        message["Date"] = format_datetime(datetime.fromtimestamp(self._now(), UTC))
        message["Auto-Submitted"] = "auto-generated"
        message["X-Quorum-Delivery"] = notice.id
        message.set_content(plain(notice))
        return message


def plain(notice: Notice) -> str:
    """The notice as text."""
    facts = "\n".join(f"{name}: {value}" for name, value in notice.facts)
    return "\n\n".join(part for part in (notice.text, facts) if part)
