"""What a receiver does with the open files that it may have, each in a process of its own: limits are a process's."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import resource, sys
from bot.cli.open_files import connections_that_fit
resource.setrlimit(resource.RLIMIT_NOFILE, tuple(map(int, sys.argv[1:])))
print(connections_that_fit(1000, 100), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def limited(soft: int, hard: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CODE, str(soft), str(hard)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("soft", "hard", "served", "open_files"),
    [(1024, 4096, 1000, 1200), (2000, 4096, 1000, 2000), (1024, 1024, 824, 1024)],
    ids=["the usual limit is raised", "a high one stays", "one that can't be raised means fewer connections"],
)
def test_connections_fit_into_the_open_files(soft: int, hard: int, served: int, open_files: int) -> None:
    done = limited(soft, hard)
    assert done.stdout.splitlines()[-1] == f"{served} {open_files}", done.stderr
    assert ("ulimit -n" in done.stderr + done.stdout) is (served < 1000)


def test_next_to_no_files_are_the_operators_to_mend() -> None:
    assert "UserError: Only 256 files may be open, 300 are needed" in limited(256, 256).stderr
