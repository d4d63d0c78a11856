"""What people said at our comments, as GitHub lists it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.github import Fault
from tests.workers.experts.changes import finding
from tests.workers.github.octo import NAME, Octo
from workers.domain.outcome import Heard
from workers.github.markdown import inline
from workers.github.markers import finding_marker
from workers.github.outcomes import read_heard, suggestion_in
from workers.github.render.rendering import Rendering
from workers.github.reviews import find_review_comment, post_review
from workers.github.sanitise import Sanitiser
from workers.github.values import InlineComment

MARK, OTHER = "0" * 16, "f" * 16


async def said(octo: Octo, mark: str = MARK, body: str = "why") -> int:
    """The id of a comment of ours on a finding."""
    marker = finding_marker(mark)
    comment = InlineComment("app.py", 10, f"{body}\n\n{marker}", mark)
    await post_review(octo.client, NAME, 1, octo.sha, "one", [comment])
    posted = await find_review_comment(octo.client, NAME, 1, marker, octo.bot_id)
    assert posted is not None
    return posted.id


async def heard(octo: Octo, *marks: str) -> list[Heard]:
    return sorted(
        await read_heard(octo.client, NAME, 1, octo.bot_id, marks or (MARK,)), key=lambda one: one.comment_id
    )


async def test_signs_of_people_are_heard_and_nobody_elses(octo: Octo) -> None:
    """Not ours, not a bot's, no other reaction; words without what they quote, the last ones, and no command."""
    github, first = octo.github, await said(octo, body="```suggestion\nline 10\n```")
    for who, content in (("mona", "-1"), ("hubot", "+1"), ("mona", "eyes"), ("ci[bot]", "+1")):
        github.react(first, content, who)
    for who, body in (("mona", "hm"), ("hubot", "> why\n\nIt is\nintended."), ("ci[bot]", "built")):
        github.comment_on_review(octo.pull, who, body, in_reply_to=first)
    github.comment_on_review(octo.pull, "mona", "/quorum help", in_reply_to=first)
    [one] = await heard(octo)
    assert [(vote.login, vote.up) for vote in one.votes] == [("mona", False), ("hubot", True)]
    assert (one.comment_id, one.words, one.suggestion) == (first, "It is intended.", "line 10")


async def test_only_our_own_comments_on_what_is_wanted_count(octo: Octo) -> None:
    """Anybody can paste a marker; reactions are asked for only where there are some."""
    first = await said(octo)
    await said(octo, OTHER)
    pasted = octo.github.comment_on_review(octo.pull, "mona", finding_marker(MARK), path="app.py", line=10)
    octo.github.react(pasted, "-1", "hubot")
    before = len(octo.github.requests)
    assert [one.comment_id for one in await heard(octo)] == [first]
    assert len(octo.github.requests) == before + 1


async def test_a_comment_that_is_deleted_meanwhile_has_no_reactions(octo: Octo) -> None:
    octo.github.react(await said(octo), "+1", "mona")
    octo.github.faults.add(Fault(("GET", ".*/reactions"), "status", status=404))
    assert [one.votes for one in await heard(octo)] == [()]


@pytest.mark.parametrize(
    ("body", "suggested"),
    [
        ("words", None),
        ("a\n```suggestion\n  b\n\n  c\n```\nd", "  b\n\n  c"),
        ("````suggestion\n```\nb\n```\n````", "```\nb\n```"),
        ("````text\n```suggestion\nno\n```\n````\n```suggestion\nyes\n```", "yes"),
        ("```suggestion\nnever closed", None),
        ("```suggestion\n```", ""),
    ],
)
def test_the_suggested_lines_are_those_that_github_commits(body: str, suggested: str | None) -> None:
    assert suggestion_in(body) == suggested


def test_what_our_comments_suggest_is_read_back() -> None:
    suggested = "    x = 1\n    y = '```'"
    told = replace(finding(suggestion=suggested), fingerprint=MARK)
    assert suggestion_in(inline(told, Rendering(Sanitiser("https://github.com/octo/shop")))) == suggested
