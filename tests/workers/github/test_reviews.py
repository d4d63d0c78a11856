"""One review a run, whole, on the head that was read, and never twice."""

from __future__ import annotations

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo
from workers.domain.errors import SupersededError
from workers.github.errors import UnknownOutcomeError, UnprocessableError
from workers.github.placement import place
from workers.github.reviews import (
    comment_payload,
    find_review,
    find_review_comment,
    post_file_comment,
    post_review,
    with_links,
)
from workers.github.values import FileComment, InlineComment, Posted

MARKER = "<!-- quorum:v1 r=7:42:1:review.3 -->"
BODY = f"2 findings\n{MARKER}"


def comment(line: int, start_line: int | None = None, path: str = "app.py") -> InlineComment:
    return InlineComment(path, line, f"**Why line {line}**\n\nbecause", "f" * 16, start_line)


async def post(octo: Octo, *comments: InlineComment) -> Posted:
    return await post_review(octo.client, NAME, 1, octo.sha, BODY, comments)


async def test_a_review_is_one_post(octo: Octo) -> None:
    posted = await post(octo, comment(10), comment(31, 28), comment(2, path="new.py"))
    (review,) = octo.github.reviews(octo.pull)
    assert (review["id"], review["state"], review["body"]) == (posted.id, "COMMENTED", BODY)
    shown = [(one["path"], one["line"], one["start_line"]) for one in octo.github.review_comments(octo.pull)]
    assert shown == [("app.py", 10, None), ("app.py", 31, 28), ("new.py", 2, None)]
    assert octo.writes("/reviews") == 1


async def test_what_place_lets_through_github_takes(octo: Octo) -> None:
    wild = [comment(line, start) for line in range(1, 45, 3) for start in (None, line - 5, line + 9)]
    placement = place(wild, await octo.read_files(), inline_max=100)
    assert placement.inline
    await post(octo, *placement.inline)
    assert len(octo.github.review_comments(octo.pull)) == len(placement.inline)
    assert octo.writes("/reviews") == 1


async def test_a_head_that_moved_gets_no_review(octo: Octo) -> None:
    read = octo.sha
    octo.github.push(octo.pull, octo.source.commit({"new.py": "c = 3\n"}))
    with pytest.raises(SupersededError, match="head moved"):
        await post_review(octo.client, NAME, 1, read, BODY, [comment(10)])
    assert octo.github.reviews(octo.pull) == []


async def test_a_head_that_moves_while_posting_gets_no_review(octo: Octo) -> None:
    read = octo.sha
    octo.github.push(octo.pull, octo.source.amend({"new.py": "c = 3\n"}))
    octo.github.faults.add(Fault(("GET", "/repos/octo/shop/pulls/1$"), "stale_head"))
    with pytest.raises(SupersededError):
        await post_review(octo.client, NAME, 1, read, BODY, [comment(2, path="new.py")])
    assert octo.github.reviews(octo.pull) == []
    assert octo.writes("/reviews") == 1


async def test_refused_comments_become_links_in_the_body(octo: Octo) -> None:
    await post(octo, comment(10), comment(99))
    (review,) = octo.github.reviews(octo.pull)
    assert review["body"].startswith(BODY)
    assert f"/octo/shop/blob/{octo.sha}/app.py#L99-L99) **Why line 99**" in review["body"]
    assert f"/octo/shop/blob/{octo.sha}/app.py#L10-L10) **Why line 10**" in review["body"]
    assert octo.github.review_comments(octo.pull) == []


async def test_a_refusal_without_comments_is_an_error(octo: Octo) -> None:
    with pytest.raises(UnprocessableError, match="blank"):
        await post_review(octo.client, NAME, 1, octo.sha, " ", [])


async def test_a_502_after_the_post_is_not_sent_again_and_found(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/reviews"), "status_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await post(octo, comment(10))
    assert octo.writes("/reviews") == 1
    (review,) = octo.github.reviews(octo.pull)
    found = await find_review(octo.client, NAME, 1, MARKER, octo.bot_id)
    assert found is not None
    assert found.id == review["id"]


async def test_a_502_before_the_post_leaves_nothing_to_find(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/reviews"), "status"))
    with pytest.raises(UnknownOutcomeError):
        await post(octo)
    assert await find_review(octo.client, NAME, 1, MARKER, octo.bot_id) is None


async def test_our_marker_in_another_bots_review_is_not_ours(octo: Octo) -> None:
    await post(octo)
    assert await find_review(octo.client, NAME, 1, MARKER, octo.bot_id + 1) is None


async def test_a_comment_on_a_file_is_posted_and_found(octo: Octo) -> None:
    body = "about the picture\n<!-- quorum:v1 fp=0123456789abcdef -->"
    posted = await post_file_comment(
        octo.client, NAME, 1, octo.sha, FileComment("logo.png", body, "0123456789abcdef")
    )
    (shown,) = octo.github.review_comments(octo.pull)
    assert (shown["subject_type"], shown["path"]) == ("file", "logo.png")
    assert await find_review_comment(octo.client, NAME, 1, "fp=0123456789abcdef", octo.bot_id) == posted


def test_sides_are_always_said_and_equal_lines_are_one() -> None:
    assert comment_payload(comment(9, 7)).items() >= {
        "line": 9, "side": "RIGHT", "start_line": 7, "start_side": "RIGHT"
    }.items()  # fmt: skip
    assert "start_line" not in comment_payload(comment(9, 9))


def test_links_stay_within_the_body_limit() -> None:
    text = with_links("x" * 59_000, [comment(line) for line in range(100)], "https://github.com/o/r/blob/s")
    assert len(text.encode()) <= 60_100
    assert text.endswith("the check run lists all.")


def test_paths_in_links_are_quoted() -> None:
    text = with_links("b", [comment(1, path="a](http://evil) b.py")], "https://github.com/o/r/blob/s")
    assert "](http://evil)" not in text
    assert "blob/s/a%5D%28http%3A//evil%29%20b.py#L1-L1" in text
