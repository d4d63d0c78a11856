"""Sends signed deliveries at an even rate, whether or not the receiver keeps up. Prints one JSON object.

Latency counts from when a request was due, so that a receiver that stops is not spared the requests of that time.
Arguments: the receiver's port, rate a second (0: as fast as the answers come), seconds, a file of the parts to send,
and the port of a bare server that is asked now and then (0: none): what that one takes is the machine's.
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
from dataclasses import dataclass
from pathlib import Path

import uvloop

from tests.chaos.load_figures import Point

CONNECTIONS = 32
BARE_RATE_S = 40.0
LATE_MAX_S = 10.0
"""What a receiver that fell behind was not sent by then is left."""
GUID_HEAD = "10ad10ad"
"""By which its deliveries are known."""
LINE = b"POST /webhook HTTP/1.1\r\nhost: load\r\nx-github-delivery: "


@dataclass(frozen=True, slots=True)
class Pace:
    """When requests are due: `rate_s` over all `connections`, from `began` on for `seconds`."""

    began: float
    seconds: float
    rate_s: float
    connections: int

    def dues(self, number: int) -> Iterator[float]:
        """Those of one connection; without a rate, the next is due as soon as it is asked for."""
        due = self.began + (number / self.rate_s if self.rate_s else 0.0)
        until = self.began + self.seconds
        while due < until and time.perf_counter() < until + LATE_MAX_S:
            yield due
            due = due + self.connections / self.rate_s if self.rate_s else time.perf_counter()


class Sender:
    """A few connections, each with one request at a time."""

    def __init__(self, port: int, pace: Pace, tails: Iterator[bytes]) -> None:
        self._port, self._pace, self._tails = port, pace, tails
        self.statuses: Counter[int] = Counter()
        self.latencies_ms: list[Point] = []

    async def run(self) -> None:
        """All connections, until the time is over."""
        await asyncio.gather(*(self._connection(number) for number in range(self._pace.connections)))

    async def _connection(self, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for due in self._pace.dues(number):
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.writelines((LINE, f"{GUID_HEAD}{str(uuid.uuid4())[8:]}".encode(), next(self._tails)))
            self.statuses[await _status(reader)] += 1
            self.latencies_ms.append((due - self._pace.began, (time.perf_counter() - due) * 1000))
        writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    """Of one answer, read whole."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    await reader.readexactly(length)
    return int(head[9:12])


async def main(port: int, rate_s: float, seconds: float, file: str, bare_port: int) -> None:
    """Send, and say what came of it."""
    tails = [part.encode() for part in json.loads(Path(file).read_text(encoding="utf-8"))]
    began = time.perf_counter() + 0.1
    sender = Sender(port, Pace(began, seconds, rate_s, CONNECTIONS), itertools.cycle(tails))
    bare = Sender(bare_port, Pace(began, seconds, BARE_RATE_S, 1), itertools.cycle(tails))
    await asyncio.gather(sender.run(), *([bare.run()] if bare_port else []))
    said = {"latencies_ms": sender.latencies_ms, "bare_ms": bare.latencies_ms}
    print(json.dumps({"statuses": sender.statuses, **said}))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4], int(sys.argv[5])))
