"""Comments in the conversation of a pull request."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.apps import app_json
from tests.fakes.github.call import Answer, Call, Endpoint, page
from tests.fakes.github.errors import ApiError, invalid, not_found
from tests.fakes.github.people import association, user_json
from tests.fakes.github.pulls import html_url, pull_simple_json, pull_url
from tests.fakes.github.reactions import rollup
from tests.fakes.github.repositories import repository_url
from tests.fakes.github.values import IssueComment, Pull, User
from tests.fakes.github.world import World

BODY_MAX = 65_536


def comment_json(world: World, comment: IssueComment) -> dict[str, Any]:
    """A comment."""
    repository = comment.pull.repository
    own = f"{repository_url(world, repository)}/issues/comments/{comment.id}"
    return {
        "url": own,
        "html_url": f"{html_url(comment.pull)}#issuecomment-{comment.id}",
        "issue_url": f"{repository_url(world, repository)}/issues/{comment.pull.number}",
        "id": comment.id,
        "node_id": f"IC_{comment.id}",
        "user": user_json(world, comment.user),
        "created_at": world.time(comment.created_at),
        "updated_at": world.time(comment.updated_at),
        "body": comment.body,
        "author_association": association(repository, comment.user),
        "reactions": rollup(world, "issues/comments", comment.id, own),
        "performed_via_github_app": app_json(world) if comment.app_id == world.app.app_id else None,
    }


def issue_json(world: World, pull: Pull) -> dict[str, Any]:
    """The issue that every pull request is as well, as issue_comment events carry it."""
    shared = pull_simple_json(world, pull)
    names = (
        "number", "state", "locked", "title", "user", "body", "labels", "milestone", "assignee", "assignees",
        "created_at", "updated_at", "closed_at", "author_association", "active_lock_reason", "draft",
    )  # fmt: skip
    url = shared["issue_url"]
    links = {f"{name}_url": f"{url}/{name}" for name in ("comments", "events", "timeline")}
    joined = {name: shared[name] for name in ("html_url", "diff_url", "patch_url", "merged_at")}
    return {name: shared[name] for name in names} | {
        "id": pull.id,
        "node_id": f"I_{pull.id}",
        "url": url,
        "html_url": html_url(pull),
        "repository_url": repository_url(world, pull.repository),
        "labels_url": f"{url}/labels{{/name}}",
        **links,
        "comments": sum(one.pull is pull for one in world.issue_comments.values()),
        "pull_request": {"url": pull_url(world, pull), **joined},
        "reactions": rollup(world, "issues", pull.id, url),
        "performed_via_github_app": None,
        "state_reason": None,
    }


def _check(body: str) -> str:
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field", "Body cannot be blank")
    if len(body) > BODY_MAX:
        raise invalid(
            "IssueComment", "body", "custom", f"body is too long (maximum is {BODY_MAX} characters)"
        )
    return body


async def create_comment(call: Call) -> Answer:
    """POST issues/{number}/comments."""
    world, pull, body = call.world, call.pull, _check(call.required("body", str))
    comment = add_comment(world, pull, world.bot, body, app_id=world.app.app_id)
    return Answer(comment_json(world, comment), 201)


def add_comment(
    world: World, pull: Pull, user: User, body: str, *, app_id: int | None = None
) -> IssueComment:
    """Remember a comment and tell everybody."""
    now = world.clock()
    comment = IssueComment(world.next_id(), pull, user, body, now, now, app_id)
    world.issue_comments[comment.id] = comment
    _tell(world, comment, "created", {})
    return comment


def _tell(world: World, comment: IssueComment, action: str, extra: dict[str, Any]) -> None:
    fields = {"issue": issue_json(world, comment.pull), "comment": comment_json(world, comment), **extra}
    world.emit("issue_comment", action, comment.pull.repository, fields, comment.user)
    world.happened(f"issue_comment.{action}", comment)


async def list_comments(call: Call) -> Answer:
    """GET issues/{number}/comments, oldest first."""
    pull = call.pull
    comments = [one for one in call.world.issue_comments.values() if one.pull is pull]
    return page(call, comments, lambda one: comment_json(call.world, one))


def _found(call: Call) -> IssueComment:
    comment = call.world.issue_comments.get(call.number("comment_id"))
    if comment is None or comment.pull.repository is not call.repository:
        raise not_found()
    return comment


def _own(call: Call) -> IssueComment:
    comment = _found(call)
    if comment.app_id != call.world.app.app_id:
        raise ApiError(403, "Resource not accessible by integration")
    return comment


async def get_comment(call: Call) -> Answer:
    """GET issues/comments/{comment_id}."""
    return Answer(comment_json(call.world, _found(call)))


async def edit_comment(call: Call) -> Answer:
    """PATCH issues/comments/{comment_id}: the app's own only."""
    comment, body = _own(call), _check(call.required("body", str))
    former, comment.body, comment.updated_at = comment.body, body, call.world.clock()
    _tell(call.world, comment, "edited", {"changes": {"body": {"from": former}}})
    return Answer(comment_json(call.world, comment))


async def delete_comment(call: Call) -> Answer:
    """DELETE issues/comments/{comment_id}: the app's own only."""
    comment = _own(call)
    del call.world.issue_comments[comment.id]
    _tell(call.world, comment, "deleted", {})
    return Answer(status=204)


_ISSUES = "/repos/{owner}/{repo}/issues"
_READ = (("issues", "read"), ("pull_requests", "read"))
_WRITE = (("issues", "write"), ("pull_requests", "write"))
ROUTES = (
    Endpoint("GET", _ISSUES + "/{number}/comments", list_comments, "[IssueComment]", _READ),
    Endpoint("POST", _ISSUES + "/{number}/comments", create_comment, "IssueComment", _WRITE, content=True),
    Endpoint("GET", _ISSUES + "/comments/{comment_id}", get_comment, "IssueComment", _READ),
    Endpoint("PATCH", _ISSUES + "/comments/{comment_id}", edit_comment, "IssueComment", _WRITE, content=True),
    Endpoint("DELETE", _ISSUES + "/comments/{comment_id}", delete_comment, "", _WRITE),
)
