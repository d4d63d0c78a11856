"""One process that claims and finishes as fast as it can: prints claims a second. Arguments: URL, seconds.

It connects, prints a line, and begins when it reads one.
"""

from __future__ import annotations

import asyncio
import sys
import time

from tests.bench._worker import open_store
from workers.storage.database import Database


async def claim_for(url: str, seconds: float) -> float:
    """Claims a second, each finished."""
    database = Database.connect(url)
    store = open_store(database)
    await store.ready(limit=1)
    print("ready", flush=True)
    sys.stdin.readline()
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        claim = await store.claim()
        if claim is None:
            break
        await store.finish(claim, "sha")
        count += 1
    rate = count / (time.perf_counter() - began)
    await database.close()
    return rate


if __name__ == "__main__":
    print(asyncio.run(claim_for(sys.argv[1], float(sys.argv[2]))))
