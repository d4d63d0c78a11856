"""Slow clients over real sockets: no connection outlives its deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.bot.serving import Receiver, exchange, receiving, serving, settings_of
from tests.polling import until

HEAD = b"POST /webhook HTTP/1.1\r\nhost: x\r\n"
GET = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.fixture
async def impatient(sqlite_url: str) -> AsyncIterator[Receiver]:
    async with receiving(sqlite_url, connection_timeout_s=0.2) as receiver:
        yield receiver


async def test_half_a_head_is_answered_408_and_closed(impatient: Receiver) -> None:
    assert (await exchange(impatient.port, HEAD)).startswith(b"HTTP/1.1 408 ")


async def test_half_a_body_is_closed(impatient: Receiver) -> None:
    assert await exchange(impatient.port, HEAD + b"content-length: 100\r\n\r\nhalf") == b""


async def test_a_silent_connection_is_closed(impatient: Receiver) -> None:
    assert (await exchange(impatient.port)).startswith(b"HTTP/1.1 408 ")


async def test_a_byte_now_and_then_buys_no_time(impatient: Receiver) -> None:
    dribble = [bytes([byte]) for byte in HEAD]
    with pytest.raises(ConnectionError):
        await exchange(impatient.port, *dribble * 100, pause_s=0.02)


async def test_empty_lines_on_an_idle_connection_buy_no_time(impatient: Receiver) -> None:
    with pytest.raises(ConnectionError):
        await exchange(impatient.port, GET, *[b"\r\n"] * 200, pause_s=0.02)


async def test_many_half_open_connections_are_all_closed(impatient: Receiver) -> None:
    halves = [HEAD, HEAD + b"content-length: 100\r\n\r\nhalf"] * 50
    answers = await asyncio.gather(*(exchange(impatient.port, half) for half in halves))
    assert len(answers) == 100


async def test_an_idle_connection_may_be_used_again_after_the_deadline(impatient: Receiver) -> None:
    """The deadline is a request's, not the connection's."""
    close = GET.replace(b"host: x", b"host: x\r\nconnection: close")
    answer = await exchange(impatient.port, GET, GET, close, pause_s=0.25)
    assert answer.count(b"HTTP/1.1 200 ") == 3


async def test_pipelined_requests_are_answered(impatient: Receiver) -> None:
    close = GET.replace(b"host: x", b"host: x\r\nconnection: close")
    assert (await exchange(impatient.port, GET + GET + close)).count(b"HTTP/1.1 200 ") == 3


async def test_an_endless_head_is_refused(sqlite_url: str) -> None:
    async with receiving(sqlite_url) as receiver:
        answer = await exchange(receiver.port, HEAD + b"x: " + b"y" * 70_000)
    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_who_reads_no_answer_is_let_go_of() -> None:
    """More is written than the system takes for a client; closing would wait for its reading as well."""
    large = PlainTextResponse("x" * 20_000_000)
    app = Starlette(routes=[Route("/livez", lambda _: large)])
    async with serving(settings_of(connection_timeout_s=0.2), app) as (server, port):
        state = server.server_state

        async def all_answered_and_gone() -> bool:
            return state.total_requests == 2 and not state.connections

        writers = [(await asyncio.open_connection("127.0.0.1", port, limit=1))[1] for _ in range(2)]
        writers[0].write(GET)
        writers[1].write(GET.replace(b"host: x", b"host: x\r\nconnection: close"))
        await until(all_answered_and_gone, 5)
        for writer in writers:
            writer.transport.abort()


async def test_too_many_connections_are_answered_503(sqlite_url: str) -> None:
    async with receiving(sqlite_url, connections_max=1) as receiver:
        _, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        answer = await exchange(receiver.port, GET.replace(b"host: x", b"host: x\r\nconnection: close"))
        writer.close()
    assert answer.startswith(b"HTTP/1.1 503 ")
