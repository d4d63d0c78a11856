"""The three kinds of failure: the user's, the moment's, and everything else, which is a bug.

Exception
├── UserError                 they can fix it: a polite reply, no retry
└── TransientError            it may pass: the work comes back later
    └── RateLimitedError      GitHub asks the whole installation to wait
LeaseLostError                the work is no longer ours: stop, write nothing
└── SupersededError           a newer generation is wanted: stop, write nothing
"""

from __future__ import annotations


class UserError(Exception):
    """Something the repository's people can fix; `str()` is a sentence for them. Never retried."""


class TransientError(Exception):
    """Something that may pass by itself. `retry_after_s` is the least wait, when the other side named one."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimitedError(TransientError):
    """GitHub limits this installation: all its work waits `retry_after_s`; not counted as an attempt."""

    retry_after_s: float

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        super().__init__(message, retry_after_s=retry_after_s)


class LeaseLostError(Exception):
    """The lease on the claimed work is gone: another worker may be at it. Nothing may be written."""


class SupersededError(LeaseLostError):
    """A newer generation of the same work is wanted: its run will do better. Nothing may be written."""
