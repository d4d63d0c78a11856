"""One call of GitHub's API as a value: what is asked, what came back, or that the answer was lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JSON_MAX_BYTES = 32 * 1024 * 1024
CREATED = ("/comments", "/replies", "/reviews", "/pulls", "/issues")
Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Call:
    """A request. `path` is relative to the API's base URL, or a `Link` URL under it.

    `repeatable` says that sending it twice is the same as sending it once; only then is a lost answer retried.
    `reads` says of a POST that it changes nothing (a GraphQL query).
    `timeout_s` bounds the whole exchange, `max_bytes` the answer's body.
    """

    method: str
    path: str
    params: Params | None = None
    json: Any = field(default=None, repr=False)
    accept: str = "application/vnd.github+json"
    repeatable: bool = True
    reads: bool = False
    max_bytes: int = JSON_MAX_BYTES
    timeout_s: float = 60.0

    @property
    def is_write(self) -> bool:
        """Whether it changes something, so that it keeps the pace of writes."""
        return not self.reads and self.method not in ("GET", "HEAD")

    @property
    def creates(self) -> bool:
        """Whether it makes something that people are told of, which GitHub limits by the hour."""
        return self.method == "POST" and self.path.endswith(CREATED)

    def __str__(self) -> str:
        return f"{self.method} {self.path.split('?')[0]}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whole. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON, None when it is empty; raises ValueError for anything else."""
        return json.loads(self.body) if self.body else None

    @property
    def message(self) -> str:
        """GitHub's `message`, or "" when the body has none."""
        try:
            content = self.json()
        except ValueError:
            return ""
        return str(content.get("message") or "") if isinstance(content, dict) else ""


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer. `sent` is False only when the request surely never left."""

    reason: str
    sent: bool
