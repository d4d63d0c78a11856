"""The transport under the SDKs: what is sent is theirs alone, and what goes wrong is told by httpx2's names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from workers.llm.providers.transport import AiohttpTransport

OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nset-cookie: a=b\r\n\r\nhi"

ANSWERS: tuple[tuple[str, bytes | None, type[Exception]], ...] = (
    ("nothing, and the connection closed", b"", httpx2.RemoteProtocolError),
    ("nothing at all", None, httpx2.ReadTimeout),
    ("no HTTP", b"hello\r\n\r\n", httpx2.RemoteProtocolError),
    ("half a body", OK[:-1], httpx2.RemoteProtocolError),
    ("a header without end", b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000, httpx2.RemoteProtocolError),
)


class Server:
    """Says `answer` to every request, or nothing for None; `heard` is what came."""

    def __init__(self, answer: bytes | None) -> None:
        self._answer = answer
        self.heard: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await reader.readexactly(2)
                self.heard.append(head + body)
                if self._answer is None:
                    await reader.read()
                    break
                writer.write(self._answer)
                if self._answer != OK:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def _served(answer: bytes | None) -> AsyncIterator[Server]:
    served = Server(answer)
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as listening:
        served.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/a%2Fb?c=%20"
        yield served


@asynccontextmanager
async def _client(connections_max: int = 10) -> AsyncIterator[httpx2.AsyncClient]:
    transport = AiohttpTransport(
        httpx2.create_ssl_context(trust_env=False), connections_max=connections_max, connect_timeout_s=1.0
    )
    headers = {"user-agent": "us", "x-key": "one"}
    async with httpx2.AsyncClient(transport=transport, trust_env=False, headers=headers) as client:
        yield client


@pytest.mark.parametrize(("answer", "told"), [one[1:] for one in ANSWERS], ids=[one[0] for one in ANSWERS])
async def test_what_goes_wrong_after_sending_has_a_name_that_says_so(
    answer: bytes | None, told: type[Exception]
) -> None:
    async with _served(answer) as server, _client() as client:
        with pytest.raises(told):
            await client.post(server.url, content=b"hi", timeout=0.2)
        assert len(server.heard) == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:1/", httpx2.ConnectError),
        ("http://nowhere.invalid/", httpx2.ConnectError),
        ("ftp://127.0.0.1/", httpx2.UnsupportedProtocol),
    ],
)
async def test_what_goes_wrong_before_sending_has_a_name_that_says_so(
    url: str, told: type[Exception]
) -> None:
    async with _client() as client:
        with pytest.raises(told):
            await client.post(url, content=b"hi", timeout=1.0)


async def test_a_request_is_sent_as_it_is_and_its_connection_used_again() -> None:
    async with _served(OK) as server, _client(connections_max=1) as client:
        answers = await asyncio.gather(*(client.post(server.url, content=b"hi") for _ in range(3)))
        client.cookies.clear()
    assert [one.text for one in answers] == ["hi"] * 3
    head, body = server.heard[0].split(b"\r\n\r\n")
    line, *headers = head.decode().lower().split("\r\n")
    assert line == "post /a%2fb?c=%20 http/1.1"
    assert body == b"hi"
    assert {one.split(":")[0] for one in headers} == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "user-agent",
        "x-key",
    }


async def test_a_redirect_is_an_answer_like_others() -> None:
    moved = b"HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
    async with _served(moved) as server, _client() as client:
        answer = await client.post(server.url, content=b"hi")
    assert (answer.status_code, len(server.heard)) == (307, 1)


async def test_a_caller_who_gives_up_leaves_no_connection_behind() -> None:
    async with _served(None) as server, _client(connections_max=1) as client:
        for _ in range(2):  # the second finds a free place
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await client.post(server.url, content=b"hi", timeout=5.0)
        assert len(server.heard) == 2
