"""How fast the machine is: what the same piece of work takes, again and again, in milliseconds of processor time.

Processors of shared machines get half as fast and again faster within a minute, whoever works on them. Work that others
have for the processors does not count: it is no excuse.
"""

from __future__ import annotations

import hmac
import json
import sys
import time

EVERY_S = 0.05
TIMES = 15
BODY = json.dumps({str(number): {"at": number, "names": ["x" * 10] * 5} for number in range(12)}).encode()


def work() -> None:
    """Much like a receiver's: JSON and a signature."""
    for _ in range(TIMES):
        json.loads(BODY)
        hmac.digest(b"key", BODY, "sha256")


def main() -> None:
    """A line for each pulse, until nobody listens."""
    while True:
        began = time.thread_time()
        work()
        sys.stdout.write(f"{(time.thread_time() - began) * 1000}\n")
        sys.stdout.flush()
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
