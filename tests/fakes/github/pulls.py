"""Pull requests, their files and commits."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from tests.fakes.github.call import Answer, Call, Endpoint, page, window
from tests.fakes.github.commits import commit_json
from tests.fakes.github.diff import DiffFile
from tests.fakes.github.errors import ApiError, invalid
from tests.fakes.github.people import association, user_json
from tests.fakes.github.repositories import repository_json, repository_url
from tests.fakes.github.values import Pull, Repository
from tests.fakes.github.world import World

FILES_MAX = 3000
COMMITS_MAX = 250
PAGE_MAX_LINES = 20_000
DIFF_MAX_FILES = 300
BODY_MAX_CHARS = 65_536
_READ = (("pull_requests", "read"),)
_WRITE = (("pull_requests", "write"),)


def pull_url(world: World, pull: Pull) -> str:
    """The pull request's own URL in the API."""
    return f"{repository_url(world, pull.repository)}/pulls/{pull.number}"


def html_url(pull: Pull) -> str:
    """The page of the pull request."""
    return f"https://github.com/{pull.repository.full_name}/pull/{pull.number}"


def pull_simple_json(world: World, pull: Pull, head_sha: str | None = None) -> dict[str, Any]:
    """A pull request in a list or a webhook."""
    sha = head_sha or pull.head_sha
    links = _links(world, pull, sha)
    urls = {f"{name}_url": link for name, link in links.items() if name not in ("self", "html")}
    return {
        "url": links["self"],
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "html_url": links["html"],
        "diff_url": f"{links['html']}.diff",
        "patch_url": f"{links['html']}.patch",
        **urls,
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "user": user_json(world, pull.author),
        "body": pull.body or None,
        "labels": [_label(pull, name) for name in pull.labels],
        "milestone": None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "created_at": world.time(pull.created_at),
        "updated_at": world.time(pull.updated_at),
        "closed_at": world.time(pull.closed_at),
        "merged_at": world.time(pull.closed_at) if pull.merged else None,
        "merge_commit_sha": None,
        "draft": pull.draft,
        "head": _side(world, pull.head_repository, pull.head_ref, sha),
        "base": _side(world, pull.repository, pull.base_ref, pull.base_sha),
        "_links": {name: {"href": link} for name, link in links.items()},
        "author_association": association(pull.repository, pull.author),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def pull_json(world: World, pull: Pull, head_sha: str | None = None) -> dict[str, Any]:
    """A pull request on its own: with counts."""
    sha = head_sha or pull.head_sha
    files = pull.repository.git.diff(pull.base_sha, sha)
    return pull_simple_json(world, pull, sha) | {
        "merged": pull.merged,
        "mergeable": True,
        "rebaseable": True,
        "mergeable_state": "clean",
        "merged_by": None,
        "comments": sum(one.pull is pull for one in world.issue_comments.values()),
        "review_comments": sum(one.pull is pull for one in world.review_comments.values()),
        "maintainer_can_modify": False,
        "commits": len(pull.repository.git.commits(pull.base_sha, sha)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def _links(world: World, pull: Pull, sha: str) -> dict[str, str]:
    url, repository = pull_url(world, pull), repository_url(world, pull.repository)
    return {
        "self": url,
        "html": html_url(pull),
        "issue": f"{repository}/issues/{pull.number}",
        "comments": f"{repository}/issues/{pull.number}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{repository}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{repository}/statuses/{sha}",
    }


def _label(pull: Pull, name: str) -> dict[str, Any]:
    number = pull.id * 100 + pull.labels.index(name)
    url = f"https://api.github.com/repos/{pull.repository.full_name}/labels/{quote(name)}"
    fixed = {
        "color": "ededed",
        "default": False,
        "description": None,
        "archived_at": None,
        "archived_by": None,
    }
    return {"id": number, "node_id": f"LA_{number}", "url": url, "name": name, **fixed}


def _side(world: World, repository: Repository | None, ref: str, sha: str) -> dict[str, Any]:
    if repository is None:  # the fork is gone
        return {"label": f"unknown repository:{ref}", "ref": ref, "sha": sha, "user": None, "repo": None}
    return {
        "label": f"{repository.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user_json(world, repository.owner),
        "repo": repository_json(world, repository),
    }


def minimal_json(world: World, pull: Pull) -> dict[str, Any]:
    """A pull request inside a check run."""

    def side(repository: Repository, ref: str, sha: str) -> dict[str, Any]:
        shown = {"id": repository.id, "url": repository_url(world, repository), "name": repository.name}
        return {"ref": ref, "sha": sha, "repo": shown}

    head = side(pull.head_repository or pull.repository, pull.head_ref, pull.head_sha)
    base = side(pull.repository, pull.base_ref, pull.base_sha)
    return {"url": pull_url(world, pull), "id": pull.id, "number": pull.number, "head": head, "base": base}


def _seen_head(call: Call) -> str:
    pull = call.pull
    return pull.previous_head if call.stale and pull.previous_head else pull.head_sha


async def list_pulls(call: Call) -> Answer:
    """GET pulls, with the filters state, head and base."""
    state, head, base = (call.query.get(name, "") for name in ("state", "head", "base"))
    pulls = [pull for pull in call.world.pulls.values() if pull.repository is call.repository]
    if state != "all":
        pulls = [pull for pull in pulls if pull.state == (state or "open")]
    if head:
        pulls = [
            pull
            for pull in pulls
            if f"{(pull.head_repository or pull.repository).owner.login}:{pull.head_ref}" == head
        ]
    if base:
        pulls = [pull for pull in pulls if pull.base_ref == base]
    return page(call, pulls[::-1], lambda pull: pull_simple_json(call.world, pull))


async def get_pull(call: Call) -> Answer:
    """GET pulls/{number}, or its diff where the media type asks for it."""
    pull, sha = call.pull, _seen_head(call)
    if "diff" in call.request.headers.get("accept", ""):
        return await _diff(pull, sha)
    await asyncio.to_thread(_ask_git, pull, sha)
    return Answer(pull_json(call.world, pull, sha))


def _ask_git(pull: Pull, sha: str) -> None:
    """What it says is kept: the world, which changes meanwhile, is looked at in its own thread alone."""
    git = pull.repository.git
    git.diff(pull.base_sha, sha)
    git.commits(pull.base_sha, sha)


async def _diff(pull: Pull, sha: str) -> Answer:
    git = pull.repository.git
    files = await asyncio.to_thread(git.diff, pull.base_sha, sha)
    lines = sum(file.additions + file.deletions for file in files)
    if len(files) > DIFF_MAX_FILES or lines > PAGE_MAX_LINES:
        message = f"Sorry, the diff exceeded the maximum number of files ({DIFF_MAX_FILES})."
        raise ApiError(
            406, message, errors=[{"resource": "PullRequest", "field": "diff", "code": "too_large"}]
        )
    start = git.merge_base(pull.base_sha, sha)
    text = git.run("diff", "--no-ext-diff", "--find-renames", start, sha)
    return Answer(text, headers={"content-type": "application/vnd.github.diff; charset=utf-8"})


async def edit_pull(call: Call) -> Answer:
    """PATCH pulls/{number}: title, body, state. A body that is too long is dropped, and nothing is said of it."""
    pull, world = call.pull, call.world
    before = {"title": pull.title, "body": pull.body}
    pull.title = call.optional("title", str) or pull.title
    body = call.optional("body", str)
    pull.body = pull.body if body is None or len(body) > BODY_MAX_CHARS else body
    pull.state = call.choice("state", ("open", "closed")) or pull.state
    pull.updated_at = world.clock()
    after = {"title": pull.title, "body": pull.body}
    if changes := {name: {"from": before[name]} for name in before if before[name] != after[name]}:
        fields = {"number": pull.number, "pull_request": pull_json(world, pull), "changes": changes}
        world.emit("pull_request", "edited", pull.repository, fields, world.bot)
        world.happened("pull_request.edited", pull)
    return Answer(pull_json(world, pull))


async def create_pull(call: Call) -> Answer:
    """POST pulls: one open pull request for a branch and base."""
    world, repository = call.world, call.repository
    head, base = call.required("head", str).split(":")[-1], call.required("base", str)
    head_sha, base_sha = repository.git.resolve(head), repository.git.resolve(base)
    if head_sha is None or base_sha is None:
        raise invalid("PullRequest", "base" if base_sha is None else "head")
    if any(_joins(pull, repository, head, base) for pull in world.pulls.values()):
        raise invalid(
            "PullRequest", "", "custom", f"A pull request already exists for {repository.owner.login}:{head}."
        )
    if not repository.git.commits(base_sha, head_sha):
        raise invalid("PullRequest", "", "custom", f"No commits between {base} and {head}")
    repository.numbers += 1
    now, title = world.clock(), call.required("title", str)
    body = call.optional("body", str) or ""
    pull = Pull(
        world.next_id(), repository.numbers, repository, repository, head, head_sha, base, base_sha, title, body,
        world.bot, now, now, draft=bool(call.body.get("draft")),
    )  # fmt: skip
    world.pulls[repository.id, pull.number] = pull
    shown = pull_json(world, pull)
    world.emit(
        "pull_request", "opened", repository, {"number": pull.number, "pull_request": shown}, world.bot
    )
    world.happened("pull_request.opened", pull)
    return Answer(shown, 201)


def _joins(pull: Pull, repository: Repository, head: str, base: str) -> bool:
    same = pull.repository is repository and (pull.head_ref, pull.base_ref) == (head, base)
    return same and pull.state == "open"


async def list_files(call: Call) -> Answer:
    """GET pulls/{number}/files: at most 3,000; late rows of a page with too many lines lose patch and counts."""
    pull, sha = call.pull, _seen_head(call)
    files = await asyncio.to_thread(pull.repository.git.diff, pull.base_sha, sha)
    rows, headers = window(call, files[:FILES_MAX])
    lines, shown = 0, []
    for file in rows:
        shown.append(_file_json(call.world, pull.repository, sha, file, emptied=lines >= PAGE_MAX_LINES))
        lines += file.patch_lines
    return Answer(shown, headers=headers)


def _file_json(
    world: World, repository: Repository, sha: str, file: DiffFile, *, emptied: bool
) -> dict[str, Any]:
    path = quote(file.path)
    html = f"https://github.com/{repository.full_name}"
    row: dict[str, Any] = {
        "sha": file.sha,
        "filename": file.path,
        "status": file.status,
        "additions": 0 if emptied else file.additions,
        "deletions": 0 if emptied else file.deletions,
        "changes": 0 if emptied else file.additions + file.deletions,
        "blob_url": None if file.submodule else f"{html}/blob/{sha}/{quote(file.path, safe='')}",
        "raw_url": None if file.submodule else f"{html}/raw/{sha}/{quote(file.path, safe='')}",
        "contents_url": f"{repository_url(world, repository)}/contents/{path}?ref={sha}",
    }
    if file.patch is not None and not emptied:
        row["patch"] = file.patch
    if file.previous is not None:
        row["previous_filename"] = file.previous
    return row


async def list_commits(call: Call) -> Answer:
    """GET pulls/{number}/commits: at most 250, oldest first."""
    pull, git = call.pull, call.repository.git
    commits = git.commits(pull.base_sha, _seen_head(call))[:COMMITS_MAX]
    return page(call, commits, lambda sha: commit_json(call.world, call.repository, git.commit_info(sha)))


_PULLS = "/repos/{owner}/{repo}/pulls"
ROUTES = (
    Endpoint("GET", _PULLS, list_pulls, "[PullRequestSimple]", _READ),
    Endpoint("POST", _PULLS, create_pull, "PullRequest", _WRITE, content=True),
    Endpoint("GET", _PULLS + "/{number}", get_pull, "PullRequest", _READ),
    Endpoint("PATCH", _PULLS + "/{number}", edit_pull, "PullRequest", _WRITE),
    Endpoint("GET", _PULLS + "/{number}/files", list_files, "[DiffEntry]", _READ),
    Endpoint("GET", _PULLS + "/{number}/commits", list_commits, "[Commit]", _READ),
)
