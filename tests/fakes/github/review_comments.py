"""Comments on lines and files of a pull request."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint, page
from tests.fakes.github.errors import ApiError, invalid, malformed, not_found
from tests.fakes.github.hunks import read_patch, refusals
from tests.fakes.github.people import association, user_json
from tests.fakes.github.pulls import html_url, pull_simple_json, pull_url
from tests.fakes.github.reactions import rollup
from tests.fakes.github.repositories import repository_url
from tests.fakes.github.values import Pull, ReviewComment, User
from tests.fakes.github.world import World

BODY_MAX = 65_536
TOO_LONG = f"is too long (maximum is {BODY_MAX} characters)"
_SIDES = ("LEFT", "RIGHT")


class RefusedError(Exception):
    """Where a comment may not stand; `str()` is GitHub's sentence, `field` the part of the request."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def comment_json(world: World, comment: ReviewComment) -> dict[str, Any]:
    """A comment on a line or a file."""
    pull = comment.pull
    own = f"{repository_url(world, pull.repository)}/pulls/comments/{comment.id}"
    html = f"{html_url(pull)}#discussion_r{comment.id}"
    shown: dict[str, Any] = {
        "url": own,
        "pull_request_review_id": comment.review_id,
        "id": comment.id,
        "node_id": f"PRRC_{comment.id}",
        "diff_hunk": comment.diff_hunk,
        "path": comment.path,
        "commit_id": comment.commit_id,
        "original_commit_id": comment.original_commit_id,
        "user": user_json(world, comment.user),
        "body": comment.body,
        "created_at": world.time(comment.created_at),
        "updated_at": world.time(comment.updated_at),
        "html_url": html,
        "pull_request_url": pull_url(world, pull),
        "author_association": association(pull.repository, comment.user),
        "_links": {
            "self": {"href": own},
            "html": {"href": html},
            "pull_request": {"href": pull_url(world, pull)},
        },
        "reactions": rollup(world, "pulls/comments", comment.id, own),
        "start_line": comment.start_line if comment.line is not None else None,
        "original_start_line": comment.start_line,
        "start_side": comment.start_side,
        "line": comment.line,
        "original_line": comment.original_line,
        "side": comment.side,
        "position": comment.position if comment.line is not None else None,
        "original_position": comment.position or 1,
        "subject_type": comment.subject_type,
    }
    return shown | ({} if comment.in_reply_to_id is None else {"in_reply_to_id": comment.in_reply_to_id})


def place_comment(
    world: World, pull: Pull, commit_id: str, wanted: dict[str, Any], user: User, review_id: int
) -> ReviewComment:
    """Check a comment against the diff and make it; RefusedError when the diff has no such line."""
    path, body = wanted.get("path"), wanted.get("body")
    files = {file.path: file for file in pull.repository.git.diff(pull.base_sha, commit_id)}
    if path not in files:
        raise RefusedError("path", "Path could not be resolved")
    if not isinstance(body, str) or not body.strip():
        raise RefusedError("body", "Body can't be blank")
    if len(body) > BODY_MAX:
        raise RefusedError("body", f"Body {TOO_LONG}")
    now, subject = world.clock(), wanted.get("subject_type") or "line"
    comment = ReviewComment(
        world.next_id(), pull, review_id, user, body, str(path), commit_id, commit_id,
        wanted.get("side") or "RIGHT", None, None, None, None, None, "", str(subject), now, now,
    )  # fmt: skip
    if subject == "file":
        return comment
    return _on_line(comment, files[str(path)].patch, wanted)


def _on_line(comment: ReviewComment, patch_text: str | None, wanted: dict[str, Any]) -> ReviewComment:
    line, start_line = wanted.get("line"), wanted.get("start_line")
    start_side = wanted.get("start_side")
    if not isinstance(line, int):
        raise RefusedError("line", "Line could not be resolved")
    if comment.side not in _SIDES or (start_side is not None and start_side not in _SIDES):
        raise RefusedError("side", "Side is not included in the list")
    patch = read_patch(patch_text or "")
    problems = refusals(patch, line, comment.side, start_line, start_side)
    if problems:
        raise RefusedError("line" if "start" not in problems[0] else "start_line", problems[0])
    place = patch.side(comment.side)[line]
    comment.line = comment.original_line = line
    comment.start_line, comment.start_side = start_line, start_side or (comment.side if start_line else None)
    comment.position, comment.diff_hunk = place.row, patch.excerpt(place)
    return comment


def member_commit(pull: Pull, commit_id: str | None) -> str:
    """The commit a comment refers to: the head, or one that is still part of the pull request."""
    if commit_id is None or commit_id == pull.head_sha:
        return pull.head_sha
    if commit_id not in pull.repository.git.commits(pull.base_sha, pull.head_sha):
        raise RefusedError("end_commit_oid", "end_commit_oid is not part of the pull request")
    return commit_id


def outdate(world: World, pull: Pull, head: str) -> None:
    """After a push: comments follow files that stayed the same, the others lose their line."""
    git = pull.repository.git
    for comment in world.review_comments.values():
        if comment.pull is not pull or comment.line is None:
            continue
        before, after = git.entry(comment.commit_id, comment.path), git.entry(head, comment.path)
        if before is not None and after is not None and before.sha == after.sha:
            comment.commit_id = head
        else:
            comment.line = None


def _refuse(error: RefusedError) -> ApiError:
    field = f"pull_request_review_thread.{error.field}"
    return invalid("PullRequestReviewComment", field, "custom", str(error))


async def create_comment(call: Call) -> Answer:
    """POST pulls/{number}/comments: on a line, on a file (subject_type), or as a reply."""
    pull = call.pull
    if (reply := call.optional("in_reply_to", int)) is not None:
        return _reply(call, reply)
    call.required("body", str)
    call.required("path", str)
    commit_id = call.required("commit_id", str)
    subject = call.choice("subject_type", ("line", "file"))
    if subject != "file" and call.optional("line", int) is None:
        raise malformed('"line" wasn\'t supplied.')
    try:
        comment = place_comment(
            call.world, pull, member_commit(pull, commit_id), call.body, call.world.bot, call.world.next_id()
        )
    except RefusedError as error:
        raise _refuse(error) from None
    return _created(call, comment)


def _reply(call: Call, comment_id: int) -> Answer:
    first = call.world.review_comments.get(comment_id)
    body = call.required("body", str)
    if first is None or first.pull is not call.pull:
        raise not_found()
    if len(body) > BODY_MAX:
        raise _refuse(RefusedError("body", f"Body {TOO_LONG}"))
    if not body.strip():
        raise _refuse(RefusedError("body", "Body can't be blank"))
    return _created(call, reply_to(call.world, call.pull, first, call.world.bot, body))


def reply_to(world: World, pull: Pull, first: ReviewComment, user: User, body: str) -> ReviewComment:
    """A comment in the thread of `first`, not yet told to anybody."""
    if first.pull is not pull:
        raise ValueError(f"comment {first.id} belongs to another pull request")
    values = {name: getattr(first, name) for name in first.__dataclass_fields__}
    values |= {
        "id": world.next_id(),
        "user": user,
        "body": body,
        "in_reply_to_id": first.in_reply_to_id or first.id,
    }
    return ReviewComment(**values | dict.fromkeys(("created_at", "updated_at"), world.clock()))


async def create_reply(call: Call) -> Answer:
    """POST pulls/{number}/comments/{comment_id}/replies."""
    return _reply(call, call.number("comment_id"))


def _created(call: Call, comment: ReviewComment) -> Answer:
    publish(call.world, comment, call.world.bot)
    return Answer(comment_json(call.world, comment), 201)


def publish(world: World, comment: ReviewComment, sender: User) -> None:
    """Remember a comment and tell everybody."""
    world.review_comments[comment.id] = comment
    fields = {"comment": comment_json(world, comment), "pull_request": pull_simple_json(world, comment.pull)}
    world.emit("pull_request_review_comment", "created", comment.pull.repository, fields, sender)
    world.happened("pull_request_review_comment.created", comment)


async def list_comments(call: Call) -> Answer:
    """GET pulls/{number}/comments."""
    pull = call.pull
    comments = [one for one in call.world.review_comments.values() if one.pull is pull]
    return page(call, comments, lambda one: comment_json(call.world, one))


def _found(call: Call) -> ReviewComment:
    comment = call.world.review_comments.get(call.number("comment_id"))
    if comment is None or comment.pull.repository is not call.repository:
        raise not_found()
    return comment


async def get_comment(call: Call) -> Answer:
    """GET pulls/comments/{comment_id}."""
    return Answer(comment_json(call.world, _found(call)))


async def edit_comment(call: Call) -> Answer:
    """PATCH pulls/comments/{comment_id}: the author's own only."""
    comment, body = _found(call), call.required("body", str)
    _own(call, comment)
    if len(body) > BODY_MAX:
        raise _refuse(RefusedError("body", f"Body {TOO_LONG}"))
    comment.body, comment.updated_at = body, call.world.clock()
    return Answer(comment_json(call.world, comment))


async def delete_comment(call: Call) -> Answer:
    """DELETE pulls/comments/{comment_id}: the author's own only."""
    comment = _found(call)
    _own(call, comment)
    del call.world.review_comments[comment.id]
    return Answer(status=204)


def _own(call: Call, comment: ReviewComment) -> None:
    if comment.user is not call.world.bot:
        raise ApiError(403, "Resource not accessible by integration")


_PULLS = "/repos/{owner}/{repo}/pulls"
_READ = (("pull_requests", "read"),)
_WRITE = (("pull_requests", "write"),)
_MODEL = "PullRequestReviewComment"
ROUTES = (
    Endpoint("GET", _PULLS + "/{number}/comments", list_comments, f"[{_MODEL}]", _READ),
    Endpoint("POST", _PULLS + "/{number}/comments", create_comment, _MODEL, _WRITE, content=True),
    Endpoint(
        "POST", _PULLS + "/{number}/comments/{comment_id}/replies", create_reply, _MODEL, _WRITE, content=True
    ),
    Endpoint("GET", _PULLS + "/comments/{comment_id}", get_comment, _MODEL, _READ),
    Endpoint("PATCH", _PULLS + "/comments/{comment_id}", edit_comment, _MODEL, _WRITE, content=True),
    Endpoint("DELETE", _PULLS + "/comments/{comment_id}", delete_comment, "", _WRITE),
)
