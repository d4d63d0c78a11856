"""What the broker does for those who ask: a fixed list of calls, tokens of fixed purposes. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workers.github import permissions
from workers.github.permissions import Permissions

BODY_MAX_BYTES = 4096
ID_MAX = 2**53
_ID = "[0-9]{1,16}"
CALLS = (
    ("GET", re.compile("/app")),
    ("GET", re.compile("/app/hook/config")),
    ("GET", re.compile("/app/hook/deliveries")),
    ("POST", re.compile(f"/app/hook/deliveries/{_ID}/attempts")),
    ("GET", re.compile("/app/installations")),
    ("GET", re.compile(f"/app/installations/{_ID}")),
)
"""Calls that are made as the App. None changes the App, and none shows a secret: GitHub hides that of the webhook."""
MINT = re.compile(f"/app/installations/({_ID})/access_tokens")
PARAMS = ("per_page", "page", "cursor")
VALUE = re.compile("[A-Za-z0-9_.=+/-]{1,200}")

READING = "reading"
PURPOSES: Mapping[str, Permissions] = {
    READING: permissions.READ,
    "hearing": permissions.HEARING,
    "issues": permissions.ISSUES,
    "command": permissions.COMMAND,
    "review": permissions.REVIEW,
    "code scanning": permissions.CODE_SCANNING,
    "delivery": permissions.DELIVER,
}
"""The most that one token may do, narrowest first. Resolving threads wants what a delivery does."""
DERIVED = frozenset({"description"})
"""Purposes for which a derived secret is handed out."""


class BrokerRefusalError(Exception):
    """The broker does not do that; `status` is its answer's, the message a sentence without anything of the request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


RepositoryId = Annotated[int, Field(ge=1, le=ID_MAX)]


class TokenWish(BaseModel):
    """The body of GitHub's "create an installation access token", as narrow as ours are: one repository, or all."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    permissions: dict[str, Literal["read", "write"]] = Field(min_length=1, max_length=10)
    repository_ids: list[RepositoryId] | None = Field(None, min_length=1, max_length=1)

    def purpose(self) -> str:
        """The first purpose that covers it. Raises BrokerRefusalError when none does."""
        for name, most in PURPOSES.items():
            if (self.repository_ids or name == READING) and _within(self.permissions.items(), dict(most)):
                return name
        raise BrokerRefusalError(403, "The broker has no token for that: no job of Quorum needs it.")


@dataclass(frozen=True, slots=True)
class Mint:
    """A token that may be minted: for whom, what for, and GitHub's body."""

    installation_id: int
    purpose: str
    wish: TokenWish


def is_called(method: str, path: str) -> bool:
    """Whether the broker makes this call as the App."""
    return any(method == verb and shape.fullmatch(path) for verb, shape in CALLS)


def checked_params(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The parameters of a call. Raises BrokerRefusalError for others than pages' ones."""
    found = list(given)
    names = {name for name, _ in found}
    if len(names) < len(found) or not names <= set(PARAMS) or not all(VALUE.fullmatch(v) for _, v in found):
        raise BrokerRefusalError(400, f"The broker passes on {', '.join(PARAMS)} alone, each of them once.")
    return dict(found)


def mint_of(path: str, body: bytes) -> Mint | None:
    """What is to be minted; None when `path` asks for no token. Raises BrokerRefusalError for what isn't minted."""
    if (found := MINT.fullmatch(path)) is None:
        return None
    try:
        wish = TokenWish.model_validate_json(body)
    except ValidationError:
        raise BrokerRefusalError(400, "The broker can't read what token is wanted.") from None
    return Mint(int(found[1]), wish.purpose(), wish)


def _within(wanted: Iterable[tuple[str, str]], most: Mapping[str, str]) -> bool:
    return all(most.get(name) in (level, "write") for name, level in wanted)
