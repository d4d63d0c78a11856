"""The route table: every endpoint of the fake, one resource a module."""

from __future__ import annotations

from tests.fakes.github import (
    apps,
    checks,
    commits,
    comparing,
    contents,
    git_data,
    graphql,
    hooks,
    issue_comments,
    issues,
    labels,
    people,
    pulls,
    reactions,
    repositories,
    review_comments,
    reviews,
    scanning,
)
from tests.fakes.github.call import Endpoint
from tests.fakes.github.webhooks import Sender


def all_routes(sender: Sender) -> tuple[Endpoint, ...]:
    """Every endpoint; within a resource the more specific path stands first."""
    return (
        *apps.ROUTES,
        *hooks.routes(sender),
        *people.ROUTES,
        *repositories.ROUTES,
        *review_comments.ROUTES,
        *reviews.ROUTES,
        *pulls.ROUTES,
        *issue_comments.ROUTES,
        *issues.ROUTES,
        *labels.ROUTES,
        *scanning.ROUTES,
        *reactions.ROUTES,
        *checks.ROUTES,
        *contents.ROUTES,
        *git_data.ROUTES,
        *comparing.ROUTES,
        *commits.ROUTES,
        *graphql.ROUTES,
    )
