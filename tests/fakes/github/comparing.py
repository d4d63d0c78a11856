"""Two commits compared, and what a branch that moves brings with it: webhooks, and pull requests that follow."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint, window
from tests.fakes.github.commits import commit_json
from tests.fakes.github.errors import ApiError, not_found
from tests.fakes.github.pulls import pull_json
from tests.fakes.github.pushes import push_fields
from tests.fakes.github.review_comments import outdate
from tests.fakes.github.values import Repository, User
from tests.fakes.github.world import World

HEADS = "refs/heads/"


async def compare(call: Call) -> Answer:
    """GET compare/{base}...{head}: from where both parted; the files are left out here."""
    git = call.repository.git
    first, dots, second = call.params["basehead"].partition("...")
    base, head = git.resolve(first), git.resolve(second)
    if not dots or base is None or head is None:
        raise not_found()
    start, ahead, behind = git.merge_base(base, head), git.commits(base, head), git.commits(head, base)
    if git.merge_base(head, base) != start or not git.text("merge-base", base, head):
        raise ApiError(404, "No common ancestor between the commits.")
    rows, headers = window(call, ahead)
    return Answer(_comparison(call, base, start, rows, len(ahead), len(behind)), headers=headers)


def _comparison(call: Call, base: str, start: str, rows: Any, ahead: int, behind: int) -> dict[str, Any]:
    world, repository = call.world, call.repository

    def shown(sha: str) -> dict[str, Any]:
        return commit_json(world, repository, repository.git.commit_info(sha))

    html = f"https://github.com/{repository.full_name}/compare/{call.params['basehead']}"
    status = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
    return {
        "url": f"{world.url}{call.request.url.path}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": shown(base),
        "merge_base_commit": shown(start),
        "status": status.get((ahead > 0, behind > 0), "identical"),
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [shown(sha) for sha in rows],
        "files": [],
    }


def moved(
    world: World, repository: Repository, ref: str, before: str | None, after: str | None, by: User
) -> None:
    """Tell everybody that a branch was made, moved or deleted; open pull requests from it follow, or are closed."""
    if not ref.startswith(HEADS):
        return
    branch = ref.removeprefix(HEADS)
    if after is not None:
        world.emit("push", "", repository, push_fields(world, repository, branch, before, after, by), by)
    for pull in list(world.pulls.values()):
        if pull.head_repository is not repository or pull.head_ref != branch or pull.state != "open":
            continue
        if after is None:
            pull.state, pull.closed_at, pull.closed_by = "closed", world.clock(), by
            action, extra = "closed", {}
        else:
            pull.previous_head, pull.head_sha, pull.updated_at = pull.head_sha, after, world.clock()
            repository.git.set_refs({f"refs/pull/{pull.number}/head": after})
            outdate(world, pull, after)
            action, extra = "synchronize", {"before": pull.previous_head, "after": after}
        shown = {"number": pull.number, "pull_request": pull_json(world, pull)}
        world.emit("pull_request", action, repository, shown | extra, by)
        world.happened(f"pull_request.{action}", pull)


ROUTES = (
    Endpoint(
        "GET",
        "/repos/{owner}/{repo}/compare/{basehead:path}",
        compare,
        "CommitComparison",
        (("contents", "read"),),
    ),
)
