"""Sends signed deliveries at an even rate, whether or not the receiver keeps up. Prints one JSON object.

Latency counts from when a request was due, so that a receiver that stops is not spared the requests of that time.
Arguments: the receiver's port, requests in the time of one of the machine's pulses (0: as fast as the answers come),
seconds, and a file of the parts to send.
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
from tests.chaos.load_pace import Pace, beating

CONNECTIONS = 32
GUID_HEAD = "10ad10ad"
"""By which its deliveries are known."""
LINE = b"POST /webhook HTTP/1.1\r\nhost: load\r\nx-github-delivery: "


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
            writer.writelines((LINE, new_guid().encode(), next(self._tails)))
            self.statuses[await _status(reader)] += 1
            self.latencies_ms.append((due - self._pace.pulses.began, (time.perf_counter() - due) * 1000))
        writer.close()


def new_guid() -> str:
    """Of one more delivery."""
    return f"{GUID_HEAD}{str(uuid.uuid4())[8:]}"


async def _status(reader: asyncio.StreamReader) -> int:
    """Of one answer, read whole."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    await reader.readexactly(length)
    return int(head[9:12])


async def main(port: int, per_pulse: float, seconds: float, file: str) -> None:
    """Send, and say what came of it."""
    tails = [part.encode() for part in json.loads(Path(file).read_text(encoding="utf-8"))]
    async with beating(per_pulse, seconds) as pulses:
        pulses.began = time.perf_counter()
        sender = Sender(port, Pace(pulses, CONNECTIONS), itertools.cycle(tails))
        await sender.run()
    said = {"latencies_ms": sender.latencies_ms, "pulse_ms": pulses.points, "due": pulses.due}
    print(json.dumps({"statuses": sender.statuses, **said}))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
