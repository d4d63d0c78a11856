"""Signed `pull_request opened` deliveries, each of a pull request of its own. Prints one JSON object.

Arguments: port, path, connections, deliveries at most (0: no limit), seconds at most.
A connection that is cut is not opened again.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvloop

from tests.bot.payloads import dump, headers, pull_request

PREPARED = 500


def prepared(path: str, count: int) -> list[bytes]:
    """Whole requests about pull requests 1 … `count`, signed and with ids of their own."""
    made = []
    for number in range(1, count + 1):
        body = dump(pull_request("opened", number))
        head = headers(body) | {"content-length": str(len(body)), "host": "bench"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        made.append(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    return made


@dataclass
class Sent:
    """What came of it."""

    acknowledged: list[int] = field(default_factory=list)
    refused: int = 0
    times_s: list[float] = field(default_factory=list)

    def figures(self, seconds: float) -> dict[str, Any]:
        """Rates and times; times are None where nothing was answered."""
        times = sorted(self.times_s)
        return {
            "requests_s": len(times) / seconds,
            "p50_ms": times[len(times) // 2] * 1_000 if times else None,
            "p99_ms": times[len(times) * 99 // 100] * 1_000 if times else None,
            "acknowledged": self.acknowledged,
            "refused": self.refused,
        }


async def send(port: int, requests: Iterator[tuple[int, bytes]], deadline: float, sent: Sent) -> None:
    """One connection: a request, its answer, the next, until the time is over or nobody is there any more."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout_at(deadline):
            for number, request in requests:
                began = time.perf_counter()
                writer.write(request)
                status = await _status(reader)
                sent.times_s.append(time.perf_counter() - began)
                if 200 <= status < 300:
                    sent.acknowledged.append(number)
                else:
                    sent.refused += 1
        writer.close()
    except (OSError, EOFError, TimeoutError):
        return


async def _status(reader: asyncio.StreamReader) -> int:
    """Of one answer, read whole; EOFError when it is cut."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        await reader.readuntil(b"0\r\n\r\n")
    else:
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0))
    return int(head[9:12])


async def main(port: int, path: str, connections: int, count: int, seconds: float) -> None:
    """Send, and say what came of it; prints "ready" first, and begins with the next line of its input."""
    ready = list(enumerate(prepared(path, count or PREPARED), 1))
    requests = iter(ready) if count else itertools.cycle(ready)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    loop, sent = asyncio.get_running_loop(), Sent()
    began = loop.time()
    await asyncio.gather(*(send(port, requests, began + seconds, sent) for _ in range(connections)))
    print(json.dumps(sent.figures(loop.time() - began)))


if __name__ == "__main__":
    port, path, connections, count, seconds = sys.argv[1:]
    uvloop.run(main(int(port), path, int(connections), int(count), float(seconds)))
