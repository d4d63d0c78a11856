"""Runs one command under resource limits: `python -I -S limited.py '{"cpu": 60, …}' command …`.

It stands alone (standard library only), because it starts inside the jail, before the tool. Limits are set by
the process that becomes the tool, so there is no moment without them and no code between fork and exec.
"""

from __future__ import annotations

import json
import os
import resource
import sys

KINDS = {
    "cpu_s": resource.RLIMIT_CPU,
    "memory_max_bytes": resource.RLIMIT_AS,
    "processes_max": resource.RLIMIT_NPROC,
    "file_max_bytes": resource.RLIMIT_FSIZE,
    "open_files_max": resource.RLIMIT_NOFILE,
}


def main(arguments: list[str]) -> None:
    """Set the limits in `arguments[0]`, then become `arguments[1:]`."""
    for name, limit in json.loads(arguments[0]).items():
        _lower(KINDS[name], limit)
    _lower(resource.RLIMIT_CORE, 0)
    os.execv(arguments[1], arguments[1:])  # noqa: S606 # the point is to have no shell


def _lower(kind: int, limit: int) -> None:
    _, hard = resource.getrlimit(kind)
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main(sys.argv[1:])
