"""GitHub's refusals, word for word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class ApiError(Exception):
    """An answer that isn't a success: status, message and, for 422, the list of errors."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {message} {errors or ''}")
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The JSON document that GitHub sends."""
        body: dict[str, Any] = {"message": self.message}
        if self.errors is not None:
            body["errors"] = list(self.errors)
        return body | {"documentation_url": DOCUMENTATION, "status": str(self.status)}


def not_found() -> ApiError:
    """What doesn't exist, and what the token may not even know of."""
    return ApiError(404, "Not Found")


def bad_credentials() -> ApiError:
    """No such token, or one that has expired or was revoked."""
    return ApiError(401, "Bad credentials")


def invalid(resource: str, field: str, code: str = "invalid", message: str = "") -> ApiError:
    """422 with one structured error, as most resources give it."""
    error = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    return ApiError(422, "Validation Failed", errors=[error])


def unprocessable(*messages: str) -> ApiError:
    """422 with plain sentences, as the review resource gives it."""
    return ApiError(422, "Unprocessable Entity", errors=list(messages))


def malformed(problem: str) -> ApiError:
    """422 of the request schema, before any resource is asked."""
    return ApiError(422, f"Invalid request.\n\n{problem}")
