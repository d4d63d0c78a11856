"""Repositories as the API shows them."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint, window
from tests.fakes.github.people import user_json
from tests.fakes.github.values import Repository
from tests.fakes.github.world import World

_LINKS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "contributors": "/contributors",
    "deployments": "/deployments",
    "downloads": "/downloads",
    "events": "/events",
    "forks": "/forks",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "hooks": "/hooks",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "languages": "/languages",
    "merges": "/merges",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "stargazers": "/stargazers",
    "statuses": "/statuses/{sha}",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "tags": "/tags",
    "teams": "/teams",
    "trees": "/git/trees{/sha}",
}
_COUNTS = ("size", "stargazers_count", "watchers_count", "watchers", "forks_count", "forks")
_NEVER = ("has_projects", "has_pages", "has_discussions", "disabled", "is_template", "allow_auto_merge")
_ALWAYS = (
    "has_issues",
    "has_wiki",
    "has_downloads",
    "allow_forking",
    "allow_squash_merge",
    "allow_merge_commit",
)
_NOTHING = ("description", "homepage", "language", "mirror_url", "license")


def repository_url(world: World, repository: Repository) -> str:
    """The repository's own URL in the API."""
    return f"{world.url}/repos/{repository.full_name}"


def repository_json(world: World, repository: Repository) -> dict[str, Any]:
    """A repository inside another resource or a webhook."""
    url, html = repository_url(world, repository), f"https://github.com/{repository.full_name}"
    created = world.time(repository.created_at)
    return {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": user_json(world, repository.owner),
        "html_url": html,
        "fork": repository.parent is not None,
        "url": url,
        **{f"{name}_url": f"{url}{suffix}" for name, suffix in _LINKS.items()},
        "git_url": f"git://github.com/{repository.full_name}.git",
        "ssh_url": f"git@github.com:{repository.full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "created_at": created,
        "updated_at": created,
        "pushed_at": created,
        **dict.fromkeys(_COUNTS, 0),
        **dict.fromkeys(_NEVER, False),
        **dict.fromkeys(_ALWAYS, True),
        **dict.fromkeys(_NOTHING),
        "archived": repository.archived,
        "topics": [],
        "web_commit_signoff_required": False,
        "visibility": "private" if repository.private else "public",
        "open_issues_count": _open(world, repository),
        "open_issues": _open(world, repository),
        "default_branch": repository.default_branch,
        "custom_properties": {},
    }


def brief_json(world: World, repository: Repository) -> dict[str, Any]:
    """A repository in an installation event."""
    full = repository_json(world, repository)
    return {name: full[name] for name in ("id", "node_id", "name", "full_name", "private")}


def _open(world: World, repository: Repository) -> int:
    pulls = world.pulls.values()
    return sum(pull.repository is repository and pull.state == "open" for pull in pulls)


async def get_repository(call: Call) -> Answer:
    """GET /repos/{owner}/{repo} and /repositories/{id}."""
    shown = repository_json(call.world, call.repository)
    shown |= {"permissions": {"admin": False, "push": False, "pull": True}}
    return Answer(shown | {"subscribers_count": 0, "network_count": 0, "temp_clone_token": ""})


async def list_installation_repositories(call: Call) -> Answer:
    """GET /installation/repositories."""
    world, token = call.world, call.installation_token
    rows, headers = window(call, sorted(token.reaches))
    shown = [repository_json(world, world.repositories[one]) for one in rows]
    selection = "selected" if token.selected else "all"
    body = {
        "total_count": len(token.reaches),
        "repository_selection": selection,
        "repositories": shown,
    }
    return Answer(body, headers=headers)


ROUTES = (
    Endpoint("GET", "/repos/{owner}/{repo}", get_repository, "FullRepository"),
    Endpoint(
        "GET",
        "/installation/repositories",
        list_installation_repositories,
        "InstallationRepositoriesGetResponse200",
    ),
)
