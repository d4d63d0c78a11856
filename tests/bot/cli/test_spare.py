"""The receiver's process goes without what it never uses, and works all the same."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
from bot.cli.spare import spare_memory
spare_memory()
import bot.cli.web, workers.queue, jwt
print([name for name in ("rich", "cryptography", "githubkit", "pydantic_ai") if sys.modules.get(name)])
"""


def test_a_receiver_with_a_queue_loads_neither_rich_nor_cryptography() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
