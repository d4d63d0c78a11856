"""What a program of the operator's says of itself, outside the jail: it was named by them or stands on their PATH."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Sequence

ANSWER_TIMEOUT_S = 20.0


async def asked(command: Sequence[str]) -> bytes:
    """What `command` prints; b"" when it can't be started or does not end in time."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.defpath},
        )
    except OSError:
        return b""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            output, _ = await process.communicate()
    except TimeoutError:
        output = b""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return output
