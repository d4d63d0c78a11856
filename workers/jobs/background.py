"""What a review reads of a pull request's purpose. None of it is needed: what can't be read is said, and missed."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from workers.analysis.redaction import strip_hidden
from workers.domain.change import LinkedIssue, PullRequest
from workers.domain.errors import RateLimitedError, TransientError, UserError
from workers.github.background import closing, read_issue, read_messages
from workers.github.client import InstallationClient
from workers.github.errors import NotFoundError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Background:
    """Messages and issues, and sentences about what could not be read."""

    commits: tuple[str, ...] = ()
    linked: tuple[LinkedIssue, ...] = ()
    notices: tuple[str, ...] = ()


async def read_background(
    client: InstallationClient, issues: InstallationClient, pull: PullRequest
) -> Background:
    """Commit messages, and the issues that they or the description close.

    `issues` may read issues and nothing else: an installation that grants no such right is reviewed all the same.
    Raises RateLimitedError, since what comes next would be refused too; every other failure is told.
    """
    commits, missed = await _messages(client, pull)
    texts = (strip_hidden(pull.body).text, *commits)
    linked: list[LinkedIssue] = []
    unread: list[int] = []
    for number in closing(texts, pull.full_name, client.web_url):
        if number != pull.number:
            try:
                issue = await read_issue(issues, pull.full_name, number)
            except NotFoundError:
                continue  # people mistype numbers
            except RateLimitedError:
                raise
            except (UserError, TransientError) as error:
                log.info("an issue could not be read", number=number, error=str(error))
                unread.append(number)
            else:
                linked += [issue] if issue else []
    return Background(commits, tuple(linked), (*missed, *_unread(unread)))


async def _messages(client: InstallationClient, pull: PullRequest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        return await read_messages(client, pull), ()
    except RateLimitedError:
        raise
    except (UserError, TransientError) as error:
        log.info("commit messages could not be read", error=str(error))
        return (), (
            "The messages of the commits could not be read: what the change is for is told without them.",
        )


def _unread(numbers: list[int]) -> tuple[str, ...]:
    if not numbers:
        return ()
    named = f"Issue{'s' if len(numbers) > 1 else ''} {' and '.join(map(str, numbers))}"
    return (f"{named}, which this closes, could not be read: what the change is for is told without.",)
