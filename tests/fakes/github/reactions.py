"""Reactions to comments: one of a kind for each user; asking twice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint, page
from tests.fakes.github.errors import malformed, not_found
from tests.fakes.github.people import user_json
from tests.fakes.github.values import REACTIONS, IssueComment, Pull, Reaction, ReviewComment
from tests.fakes.github.world import World


def rollup(world: World, kind: str, comment_id: int, url: str) -> dict[str, Any]:
    """The counts that a comment shows."""
    contents = [one.content for one in world.reactions if one.subject == (kind, comment_id)]
    counts = {name: contents.count(name) for name in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(contents), **counts}


def reaction_json(world: World, reaction: Reaction) -> dict[str, Any]:
    """A reaction."""
    return {
        "id": reaction.id,
        "node_id": f"REA_{reaction.id}",
        "user": user_json(world, reaction.user),
        "content": reaction.content,
        "created_at": world.time(reaction.created_at),
    }


def _subject(call: Call) -> tuple[str, int]:
    """The comment or pull request that the path names, or 404."""
    if "comment_id" not in call.params:
        return ("issues", call.pull.id)
    kind = "issues/comments" if "/issues/comments/" in call.request.url.path else "pulls/comments"
    number = call.number("comment_id")
    issue: Mapping[int, IssueComment | ReviewComment] = call.world.issue_comments
    comment = (issue if kind == "issues/comments" else call.world.review_comments).get(number)
    if comment is None or _pull(comment).repository is not call.repository:
        raise not_found()
    return (kind, number)


def _pull(comment: IssueComment | ReviewComment) -> Pull:
    return comment.pull


async def create_reaction(call: Call) -> Answer:
    """POST …/reactions: 201 when new, 200 when the user had reacted so already."""
    subject, content = _subject(call), call.choice("content", REACTIONS)
    if content is None:
        raise malformed('"content" wasn\'t supplied.')
    wanted = (subject, call.world.bot, content)
    for one in call.world.reactions:
        if (one.subject, one.user, one.content) == wanted:
            return Answer(reaction_json(call.world, one))
    reaction = Reaction(call.world.next_id(), subject, call.world.bot, content, call.world.clock())
    call.world.reactions.append(reaction)
    call.world.happened("reaction.created", reaction)
    return Answer(reaction_json(call.world, reaction), 201)


async def list_reactions(call: Call) -> Answer:
    """GET …/reactions."""
    subject = _subject(call)
    reactions = [one for one in call.world.reactions if one.subject == subject]
    return page(call, reactions, lambda one: reaction_json(call.world, one))


async def delete_reaction(call: Call) -> Answer:
    """DELETE …/reactions/{reaction_id}: the app's own."""
    subject, number = _subject(call), call.number("reaction_id")
    own = [one for one in call.world.reactions if one.id == number and one.subject == subject]
    if not own or own[0].user is not call.world.bot:
        raise not_found()
    call.world.reactions.remove(own[0])
    return Answer(status=204)


_REPO = "/repos/{owner}/{repo}"
_ISSUES = "/issues/comments/{comment_id}/reactions"
_PULLS = "/pulls/comments/{comment_id}/reactions"
_ISSUE = "/issues/{number}/reactions"
_EITHER = ("issues", "pull_requests")


def _routes(path: str, names: tuple[str, ...]) -> tuple[Endpoint, ...]:
    read = tuple((name, "read") for name in names)
    write = tuple((name, "write") for name in names)
    return (
        Endpoint("GET", _REPO + path, list_reactions, "[Reaction]", read),
        Endpoint("POST", _REPO + path, create_reaction, "Reaction", write),
        Endpoint("DELETE", _REPO + path + "/{reaction_id}", delete_reaction, "", write),
    )


ROUTES = (*_routes(_ISSUES, _EITHER), *_routes(_PULLS, ("pull_requests",)), *_routes(_ISSUE, _EITHER))
