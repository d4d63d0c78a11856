"""The broker and the workers as different users."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.bot.cli.broker_apart import BROKER, ROOT, STRANGER, WORKER

HERE = Path(__file__).parents[3]


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can be several users")
def test_the_workers_user_is_heard_and_nobody_else() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # pytest's own folders are closed to other users
        ended = subprocess.run(
            [sys.executable, "-m", "tests.bot.cli.broker_apart", f"{folder}/run"],
            cwd=HERE, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    heard = {str(WORKER): True, str(BROKER): False, str(STRANGER): False, str(ROOT): True}
    assert json.loads(ended.stdout) == heard
