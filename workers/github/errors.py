"""How a call of GitHub's API can end, in the words of the three families.

UserError
└── RefusedError              a 4xx that will be the same tomorrow
    ├── NotFoundError         404, 410: gone, or not shown to us
    ├── PermissionMissingError  the installation does not grant it
    ├── UnprocessableError    422: GitHub says what is wrong with the request
    └── ReplyTooLargeError    the answer is larger than the caller can take
TransientError
└── UnknownOutcomeError       a write whose answer was lost: read back before it is sent again
"""

from __future__ import annotations

from workers.domain.errors import TransientError, UserError


class RefusedError(UserError):
    """GitHub refused the request for good; `status` is the HTTP status."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class NotFoundError(RefusedError):
    """It is gone, was never there, or the installation may not see it."""


class PermissionMissingError(RefusedError):
    """The installation lacks `permission` (e.g. "checks=write"); empty when GitHub does not name it."""

    def __init__(self, message: str, *, status: int, permission: str) -> None:
        super().__init__(message, status=status)
        self.permission = permission


class UnprocessableError(RefusedError):
    """422: `errors` are GitHub's own sentences, in its order."""

    def __init__(self, message: str, *, errors: tuple[str, ...]) -> None:
        super().__init__(message, status=422)
        self.errors = errors


class ReplyTooLargeError(RefusedError):
    """The answer passed the caller's `max_bytes` and was dropped."""


class UnknownOutcomeError(TransientError):
    """A write was sent and its answer lost: it may have happened. Read back by marker before sending it again."""
