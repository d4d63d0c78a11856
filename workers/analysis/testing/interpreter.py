"""The Python that runs a repository's tests: the one the operator names, or ours. Nothing is installed for anybody."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import dataclass

from workers.analysis.jail import interpreter_paths

ANSWER_TIMEOUT_S = 20.0
ASK = """
import importlib.util, json, os, sys, sysconfig
paths = sysconfig.get_paths()
prefixes = {sys.base_prefix, sys.prefix, os.path.dirname(os.path.dirname(os.path.realpath(sys.executable)))}
found = {os.path.join(p, n) for p in prefixes for n in ("bin", "lib", "lib64", "pyvenv.cfg")}
found |= {paths[n] for n in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
found |= {os.path.realpath(p) for p in found}
print(json.dumps({"pytest": importlib.util.find_spec("pytest") is not None,
                  "readable": sorted(p for p in found if os.path.exists(p))}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python with pytest: its program, and what of the file system it must be able to read."""

    python: str
    readable: tuple[str, ...]


async def find_interpreter(configured: str) -> Interpreter | str:
    """The interpreter at the path `configured` ("": ours), or why no test can be run with it."""
    python = configured or sys.executable
    told = await _asked(python)
    if told is None:
        return f"{python} is no Python that answers"
    has_pytest, readable = told
    if not has_pytest:
        return f"{python} has no pytest"
    return Interpreter(python, readable if configured else interpreter_paths())


async def _asked(python: str) -> tuple[bool, tuple[str, ...]] | None:
    """Whether it has pytest, and what it reads. The operator named it: it runs outside the jail."""
    try:
        process = await asyncio.create_subprocess_exec(
            *(python, "-I", "-c", ASK),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.defpath},
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            output, _ = await process.communicate()
        told = json.loads(output)
        return bool(told["pytest"]), tuple(str(path) for path in told["readable"])
    except (TimeoutError, ValueError, KeyError, TypeError):
        return None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
