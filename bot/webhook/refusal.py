"""How a request is turned away."""

from __future__ import annotations

from starlette.responses import JSONResponse


class RefusedError(Exception):
    """The request is turned away: `reason` is what it is counted as, `answer` tells the sender why."""

    def __init__(self, status: int, reason: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.answer = JSONResponse({"error": message}, status, headers)
