"""What other processes see of a sealed one."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import ctypes, os, resource, subprocess
from bot.cli.sealing import seal
seal(os.environ)
print(os.environ["MASCOT"])
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE)[0])
print(open("/proc/self/environ", "rb").read().replace(b"\\0", b" ").decode())
print(subprocess.run(["/usr/bin/env"], stdout=subprocess.PIPE, text=True).stdout)
"""


def test_secrets_are_ours_alone_once_we_have_started() -> None:
    environ = {"MASCOT": "planted-secret", "PATH": "/usr/bin:/bin", "QUORUM_PRIVATE_KEY_FILE": "/run/key"}
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, timeout=30, check=True
    )
    ours, limits, *shown = ended.stdout.splitlines()
    assert ours == "planted-secret", "the program itself still has it"
    assert limits == "0 0", "no dump of its memory, and nobody traces it"
    assert "planted" not in "\n".join(shown)
    assert "PATH=/usr/bin:/bin" in "\n".join(shown)
    assert "QUORUM_PRIVATE_KEY_FILE=/run/key" in "\n".join(shown)
