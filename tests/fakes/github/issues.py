"""Issues: those that are nothing else, and those that are pull requests as well."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import not_found
from tests.fakes.github.issue_comments import issue_json as pull_issue_json
from tests.fakes.github.people import association, user_json
from tests.fakes.github.reactions import rollup
from tests.fakes.github.repositories import repository_url
from tests.fakes.github.tokens import require
from tests.fakes.github.values import Issue
from tests.fakes.github.world import World


def issue_json(world: World, issue: Issue) -> dict[str, Any]:
    """An issue."""
    repository = issue.repository
    url = f"{repository_url(world, repository)}/issues/{issue.number}"
    links = {f"{name}_url": f"{url}/{name}" for name in ("comments", "events", "timeline")}
    return {
        "id": issue.id,
        "node_id": f"I_{issue.id}",
        "url": url,
        "repository_url": repository_url(world, repository),
        "html_url": f"https://github.com/{repository.full_name}/issues/{issue.number}",
        "labels_url": f"{url}/labels{{/name}}",
        **links,
        "number": issue.number,
        "state": issue.state,
        "state_reason": None,
        "title": issue.title,
        "body": issue.body or None,
        "user": user_json(world, issue.author),
        "labels": [],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": 0,
        "created_at": world.time(issue.created_at),
        "updated_at": world.time(issue.created_at),
        "closed_at": None,
        "author_association": association(repository, issue.author),
        "reactions": rollup(world, "issues", issue.id, url),
        "performed_via_github_app": None,
    }


async def get_issue(call: Call) -> Answer:
    """GET issues/{number}: of a pull request, whoever may read pull requests may read it too."""
    world, key = call.world, (call.repository.id, call.number("number"))
    if (pull := world.pulls.get(key)) is not None:
        closer = user_json(world, pull.closed_by) if pull.closed_by is not None else None
        return Answer(pull_issue_json(world, pull) | {"closed_by": closer})
    require(call.installation_token, (("issues", "read"),))
    if (issue := world.issues.get(key)) is None:
        raise not_found()
    return Answer(issue_json(world, issue))


ROUTES = (
    Endpoint(
        "GET",
        "/repos/{owner}/{repo}/issues/{number}",
        get_issue,
        "Issue",
        (("issues", "read"), ("pull_requests", "read")),
    ),
)
