"""A child ends with the process that keeps it, also when that one was killed and could tell it nothing (on Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def leash() -> Callable[[], None] | None:
    """What a child runs between fork and exec, so that the kernel sends it SIGTERM once this process is gone."""
    if sys.platform != "linux":
        return None
    system, keeper = (
        ctypes.CDLL(None),
        os.getpid(),
    )  # opened here: the child of a fork should do as little as it can

    def bind() -> None:
        system.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != keeper:  # it was killed before we could ask
            os._exit(1)

    return bind
