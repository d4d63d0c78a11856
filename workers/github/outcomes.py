"""What people said at our comments on findings: reactions, words, and whether a suggestion was in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from pydantic import AwareDatetime, BaseModel, Field

from config.commands import PREFIX
from workers.domain.outcome import REASON_MAX_CHARS, Heard, Vote
from workers.github.calls import Params
from workers.github.errors import NotFoundError
from workers.github.markers import finding_in
from workers.github.rest import RestClient

PAGES_MAX = 30
REACTED_MAX = 50
"""Comments whose reactions are read one by one; those of later ones are not heard this time."""
HUMAN = "User"

_FENCE = re.compile(r"(`{3,20}|~{3,20})([^`]{0,100})")


class _Author(BaseModel):
    id: int
    login: str = ""
    type: str = ""


class _Counts(BaseModel):
    up: int = Field(0, alias="+1")
    down: int = Field(0, alias="-1")


class _Comment(BaseModel):
    id: int
    body: str | None = None
    user: _Author | None = None
    in_reply_to_id: int | None = None
    reactions: _Counts | None = None


class _Reaction(BaseModel):
    content: str
    user: _Author | None = None
    created_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Threads:
    """What stands in a pull request's threads; `reacted` are comments of ours with a 👍 or 👎, newest first."""

    heard: tuple[Heard, ...]
    reacted: tuple[int, ...]


async def read_heard(
    client: RestClient, full_name: str, number: int, bot_id: int, wanted: Collection[str]
) -> tuple[Heard, ...]:
    """What was said at our comments about the findings `wanted` (fingerprints), in the last 3,000 comments.

    One request for a hundred comments, and one for each of at most 50 comments with reactions.
    """
    comments: list[_Comment] = []
    newest_first: Params = {"per_page": 100, "sort": "created", "direction": "desc"}
    path = f"/repos/{full_name}/pulls/{number}/comments"
    async for page in client.pages(path, newest_first, pages_max=PAGES_MAX):
        comments += map(_Comment.model_validate, page)
    threads = _threads(comments, bot_id, wanted)
    votes = {one: await _votes(client, full_name, one, bot_id) for one in threads.reacted[:REACTED_MAX]}
    unheard = frozenset(threads.reacted[REACTED_MAX:])
    return tuple(
        replace(one, votes=votes.get(one.comment_id, ()))
        for one in threads.heard
        if one.comment_id not in unheard
    )


def _threads(comments: Iterable[_Comment], bot_id: int, wanted: Collection[str]) -> Threads:
    found: list[Heard] = []
    words: dict[int, str] = {}
    reacted: list[int] = []
    for one in sorted(comments, key=lambda one: one.id, reverse=True):
        if one.in_reply_to_id is not None:
            if said := _words(one, bot_id):
                words.setdefault(one.in_reply_to_id, said)
            continue
        mark = finding_in(one.body or "") if one.user and one.user.id == bot_id else None
        if mark is not None and mark in wanted:
            found.append(Heard(mark, one.id, suggestion_in(one.body or "")))
            reacted += [one.id] if one.reactions and one.reactions.up + one.reactions.down else []
    heard = (replace(one, words=words.get(one.comment_id, "")) for one in found)
    return Threads(tuple(heard), tuple(reacted))


def _words(comment: _Comment, bot_id: int) -> str:
    """What a person wrote, on one line; no command, and not what they quoted."""
    who, text = comment.user, (comment.body or "").strip()
    if who is None or who.id == bot_id or who.type != HUMAN or text.startswith(PREFIX):
        return ""
    own = " ".join(line.strip() for line in text.split("\n") if not line.lstrip().startswith(">"))
    return " ".join(own.split())[:REASON_MAX_CHARS]


async def _votes(client: RestClient, full_name: str, comment_id: int, bot_id: int) -> tuple[Vote, ...]:
    try:
        path = f"/repos/{full_name}/pulls/comments/{comment_id}/reactions"
        rows = [_Reaction.model_validate(one) for one in await client.get(path, {"per_page": 100})]
    except NotFoundError:  # somebody deleted the comment
        return ()
    return tuple(
        Vote(one.user.id, one.user.login, one.content == "+1", one.created_at.timestamp())
        for one in rows
        if one.content in ("+1", "-1") and one.user and one.user.type == HUMAN and one.user.id != bot_id
    )


def suggestion_in(body: str) -> str | None:
    """The lines that a comment suggests, as GitHub would commit them; None when it suggests nothing."""
    fence, suggests, lines = "", False, list[str]()
    for line in body.split("\n"):
        mark = line.strip()
        if fence:
            if mark.startswith(fence) and not mark.strip(fence[0]):
                if suggests:
                    return "\n".join(lines)
                fence = ""
            elif suggests:
                lines.append(line)
        elif found := _FENCE.fullmatch(mark):
            fence, suggests = found[1], found[2].strip() == "suggestion"
    return None
