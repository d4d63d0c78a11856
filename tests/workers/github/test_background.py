"""Which issues a text closes, in GitHub's words and within bounds."""

from __future__ import annotations

import pytest

from tests.workers.github.octo import NAME, Octo
from workers.domain.change import LinkedIssue
from workers.github.background import BODY_MAX_CHARS, ISSUES_MAX, closing, read_issue, read_messages

WEB = "https://github.com"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Closes #12", (12,)),
        ("fixes: octo/SHOP#3, resolved #4.", (3, 4)),
        (f"FIXED {WEB}/octo/shop/issues/5)", (5,)),
        ("closes #7 and closes #7", (7,)),
        ("fix: closes #12", (12,)),
        ("see #12, #13", ()),
        ("fixes other/shop#3", ()),
        (f"fixes {WEB}/octo/shopping/issues/5", ()),
        ("discloses #1", ()),
        ("closes #12a", ()),
        ("closes #0", ()),
        ("closes #" + "9" * 30, ()),
        (" ".join(f"closes #{number}" for number in range(1, 40)), tuple(range(1, ISSUES_MAX + 1))),
    ],
)
def test_the_words_that_close_an_issue_of_this_repository(text: str, numbers: tuple[int, ...]) -> None:
    assert closing([text], NAME, WEB) == numbers


async def test_messages_of_commits_are_read_oldest_first(octo: Octo) -> None:
    messages = await read_messages(octo.client, await octo.read_pull())
    assert len(messages) == 1
    assert messages[0]


async def test_an_issue_is_read_at_its_limits_and_a_pull_request_is_none(octo: Octo) -> None:
    number = octo.github.open_issue(octo.repository, "Prices are wrong", "x" * 9_999).number
    issues = octo.issues()
    issue = LinkedIssue(number, "Prices are wrong", "x" * BODY_MAX_CHARS)
    assert await read_issue(issues, NAME, number) == issue
    assert await read_issue(issues, NAME, octo.pull.number) is None
