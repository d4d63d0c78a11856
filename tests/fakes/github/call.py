"""One request on its way through the fake, the answer to it, and the table row that joins the two."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from tests.fakes.github.errors import malformed, not_found
from tests.fakes.github.values import Pull, Repository, Token
from tests.fakes.github.world import World

T = TypeVar("T")
PER_PAGE = 30
PER_PAGE_MAX = 100


@dataclass(frozen=True)
class Answer:
    """Status, body (JSON value, or bytes sent as they are) and headers."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """A row of the route table.

    `access` is who may call: "app" (JWT), "installation" or "any" of the two. `permissions` are alternatives.
    `content` marks content-creating writes; `model` names the published schema of the answer ("[X]" for a list).
    `charged`: a request counts for REST's rate limit.
    """

    method: str
    path: str
    handler: Callable[[Call], Awaitable[Answer]]
    model: str
    permissions: tuple[tuple[str, str], ...] = (("metadata", "read"),)
    access: str = "installation"
    content: bool = False
    charged: bool = True


@dataclass
class Call:
    """A request after its token was accepted. `stale` is set by the fault of that name."""

    world: World
    request: Request
    body: dict[str, Any]
    token: Token | None = None
    found: Repository | None = None
    stale: bool = False

    @property
    def params(self) -> dict[str, str]:
        """Parts of the path."""
        return self.request.path_params

    @property
    def query(self) -> dict[str, str]:
        """Parameters after the question mark."""
        return dict(self.request.query_params)

    @property
    def repository(self) -> Repository:
        """The repository that the path names, or 404."""
        if self.found is None:
            raise not_found()
        return self.found

    @property
    def pull(self) -> Pull:
        """The pull request that the path names, or 404."""
        return self.world.pull(self.repository, self.number("number"))

    @property
    def installation_token(self) -> Token:
        """The token of a call that only installations may make."""
        if self.token is None:
            raise not_found()
        return self.token

    def number(self, name: str) -> int:
        """A numeric part of the path, or 404."""
        text = self.params[name]
        if not text.isdigit():
            raise not_found()
        return int(text)

    def required(self, name: str, kind: type[T]) -> T:
        """A field of the body that must be there with this type, or 422."""
        value = self.optional(name, kind)
        if value is None:
            raise malformed(f'"{name}" wasn\'t supplied.')
        return value

    def optional(self, name: str, kind: type[T]) -> T | None:
        """A field of the body that may be missing or null, of this type, or 422."""
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            names = {
                str: "a string",
                int: "an integer",
                list: "an array",
                dict: "an object",
                bool: "a boolean",
            }
            raise malformed(f"For '{'properties/' + name}', {value!r} is not {names[kind]}.")
        return value

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """A field of the body that must be one of `allowed`, or 422; None when it is missing."""
        value = self.optional(name, str)
        if value is not None and value not in allowed:
            raise malformed(f"For 'properties/{name}', {value!r} is not a member of {list(allowed)}.")
        return value


def page(call: Call, items: Sequence[T], render: Callable[[T], Any]) -> Answer:
    """One page of a list, with the Link header that leads to the others."""
    rows, headers = window(call, items)
    return Answer([render(item) for item in rows], headers=headers)


def window(call: Call, items: Sequence[T]) -> tuple[Sequence[T], dict[str, str]]:
    """The items of the wanted page, and its Link header if there is more than one page."""
    size = min(_positive(call.query.get("per_page"), PER_PAGE), PER_PAGE_MAX)
    number = _positive(call.query.get("page"), 1)
    last = max(1, -(-len(items) // size))
    links = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
    if number >= last:
        links = {"prev": number - 1, "first": 1}
    if number <= 1:
        links = {name: target for name, target in links.items() if name in ("next", "last")}
    header = ", ".join(f'<{_page_url(call, target)}>; rel="{name}"' for name, target in links.items())
    return items[(number - 1) * size : number * size], {"link": header} if header else {}


def _positive(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


def _page_url(call: Call, number: int) -> str:
    query = urlencode(call.query | {"page": str(number)})
    return f"{call.world.url}{call.request.url.path}?{query}"
