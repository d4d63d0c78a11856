"""Values as GraphQL's resolvers hand them out: plain mappings, connections, refusals with GitHub's types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from graphql import GraphQLError

T = TypeVar("T")
NODES_MAX = 100


class RefusalError(GraphQLError):
    """An error with GitHub's `type`, which stands beside the message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def forbidden() -> RefusalError:
    """What a token without the permission is told."""
    return RefusalError("FORBIDDEN", "Resource not accessible by integration")


def missing(what: str) -> RefusalError:
    """What isn't there, or may not be seen."""
    return RefusalError("NOT_FOUND", f"Could not resolve to a {what}.")


def connection(
    name: str,
    items: Sequence[T],
    show: Callable[[T], Any],
    *,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    """One page of `items`; a page has a size, and GitHub's largest is 100."""
    size = first if last is None else last
    if size is None or (first is not None and last is not None):
        raise RefusalError(
            "MISSING_PAGINATION_BOUNDARIES", f"You must provide a `first` or `last` value on `{name}`."
        )
    if not 1 <= size <= NODES_MAX:
        raise RefusalError(
            "EXCESSIVE_PAGINATION", f"Requesting {size} records on `{name}` exceeds 100 records."
        )
    start = int(after.removeprefix("cursor:")) if after else 0
    begin, end = (start, start + size) if last is None else (max(start, len(items) - size), len(items))
    shown = [show(one) for one in items[begin:end]]
    info = {
        "hasNextPage": end < len(items),
        "hasPreviousPage": begin > 0,
        "startCursor": f"cursor:{begin}" if shown else None,
        "endCursor": f"cursor:{begin + len(shown)}" if shown else None,
    }
    return {"nodes": shown, "pageInfo": info, "totalCount": len(items)}
