"""A system call filter for the jail: threads, but no new processes, no sockets, no way to other processes,
no memory that is nobody's.

Process limits don't bind root, and a container's worker often is root; this filter binds everybody. The program
is classic BPF as in the kernel's Documentation/userspace-api/seccomp_filter.rst, built here because it is short.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

ALLOW = 0x7FFF_0000
KILL_PROCESS = 0x8000_0000
NOT_PERMITTED = 0x0005_0000 | 1
NOT_IMPLEMENTED = 0x0005_0000 | 38
CLONE_THREAD = 0x0001_0000

LOAD_WORD, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
AT_CALL, AT_ARCHITECTURE, AT_FIRST_ARGUMENT = 0, 4, 16
CLONE3 = 435  # the same everywhere; its flags lie in memory, so libc is sent back to clone


@dataclass(frozen=True, slots=True)
class Abi:
    """Numbers of one architecture: audit name, clone, everything refused, and where foreign numbers start."""

    audit: int
    clone: int
    refused: tuple[int, ...]
    foreign_from: int


# fork vfork ptrace unshare setns mount umount2 pivot_root bpf userfaultfd keyctl add_key request_key
# perf_event_open process_vm_readv process_vm_writev io_uring_setup open_by_handle_at socket kexec_load
# and what holds memory that no limit counts: memfd_create memfd_secret shmget msgget semget
X86_64 = Abi(
    0xC000_003E,
    56,
    (
        *(57, 58, 101, 272, 308, 165, 166, 155, 321, 323, 250, 248, 249, 298, 310, 311, 425, 304, 41, 246),
        *(319, 447, 29, 68, 64),
    ),
    0x4000_0000,
)
# the same without fork and vfork, which arm64 does not have
AARCH64 = Abi(
    0xC000_00B7,
    220,
    (
        *(117, 97, 268, 40, 39, 41, 280, 282, 219, 217, 218, 241, 270, 271, 425, 265, 198, 104),
        *(279, 447, 194, 186, 190),
    ),
    0x4000_0000,
)
ABIS: Mapping[str, Abi] = {"x86_64": X86_64, "aarch64": AARCH64, "arm64": AARCH64}


def program(abi: Abi) -> bytes:
    """The filter for `abi`, as an array of `struct sock_filter` in native byte order."""
    steps = [
        (LOAD_WORD, 0, 0, AT_ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, abi.audit),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD_WORD, 0, 0, AT_CALL),
        *_when(JUMP_GREATER_EQUAL, abi.foreign_from, NOT_PERMITTED),
        *_when(JUMP_EQUAL, CLONE3, NOT_IMPLEMENTED),
    ]
    for number in abi.refused:
        steps += _when(JUMP_EQUAL, number, NOT_PERMITTED)
    steps += [
        (JUMP_EQUAL, 1, 0, abi.clone),
        (RETURN, 0, 0, ALLOW),
        (LOAD_WORD, 0, 0, AT_FIRST_ARGUMENT),
        *_when(JUMP_SET, CLONE_THREAD, ALLOW),
        (RETURN, 0, 0, NOT_PERMITTED),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _when(test: int, value: int, action: int) -> list[tuple[int, int, int, int]]:
    return [(test, 0, 1, value), (RETURN, 0, 0, action)]
