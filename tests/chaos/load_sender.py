"""Sends signed deliveries at an even rate, whether or not the receiver keeps up. Prints one JSON object.

Latency counts from when a request was due, so that a receiver that stops is not spared the requests of that time.
Arguments: URL's port, rate a second (0: as fast as the answers come), seconds, and a file of the parts to send.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import uvloop

from tests.chaos.load_figures import Point

CONNECTIONS = 32
GUID_HEAD = "10ad10ad"
"""By which its deliveries are known."""
LINE = b"POST /webhook HTTP/1.1\r\nhost: load\r\nx-github-delivery: "


class Sender:
    """A few connections, each with one request at a time."""

    def __init__(self, port: int, rate_s: float, seconds: float, tails: Iterator[bytes]) -> None:
        self._port, self._seconds, self._tails = port, seconds, tails
        self._apart_s = CONNECTIONS / rate_s if rate_s else 0.0
        self.statuses: Counter[int] = Counter()
        self.latencies_ms: list[Point] = []

    async def run(self) -> None:
        """All connections, until the time is over."""
        began = time.perf_counter() + 0.1
        await asyncio.gather(*(self._connection(began, number) for number in range(CONNECTIONS)))

    async def _connection(self, began: float, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        due = began + number * self._apart_s / CONNECTIONS
        while due < began + self._seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.writelines((LINE, f"{GUID_HEAD}{str(uuid.uuid4())[8:]}".encode(), next(self._tails)))
            self.statuses[await _status(reader)] += 1
            ended = time.perf_counter()
            self.latencies_ms.append((due - began, (ended - due) * 1000))
            due = due + self._apart_s if self._apart_s else ended
        writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    """Of one answer, read whole."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    await reader.readexactly(length)
    return int(head[9:12])


async def main(port: int, rate_s: float, seconds: float, file: str) -> None:
    """Send, and say what came of it."""
    tails = [part.encode() for part in json.loads(Path(file).read_text(encoding="utf-8"))]
    sender = Sender(port, rate_s, seconds, itertools.cycle(tails))
    await sender.run()
    print(json.dumps({"statuses": sender.statuses, "latencies_ms": sender.latencies_ms}))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
