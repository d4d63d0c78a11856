"""What a pull request says it is for: the messages of its commits, and the issues that it closes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel

from workers.domain.change import LinkedIssue, PullRequest
from workers.github.rest import RestClient

COMMITS_MAX = 50
MESSAGE_MAX_CHARS = 2_000
ISSUES_MAX = 5
TITLE_MAX_CHARS = 300
BODY_MAX_CHARS = 4_000
_TOKEN_MAX_CHARS = 300
_CLOSING = re.compile(
    rf"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]{{1,8}}(?=(?P<issue>[^\s,;<>()\[\]]{{1,{_TOKEN_MAX_CHARS}}}))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}(?![0-9A-Za-z_])")


class _Message(BaseModel):
    message: str


class _Parent(BaseModel):
    sha: str


class _Commit(BaseModel):
    commit: _Message
    parents: Sequence[_Parent] = ()


class _Issue(BaseModel):
    title: str
    body: str | None = None
    pull_request: object = None


async def read_messages(client: RestClient, pull: PullRequest) -> tuple[str, ...]:
    """The messages of its first 50 commits, oldest first, each cut at 2,000 characters; merges say nothing of it."""
    path = f"/repos/{pull.full_name}/pulls/{pull.number}/commits"
    rows = await client.get(path, {"per_page": COMMITS_MAX})
    commits = [_Commit.model_validate(row) for row in rows[:COMMITS_MAX]]
    return tuple(one.commit.message[:MESSAGE_MAX_CHARS] for one in commits if len(one.parents) < 2)


async def read_issue(client: RestClient, full_name: str, number: int) -> LinkedIssue | None:
    """An issue, at its length limits; None when it is a pull request. Raises what the client raises."""
    issue = _Issue.model_validate(await client.get(f"/repos/{full_name}/issues/{number}"))
    if issue.pull_request is not None:
        return None
    return LinkedIssue(number, issue.title[:TITLE_MAX_CHARS], (issue.body or "")[:BODY_MAX_CHARS])


def closing(texts: Iterable[str], full_name: str, web_url: str) -> tuple[int, ...]:
    """Numbers of the first 5 issues of this repository that `texts` close ("fixes #3", "closes owner/name#4", a URL).

    REST tells nobody which issues GitHub itself has linked; these are the words that it links by
    (https://docs.github.com/issues/tracking-your-work-with-issues/linking-a-pull-request-to-an-issue).
    """
    starts = ("#", f"{full_name}#", f"{web_url}/{full_name}/issues/")
    found: dict[int, None] = {}
    for text in texts:
        for number in _numbers(text, [start.lower() for start in starts]):
            found[number] = None
            if len(found) >= ISSUES_MAX:
                return tuple(found)
    return tuple(found)


def _numbers(text: str, starts: Sequence[str]) -> Iterator[int]:
    for match in _CLOSING.finditer(text):
        named = match["issue"].lower()
        for start in starts:
            if named.startswith(start) and (number := _NUMBER.match(named, len(start))):
                yield int(number[0])
