"""A lean closed-loop load generator: raw sockets, requests signed beforehand. Prints one JSON object."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
import uuid
from collections.abc import Iterator
from typing import cast

import uvloop

from tests.bot.payloads import dump, headers, pull_request

BODIES = 50
WARM_UP_S = 0.25


def tails() -> list[bytes]:
    """Everything of a request after its GUID, for pull requests of their own."""
    made = []
    for number in range(1, BODIES + 1):
        body = dump(pull_request("synchronize", number))
        head = headers(body) | {"content-length": str(len(body))}
        del head["x-github-delivery"]
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        made.append(f"\r\n{lines}\r\n".encode() + body)
    return made


class Connection(asyncio.Protocol):
    """One request at a time, for as long as `Load` wants."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.closed()

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, found, body = self._rest.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            return
        self._rest = b""
        self._load.answered(head, time.perf_counter() - self._sent_at)
        if self._load.on:
            self._send()
        else:
            self._transport.close()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.writelines(self._load.request())


class Load:
    """Counts answers and their times, after warming up."""

    def __init__(self, connections: int) -> None:
        self.on = True
        self.accepted = self.failed = 0
        self._times: list[float] = []
        self._measuring = False
        self._open = connections
        self._ended = asyncio.Event()
        self._tails: Iterator[bytes] = itertools.cycle(tails())

    def request(self) -> tuple[bytes, bytes, bytes]:
        line = b"POST /webhook HTTP/1.1\r\nhost: bench\r\nx-github-delivery: "
        return line, str(uuid.uuid4()).encode(), next(self._tails)

    def answered(self, head: bytes, seconds: float) -> None:
        if b" 202 " in head[:16]:
            self.accepted += 1
        else:
            self.failed += 1
        if self._measuring:
            self._times.append(seconds)

    def closed(self) -> None:
        self._open -= 1
        if not self._open:
            self._ended.set()

    async def run(self, seconds: float) -> dict[str, float]:
        await asyncio.sleep(WARM_UP_S)
        self._measuring, started = True, time.perf_counter()
        await asyncio.sleep(seconds)
        taken = time.perf_counter() - started
        times, self._measuring, self.on = sorted(self._times), False, False
        await self._ended.wait()
        return {
            "requests_s": len(times) / taken,
            "p50_ms": times[len(times) // 2] * 1000,
            "p99_ms": times[len(times) * 99 // 100] * 1000,
            "accepted": self.accepted,
            "failed": self.failed,
        }


async def main(port: int, connections: int, seconds: float) -> None:
    load = Load(connections)
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", port)
    print(json.dumps(await load.run(seconds)))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
