"""What GraphQL's errors in a 200 mean, in the words of the other errors."""

from __future__ import annotations

from typing import Any

from workers.domain.errors import TransientError
from workers.github.errors import NotFoundError, PermissionMissingError, RefusedError

MESSAGES_MAX = 3
FORBIDDEN = ("FORBIDDEN", "INSUFFICIENT_SCOPES")
OUT_OF_TIME = "something went wrong"
"""How the message begins of a query that GitHub gave up; there is no type then."""


def graphql_refusal(errors: list[dict[str, Any]]) -> RefusedError | TransientError:
    """The error for a list of GraphQL errors, which is not empty; rate limits are told before."""
    sentence = "GraphQL: " + "; ".join(str(one.get("message")) for one in errors[:MESSAGES_MAX])
    kinds = {one.get("type") for one in errors}
    if kinds & set(FORBIDDEN):
        return PermissionMissingError(sentence, status=200, permission="")
    if "NOT_FOUND" in kinds:
        return NotFoundError(sentence, status=200)
    if all(str(one.get("message")).lower().startswith(OUT_OF_TIME) for one in errors):
        return TransientError(sentence)
    return RefusedError(sentence, status=200)
