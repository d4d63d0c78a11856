"""How many connections the open files of a process leave room for: a receiver must not die of one too many."""

from __future__ import annotations

import resource

import structlog

from workers.domain.errors import UserError

log = structlog.get_logger()

OWN_MAX = 100
"""Open files besides connections: database, queue, listener, libraries that load late."""
LEAST = 300
"""With fewer, hardly any connection would be left."""


def connections_that_fit(wanted: int, refused_max: int) -> int:
    """Connections to serve, at most `wanted`, beside `refused_max` that are turned away.

    The process's limit of open files is raised as far as that takes and the system lets it (usual are 1,024 of which
    a process may make more); where it stays too low, fewer are served, and the log says so. Raises UserError when
    next to none would be.
    """
    besides = refused_max + OWN_MAX
    limit = _raised(wanted + besides)
    if limit < LEAST:
        raise UserError(f"Only {limit} files may be open, {LEAST} are needed: raise `ulimit -n`.")
    if wanted + besides <= limit:
        return wanted
    log.warning(
        "fewer connections than set",
        connections_max=limit - besides,
        wanted=wanted,
        mend=f"let this process open {wanted + besides} files: `ulimit -n`, or LimitNOFILE= of systemd",
    )
    return limit - besides


def _raised(needed: int) -> int:
    """What may be open from here on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return needed
    limit = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit
