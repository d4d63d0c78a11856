"""How a request is turned away: problem details (RFC 9457) that say what to mend, and repeat nothing that was sent."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from pydantic import Field, ValidationError
from starlette.responses import JSONResponse

from bot.admin.shape import Shape

MEDIA_TYPE = "application/problem+json"
ERRORS_MAX = 20
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Mistake(Shape):
    """One thing to mend; `where` is the field's dotted name, or "" for the whole."""

    where: str
    what: str


class Problem(Shape):
    """Why a request was turned away."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="What is wrong, and what to do about it.")
    errors: list[Mistake] = Field(default_factory=list)


class ProblemError(Exception):
    """The request is turned away."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Sequence[Mistake] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        title = HTTPStatus(status).phrase
        self.problem = Problem(title=title, status=status, detail=detail, errors=list(errors))
        self._headers = headers or {}

    def answer(self) -> JSONResponse:
        """As it is sent."""
        content = self.problem.model_dump(mode="json")
        return JSONResponse(content, self.problem.status, HEADERS | self._headers, MEDIA_TYPE)


def invalid(error: ValidationError) -> ProblemError:
    """What is wrong with a request's fields, without their values."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    mistakes = [Mistake(where=".".join(map(str, one["loc"])), what=one["msg"]) for one in found[:ERRORS_MAX]]
    return ProblemError(400, "The request can't be used as it is; `errors` says what to mend.", mistakes)
