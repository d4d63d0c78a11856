"""Models that take their time, in a process of their own: prints URL and key, ends with its standard input.

Ten real ones answer from ten places at once. The fakes of the tests take half a millisecond each to do it, one after the
other, which would count as ours; so this reads no more of a request than whose it is, for whom, and where it ends.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from http import HTTPStatus

import orjson

from tests.fakes.models.answers import Reply, Tokens
from tests.fakes.models.completion import completion_json
from tests.fakes.models.request import ModelRequest

KEY = "sk-slow-0123456789abcdef0123456789"
SAID = Reply('{"findings": []}')
USED = Tokens(1_000, 10)
NUMBERS = itertools.count(1)


class SlowModels(asyncio.Protocol):
    """One connection, a request after the other. The model's name says how long: "slow-200" takes 200 ms."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is whole."""
        self._unread += data
        head, found, rest = self._unread.partition(b"\r\n\r\n")
        if not found:
            return
        line, *fields = head.split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(b":") for one in fields)}
        size = int(headers[b"content-length"])
        if len(rest) >= size:
            self._unread = rest[size:]
            self._take(line, headers.get(b"authorization", b""), rest[:size])

    def _take(self, line: bytes, key: bytes, body: bytes) -> None:
        if line != b"POST /v1/chat/completions HTTP/1.1" or key != f"Bearer {KEY}".encode():
            self._say(HTTPStatus.UNAUTHORIZED, b"{}")
            return
        asked = ModelRequest("", orjson.loads(body), {})
        document = orjson.dumps(completion_json(asked, SAID, next(NUMBERS), USED))
        seconds = float(asked.model.rpartition("-")[2]) / 1_000
        asyncio.get_running_loop().call_later(seconds, self._say, HTTPStatus.OK, document)

    def _say(self, status: HTTPStatus, document: bytes) -> None:
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\n"
        self._transport.write(f"{head}content-length: {len(document)}\r\n\r\n".encode() + document)


async def main() -> None:
    """Serve on a free loopback port."""
    server = await asyncio.get_running_loop().create_server(SlowModels, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}/v1", KEY, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
