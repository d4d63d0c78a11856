"""Memory that the receiver's process can do without; to be called before its libraries are imported."""

from __future__ import annotations

import ctypes
import sys

NEVER_USED = ("rich", "cryptography")
"""Loaded by structlog and by redis-py (through PyJWT) when they are there, for features that no receiver uses: tracebacks
in colour, and signed identity tokens. 12 MB; and a process that faces the network is better off without."""

M_ARENA_MAX, ARENAS_MAX = -8, 2
M_TRIM_THRESHOLD, TRIM_BYTES = -1, 512 * 1024


def spare_memory() -> None:
    """Keep optional libraries out, and the C library from hoarding: a heap a thread, and what a burst has left free."""
    for name in NEVER_USED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # Python's own way to say: not to be imported
    # mallopt(3), where there is a glibc: few threads allocate here, but bodies of many sizes come and go in all of them.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS_MAX)
        mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
