"""Reviews: all comments stand in the diff, or nothing is posted."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint, page
from tests.fakes.github.errors import ApiError, malformed, not_found, unprocessable
from tests.fakes.github.people import association, user_json
from tests.fakes.github.pulls import html_url, pull_simple_json, pull_url
from tests.fakes.github.review_comments import (
    BODY_MAX,
    TOO_LONG,
    RefusedError,
    comment_json,
    member_commit,
    place_comment,
    publish,
)
from tests.fakes.github.values import Review, ReviewComment, User
from tests.fakes.github.world import World

_STATES = {"COMMENT": "COMMENTED", "APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED"}


def review_json(world: World, review: Review) -> dict[str, Any]:
    """A review."""
    pull, html = review.pull, f"{html_url(review.pull)}#pullrequestreview-{review.id}"
    shown: dict[str, Any] = {
        "id": review.id,
        "node_id": f"PRR_{review.id}",
        "user": user_json(world, review.user),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": pull_url(world, pull),
        "author_association": association(pull.repository, review.user),
        "_links": {"html": {"href": html}, "pull_request": {"href": pull_url(world, pull)}},
        "commit_id": review.commit_id,
    }
    return shown | ({"submitted_at": world.time(review.submitted_at)} if review.submitted_at else {})


async def create_review(call: Call) -> Answer:
    """POST pulls/{number}/reviews; without an event the review is pending, and only one may be."""
    world, pull = call.world, call.pull
    event = call.choice("event", tuple(_STATES))
    body = call.optional("body", str) or ""
    _check_body(event, body)
    _check_author(call, event)
    if _pending(call) is not None:
        raise unprocessable("User can only have one pending review per pull request")
    state = _STATES[event] if event else "PENDING"
    review = Review(world.next_id(), pull, world.bot, body, state, "", world.clock() if event else None)
    comments = _place_all(call, review)
    world.reviews[review.id] = review
    if event:
        _submitted(world, review, world.bot)
    for comment in comments:
        if event:
            publish(world, comment, world.bot)
        else:
            world.review_comments[comment.id] = comment
    return Answer(review_json(world, review))


def _check_body(event: str | None, body: str) -> None:
    if event in ("COMMENT", "REQUEST_CHANGES") and not body.strip():
        raise unprocessable("Body can't be blank")
    if len(body) > BODY_MAX:
        raise unprocessable(f"Body {TOO_LONG}")


def _check_author(call: Call, event: str | None) -> None:
    verbs = {"REQUEST_CHANGES": "request changes on", "APPROVE": "approve"}
    if event in verbs and call.pull.author is call.world.bot:
        raise unprocessable(f"Can not {verbs[event]} your own pull request")


def _pending(call: Call) -> Review | None:
    pull, bot = call.pull, call.world.bot
    reviews = call.world.reviews.values()
    return next(
        (one for one in reviews if one.pull is pull and one.user is bot and one.state == "PENDING"), None
    )


def _place_all(call: Call, review: Review) -> list[ReviewComment]:
    wanted = call.optional("comments", list) or []
    for one in wanted:
        _check_shape(one)
    problems, comments = [], []
    try:
        review.commit_id = member_commit(review.pull, call.optional("commit_id", str))
    except RefusedError as error:
        raise unprocessable(str(error)) from None
    for one in wanted:
        try:
            comments.append(
                place_comment(call.world, review.pull, review.commit_id, one, call.world.bot, review.id)
            )
        except RefusedError as error:
            problems.append(str(error))
    if problems:
        raise unprocessable(*dict.fromkeys(problems))
    return comments


def _check_shape(comment: Any) -> None:
    if not isinstance(comment, dict):
        raise malformed(f"For 'items', {comment!r} is not an object.")
    for name in ("path", "body"):
        if not isinstance(comment.get(name), str):
            raise malformed(f'"{name}" wasn\'t supplied.')
    if "subject_type" in comment:
        raise malformed('"subject_type" is not a permitted key.')
    if "line" not in comment:
        raise malformed('"line" wasn\'t supplied.')


def _submitted(world: World, review: Review, sender: User) -> None:
    fields = {"review": review_json(world, review), "pull_request": pull_simple_json(world, review.pull)}
    world.emit("pull_request_review", "submitted", review.pull.repository, fields, sender)
    world.happened("pull_request_review.submitted", review)


async def list_reviews(call: Call) -> Answer:
    """GET pulls/{number}/reviews, oldest first."""
    pull = call.pull
    reviews = [one for one in call.world.reviews.values() if one.pull is pull]
    return page(call, reviews, lambda one: review_json(call.world, one))


def _found(call: Call) -> Review:
    review = call.world.reviews.get(call.number("review_id"))
    if review is None or review.pull is not call.pull:
        raise not_found()
    return review


async def get_review(call: Call) -> Answer:
    """GET pulls/{number}/reviews/{review_id}."""
    return Answer(review_json(call.world, _found(call)))


async def list_review_comments(call: Call) -> Answer:
    """GET pulls/{number}/reviews/{review_id}/comments."""
    review = _found(call)
    comments = [one for one in call.world.review_comments.values() if one.review_id == review.id]
    return page(call, comments, lambda one: comment_json(call.world, one))


async def submit_review(call: Call) -> Answer:
    """POST pulls/{number}/reviews/{review_id}/events: submit the pending one."""
    review, event = _found(call), call.choice("event", tuple(_STATES)) or "COMMENT"
    if review.state != "PENDING":
        raise unprocessable("Can not submit a review that was submitted already")
    review.body = call.optional("body", str) or review.body
    _check_body(event, review.body)
    _check_author(call, event)
    review.state, review.submitted_at = _STATES[event], call.world.clock()
    _submitted(call.world, review, call.world.bot)
    return Answer(review_json(call.world, review))


async def delete_review(call: Call) -> Answer:
    """DELETE pulls/{number}/reviews/{review_id}: the pending one, with its comments."""
    review = _found(call)
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    shown = review_json(call.world, review)
    del call.world.reviews[review.id]
    for comment in [one for one in call.world.review_comments.values() if one.review_id == review.id]:
        del call.world.review_comments[comment.id]
    return Answer(shown)


async def edit_review(call: Call) -> Answer:
    """PUT pulls/{number}/reviews/{review_id}: a new body for the app's own review."""
    review, body = _found(call), call.required("body", str)
    if review.user is not call.world.bot:
        raise ApiError(403, "Resource not accessible by integration")
    _check_body("COMMENT", body)
    review.body = body
    return Answer(review_json(call.world, review))


async def dismiss_review(call: Call) -> Answer:
    """PUT pulls/{number}/reviews/{review_id}/dismissals: one that approves or requests changes, with a reason."""
    review, message = _found(call), call.required("message", str)
    call.choice("event", ("DISMISS",))
    if not message.strip():
        raise unprocessable("Message can't be blank")
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable(f"Can not dismiss a {review.state.lower()} pull request review")
    if call.repository.id in call.world.dismissals_restricted:
        raise ApiError(403, "Resource not accessible by integration")
    review.state = "DISMISSED"
    fields = {
        "review": review_json(call.world, review) | {"state": "dismissed"},  # webhooks write it small
        "pull_request": pull_simple_json(call.world, review.pull),
    }
    call.world.emit("pull_request_review", "dismissed", call.repository, fields, call.world.bot)
    call.world.happened("pull_request_review.dismissed", review)
    return Answer(review_json(call.world, review))


_REVIEWS = "/repos/{owner}/{repo}/pulls/{number}/reviews"
_READ = (("pull_requests", "read"),)
_WRITE = (("pull_requests", "write"),)
_MODEL = "PullRequestReview"
ROUTES = (
    Endpoint("GET", _REVIEWS, list_reviews, f"[{_MODEL}]", _READ),
    Endpoint("POST", _REVIEWS, create_review, _MODEL, _WRITE, content=True),
    Endpoint("GET", _REVIEWS + "/{review_id}", get_review, _MODEL, _READ),
    Endpoint("PUT", _REVIEWS + "/{review_id}", edit_review, _MODEL, _WRITE, content=True),
    Endpoint("DELETE", _REVIEWS + "/{review_id}", delete_review, _MODEL, _WRITE),
    Endpoint("GET", _REVIEWS + "/{review_id}/comments", list_review_comments, "[ReviewComment]", _READ),
    Endpoint("PUT", _REVIEWS + "/{review_id}/dismissals", dismiss_review, _MODEL, _WRITE),
    Endpoint("POST", _REVIEWS + "/{review_id}/events", submit_review, _MODEL, _WRITE, content=True),
)
