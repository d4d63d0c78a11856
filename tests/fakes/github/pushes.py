"""The event of a push to a branch."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.repositories import repository_json
from tests.fakes.github.values import Repository, User
from tests.fakes.github.world import World

NOTHING = "0" * 40
COMMITS_MAX = 2048


def push_fields(
    world: World, repository: Repository, branch: str, before: str | None, after: str, pusher: User
) -> dict[str, Any]:
    """What a push says of itself; `before` is None for a new branch."""
    git, html = repository.git, f"https://github.com/{repository.full_name}"
    forced = before is not None and git.merge_base(before, after) != before
    shas = [] if before is None else git.commits(before, after)[:COMMITS_MAX]
    created = {"created_at": int(repository.created_at), "pushed_at": int(world.clock())}
    return {
        "ref": f"refs/heads/{branch}",
        "before": before or NOTHING,
        "after": after,
        "repository": repository_json(world, repository)
        | created
        | {"master_branch": repository.default_branch},
        "pusher": {"name": pusher.login, "email": f"{pusher.login}@users.noreply.github.com"},
        "created": before is None,
        "deleted": False,
        "forced": forced,
        "base_ref": None,
        "compare": f"{html}/compare/{(before or after)[:12]}...{after[:12]}",
        "commits": [_commit(world, html, repository, sha) for sha in shas],
        "head_commit": _commit(world, html, repository, after),
    }


def _commit(world: World, html: str, repository: Repository, sha: str) -> dict[str, Any]:
    info = repository.git.commit_info(sha)
    return {
        "id": info.sha,
        "tree_id": info.tree,
        "distinct": True,
        "message": info.message,
        "timestamp": world.time(info.committer[2]),
        "url": f"{html}/commit/{info.sha}",
        "author": {"name": info.author[0], "email": info.author[1]},
        "committer": {"name": info.committer[0], "email": info.committer[1]},
        **repository.git.touched(sha),
    }
