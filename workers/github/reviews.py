"""One review a run: posted whole, never blindly twice, and never on a head that has moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import structlog

from workers.domain.errors import SupersededError
from workers.github.authored import find_authored, posted
from workers.github.errors import UnprocessableError
from workers.github.pull_requests import read_head
from workers.github.rest import RestClient
from workers.github.values import FileComment, InlineComment, Posted

log = structlog.get_logger(__name__)

BODY_MAX_BYTES = 60_000
COMMENT, REQUEST_CHANGES = "COMMENT", "REQUEST_CHANGES"
"""The events of a review. Never APPROVE: an App's approval can satisfy a branch's protection."""


async def post_review(
    client: RestClient,
    full_name: str,
    number: int,
    head_sha: str,
    body: str,
    comments: Sequence[InlineComment],
    *,
    event: str = COMMENT,
) -> Posted:
    """Post one review with `comments` that `place` has let through.

    Raises SupersededError when the head is no longer `head_sha`. If GitHub refuses the comments although the head
    stands, the review is posted without them, each one a link in its body. A lost answer is UnknownOutcomeError.
    """
    await _check_head(client, full_name, number, head_sha)
    try:
        return await _create(client, full_name, number, review_payload(head_sha, body, comments, event))
    except UnprocessableError as error:
        await _check_head(client, full_name, number, head_sha)
        if not comments:
            raise
        anchors = [f"{comment.path}:{comment.line}" for comment in comments]
        log.warning(
            "github.review_refused", pull=f"{full_name}#{number}", errors=error.errors, anchors=anchors
        )
    linked = with_links(body, comments, f"{client.web_url}/{full_name}/blob/{head_sha}")
    return await _create(client, full_name, number, review_payload(head_sha, linked, (), event))


async def find_review(
    client: RestClient, full_name: str, number: int, marker: str, bot_id: int
) -> Posted | None:
    """Our review whose body holds `marker`. Anybody can paste a marker: only the bot's own text counts."""
    return await find_authored(client, f"/repos/{full_name}/pulls/{number}/reviews", marker, bot_id)


async def post_file_comment(
    client: RestClient, full_name: str, number: int, head_sha: str, comment: FileComment
) -> Posted:
    """Comment on a changed file as a whole; create-review has no such thing.

    Raises SupersededError when it is refused and the head is no longer `head_sha`.
    """
    body = {"commit_id": head_sha, "path": comment.path, "body": comment.body, "subject_type": "file"}
    try:
        return posted(await client.post(f"/repos/{full_name}/pulls/{number}/comments", body))
    except UnprocessableError:
        await _check_head(client, full_name, number, head_sha)
        raise


async def find_review_comment(
    client: RestClient, full_name: str, number: int, marker: str, bot_id: int
) -> Posted | None:
    """Our inline or file comment whose body holds `marker`."""
    return await find_authored(client, f"/repos/{full_name}/pulls/{number}/comments", marker, bot_id)


def review_payload(
    head_sha: str, body: str, comments: Sequence[InlineComment], event: str = COMMENT
) -> dict[str, Any]:
    """The body of create-review. Without `event` GitHub would keep the review pending, which blocks the next one."""
    return {
        "commit_id": head_sha,
        "event": event,
        "body": body,
        "comments": [comment_payload(comment) for comment in comments],
    }


def comment_payload(comment: InlineComment) -> dict[str, Any]:
    """One comment of create-review; sides are always said, `start_line` only when it is before `line`."""
    payload: dict[str, Any] = {
        "path": comment.path,
        "line": comment.line,
        "side": comment.side,
        "body": comment.body,
    }
    if comment.start_line is not None and comment.start_line < comment.line:
        payload |= {"start_line": comment.start_line, "start_side": comment.side}
    return payload


def with_links(body: str, comments: Sequence[InlineComment], blob_url: str) -> str:
    """`body` and a list of links to the comments' lines, as many as GitHub's limit lets in."""
    text = f"{body}\n\nGitHub did not take these comments inline:\n"
    for comment in comments:
        url = f"{blob_url}/{quote(comment.path)}#L{comment.start_line or comment.line}-L{comment.line}"
        entry = f"\n- [{quote(comment.path)}:{comment.line}]({url}) {_headline(comment.body)}"
        if len((text + entry).encode()) > BODY_MAX_BYTES:
            return f"{text}\n- … and more; the check run lists all."
        text += entry
    return text


def _headline(body: str) -> str:
    lines = (line.strip() for line in body.split("\n"))
    return next((line for line in lines if line and not line.startswith("<!--")), "")


async def _check_head(client: RestClient, full_name: str, number: int, head_sha: str) -> None:
    present = await read_head(client, full_name, number)
    if present != head_sha:
        raise SupersededError(f"{full_name}#{number}: the head moved from {head_sha[:12]} to {present[:12]}.")


async def _create(client: RestClient, full_name: str, number: int, payload: dict[str, Any]) -> Posted:
    return posted(await client.post(f"/repos/{full_name}/pulls/{number}/reviews", payload))
