"""Commits as the API shows them, with and without their place in a repository."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import ApiError
from tests.fakes.github.git import CommitInfo
from tests.fakes.github.repositories import repository_url
from tests.fakes.github.values import Repository
from tests.fakes.github.world import World

_UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def _person(world: World, who: tuple[str, str, float]) -> dict[str, Any]:
    return {"name": who[0], "email": who[1], "date": world.time(who[2])}


def commit_json(world: World, repository: Repository, info: CommitInfo) -> dict[str, Any]:
    """A commit of a pull request or of a branch."""
    url, html = repository_url(world, repository), f"https://github.com/{repository.full_name}/commit"
    return {
        "sha": info.sha,
        "node_id": f"C_{info.sha[:12]}",
        "commit": {
            "author": _person(world, info.author),
            "committer": _person(world, info.committer),
            "message": info.message,
            "tree": {"sha": info.tree, "url": f"{url}/git/trees/{info.tree}"},
            "url": f"{url}/git/commits/{info.sha}",
            "comment_count": 0,
            "verification": _UNSIGNED,
        },
        "url": f"{url}/commits/{info.sha}",
        "html_url": f"{html}/{info.sha}",
        "comments_url": f"{url}/commits/{info.sha}/comments",
        "author": None,
        "committer": None,
        "parents": [_parent(f"{url}/commits", html, sha) for sha in info.parents],
    }


def git_commit_json(world: World, repository: Repository, info: CommitInfo) -> dict[str, Any]:
    """A commit of the Git Data API."""
    url, html = repository_url(world, repository), f"https://github.com/{repository.full_name}/commit"
    return {
        "sha": info.sha,
        "node_id": f"C_{info.sha[:12]}",
        "url": f"{url}/git/commits/{info.sha}",
        "html_url": f"{html}/{info.sha}",
        "author": _person(world, info.author),
        "committer": _person(world, info.committer),
        "tree": {"sha": info.tree, "url": f"{url}/git/trees/{info.tree}"},
        "message": info.message,
        "parents": [_parent(f"{url}/git/commits", html, sha) for sha in info.parents],
        "verification": _UNSIGNED,
    }


def _parent(url: str, html: str, sha: str) -> dict[str, str]:
    return {"sha": sha, "url": f"{url}/{sha}", "html_url": f"{html}/{sha}"}


async def get_commit(call: Call) -> Answer:
    """GET commits/{ref}."""
    sha = call.repository.git.resolve(call.params["ref"])
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.params['ref']}")
    return Answer(commit_json(call.world, call.repository, call.repository.git.commit_info(sha)))


ROUTES = (
    Endpoint(
        "GET", "/repos/{owner}/{repo}/commits/{ref:path}", get_commit, "Commit", (("contents", "read"),)
    ),
)
