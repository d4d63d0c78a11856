"""What other processes can see of this one's secrets: neither its first environment nor its memory."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Iterator, Mapping

PR_SET_DUMPABLE = 4
KEPT = (
    *(
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "LC_",
        "TZ",
        "TMPDIR",
        "PYTHON",
        "SSL_",
        "OPENSSL_",
        "LD_",
        "MALLOC_",
        "UV_",
    ),
    *("RES_OPTIONS", "LOCALDOMAIN", "KRB5"),
)
"""Beginnings of names that libraries in C may still ask for; no secret stands under them."""
FILE = "_FILE"


def seal(environ: Mapping[str, str]) -> None:
    """Wipe secrets from the memory that /proc/<pid>/environ shows, and keep memory out of core dumps.

    `environ` is os.environ: a copy, which stays as it is. Programs that are started without an environment of their
    own inherit the wiped one.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform != "linux":
        return
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # also: nobody but root may trace us or read what /proc shows
    system.getenv.restype = ctypes.c_void_p
    for name in telling(environ):
        if place := system.getenv(os.fsencode(name)):
            ctypes.memset(place, 0, len(os.fsencode(environ[name])))


def telling(environ: Mapping[str, str]) -> Iterator[str]:
    """The variables that may hold a secret, whatever they are called; those that name a file hold none."""
    return (name for name in environ if not name.startswith(KEPT) and not name.endswith(FILE))
