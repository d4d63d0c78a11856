"""Models that take their time, in a process of their own: prints URL and key, ends with its standard input."""

from __future__ import annotations

import asyncio
import sys

from tests.fakes.models import FakeOpenAI, Silence
from tests.fakes.models.request import ModelRequest

TAKING_MAX_MS = 1_000


def answer(asked: ModelRequest) -> Silence:
    """The model's name says how long: "slow-200" takes 200 ms."""
    return Silence(float(asked.model.rpartition("-")[2]) / 1_000, {"findings": []})


async def main() -> None:
    names = [f"slow-{taking_ms}" for taking_ms in range(1, TAKING_MAX_MS + 1)]
    async with FakeOpenAI.serve(default=answer, names=names) as server:
        print(server.url, server.key, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
