"""A tiny mail server on a free loopback port: STARTTLS or TLS from the start, PLAIN and LOGIN, scripted refusals."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class FakeSmtp:
    """`refusals` maps a command to the answer that it gets instead; `seen` holds every command in order."""

    tls: ssl.SSLContext | None = None
    implicit: bool = False
    refusals: dict[str, str] = field(default_factory=dict)
    messages: list[EmailMessage] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        secure = self.implicit
        await _say(writer, "220 fake ready")
        while line := await reader.readline():
            word = line.split()[0].decode().upper() if line.split() else ""
            self.seen.append(word)
            if word in self.refusals:
                await _say(writer, self.refusals[word])
            elif word == "EHLO":
                offers = ["AUTH PLAIN"] if secure or self.tls is None else ["STARTTLS"]
                await _say(writer, "250-fake", *[f"250-{one}" for one in offers], "250 SIZE 1000000")
            elif word == "STARTTLS":
                await _say(writer, "220 go on")
                await writer.start_tls(cast(ssl.SSLContext, self.tls))
                secure = True
            elif word == "AUTH":
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                self.logins.append((user, password))
                await _say(writer, "235 welcome")
            elif word == "DATA":
                await _say(writer, "354 send it")
                self._keep(await reader.readuntil(b"\r\n.\r\n"), secure)
                await _say(writer, "250 kept")
            elif word == "QUIT":
                await _say(writer, "221 bye")
                break
            else:
                await _say(writer, "250 fine")
        writer.close()

    def _keep(self, data: bytes, secure: bool) -> None:
        message = message_from_bytes(data[:-3].replace(b"\r\n..", b"\r\n."), policy=policy.default)
        self.messages.append(message)
        self.encrypted.append(secure)


async def _say(writer: asyncio.StreamWriter, *lines: str) -> None:
    writer.write("".join(f"{line}\r\n" for line in lines).encode())
    await writer.drain()


@asynccontextmanager
async def mail_serving(fake: FakeSmtp) -> AsyncIterator[FakeSmtp]:
    """Serve until left."""
    context = fake.tls if fake.implicit else None
    server = await asyncio.start_server(fake.talk, fake.host, 0, ssl=context)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()
        await server.wait_closed()
