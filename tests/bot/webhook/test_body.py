"""What strangers' bodies may hold in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.types import Message

from bot.webhook.body import BodyReader
from bot.webhook.refusal import RefusedError


class Client:
    """Sends its chunks, then waits for ever unless the last one ends the body."""

    def __init__(self, *chunks: bytes, ends: bool = True) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._left = len(chunks)
        self._ends = ends

    async def receive(self) -> Message:
        if not self._left:
            await asyncio.Event().wait()
        self._left -= 1
        more = self._left > 0 or not self._ends
        return {"type": "http.request", "body": next(self._chunks), "more_body": more}


def reader(**more: float) -> BodyReader:
    return BodyReader(100, more.get("timeout_s", 5.0), free_bytes=10, large_max_bytes=50)


async def test_chunks_are_joined() -> None:
    assert await reader().read({}, Client(b"a", b"b", b"c").receive) == b"abc"


async def test_large_bodies_share_a_limit_that_small_ones_do_not_feel() -> None:
    body = reader()
    holding = asyncio.create_task(body.read({}, Client(b"x" * 55, ends=False).receive))
    await asyncio.sleep(0)
    with pytest.raises(RefusedError) as refused:
        await body.read({}, Client(b"x" * 20, b"").receive)
    assert (refused.value.reason, refused.value.answer.status_code) == ("crowded", 503)
    assert await body.read({}, Client(b"x" * 9, b"x").receive) == b"x" * 10
    holding.cancel()


async def test_what_was_held_is_given_back() -> None:
    body = reader(timeout_s=0.01)
    for _ in range(3):
        with pytest.raises(RefusedError) as refused:
            await body.read({}, Client(b"x" * 55, ends=False).receive)
        assert refused.value.reason == "too slow"


async def test_a_client_that_leaves_is_no_fault_of_ours() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(RefusedError) as refused:
        await reader().read({}, gone)
    assert refused.value.reason == "disconnected"
