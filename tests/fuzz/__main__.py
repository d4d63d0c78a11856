"""`make fuzz MINUTES=n`: every target by turns, guided by coverage where atheris is installed, until the time is over."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys

from tests.fuzz.targets import TARGETS

INTERFACE, CALLERS = "tests/fuzz/test_interface.py", 3


def main() -> int:
    """Spread the time over the targets and the operator's interface; the number of those that failed."""
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    arguments.add_argument("--minutes", type=float, default=5.0)
    seconds = max(1, int(arguments.parse_args().minutes * 60 / (len(TARGETS) + 1)))
    guided = importlib.util.find_spec("atheris") is not None
    how = "guided" if guided else "blind"
    print(
        f"{seconds} s each; {'guided by coverage' if guided else 'without atheris: hypothesis alone'}",
        flush=True,
    )
    failed = [name for name in TARGETS if _ended_badly([f"tests.fuzz.{how}", name, str(seconds)])]
    if _ended_badly(["pytest", "-q", "--timeout=0", INTERFACE], QUORUM_FUZZ_SECONDS=str(seconds / CALLERS)):
        failed.append("interface")
    print("failed: " + ", ".join(failed) if failed else "nothing found")
    return len(failed)


def _ended_badly(module: list[str], **environ: str) -> bool:
    print("→", *module, flush=True)
    return (
        subprocess.run([sys.executable, "-m", *module], env=os.environ | environ, check=False).returncode != 0
    )


sys.exit(main())
