"""Full webhook payloads in GitHub's shape and size: every field that we don't read is there too."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from typing import Any

import orjson

APP_ID = 4711
INSTALLATION_ID = 1234567
REPO_ID = 35129377
SECRET = b"It's a Secret to Everybody"
HEAD_SHA = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
API = "https://api.github.com"

Payload = dict[str, Any]

_USER_LINKS = [
    "followers",
    "following{/other_user}",
    "gists{/gist_id}",
    "starred{/owner}{/repo}",
    "subscriptions",
    "orgs",
    "repos",
    "events{/privacy}",
    "received_events",
]
_REPO_LINKS = [
    "forks",
    "keys{/key_id}",
    "collaborators{/collaborator}",
    "teams",
    "hooks",
    "issues/events{/number}",
    "events",
    "assignees{/user}",
    "branches{/branch}",
    "tags",
    "git/blobs{/sha}",
    "git/tags{/sha}",
    "git/refs{/sha}",
    "git/trees{/sha}",
    "statuses/{sha}",
    "languages",
    "stargazers",
    "contributors",
    "subscribers",
    "subscription",
    "commits{/sha}",
    "git/commits{/sha}",
    "comments{/number}",
    "issues/comments{/number}",
    "contents/{+path}",
    "compare/{base}...{head}",
    "merges",
    "{archive_format}{/ref}",
    "downloads",
    "issues{/number}",
    "pulls{/number}",
    "milestones{/number}",
    "notifications{?since,all,participating}",
    "labels{/name}",
    "releases{/id}",
    "deployments",
]
_PULL_LINKS = [
    "html",
    "issue",
    "comments",
    "review_comments",
    "review_comment",
    "commits",
    "statuses",
    "self",
]


def user(login: str = "octocat", number: int = 21031067) -> Payload:
    links = {f"{link.split('{')[0]}_url": f"{API}/users/{login}/{link}" for link in _USER_LINKS}
    return {
        "login": login,
        "id": number,
        "node_id": "MDQ6VXNlcjIxMDMxMDY3",
        "avatar_url": f"https://avatars1.githubusercontent.com/u/{number}?v=4",
        "gravatar_id": "",
        "url": f"{API}/users/{login}",
        "html_url": f"https://github.com/{login}",
        **links,
        "type": "User",
        "user_view_type": "public",
        "site_admin": False,
    }


def repository(number: int = REPO_ID, full_name: str = "octo-org/hello-world") -> Payload:
    root = f"{API}/repos/{full_name}"
    return {
        "id": number,
        "node_id": "MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=",
        "name": full_name.split("/")[1],
        "full_name": full_name,
        "private": False,
        "owner": user(full_name.split("/")[0]),
        "html_url": f"https://github.com/{full_name}",
        "description": "Grüße, 世界 👋 — a repository with a description",
        "fork": False,
        "url": root,
        **{f"{link.split('{')[0].replace('/', '_')}_url": f"{root}/{link}" for link in _REPO_LINKS},
        "created_at": "2019-05-15T15:19:25Z",
        "updated_at": "2019-05-15T15:21:03Z",
        "pushed_at": "2019-05-15T15:20:57Z",
        "git_url": f"git://github.com/{full_name}.git",
        "ssh_url": f"git@github.com:{full_name}.git",
        "clone_url": f"https://github.com/{full_name}.git",
        "homepage": None,
        "size": 0,
        "stargazers_count": 0,
        "language": "Ruby",
        "has_issues": True,
        "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT", "url": f"{API}/licenses/mit"},
        "topics": ["atom", "electron", "api"],
        "visibility": "public",
        "forks": 1,
        "open_issues": 2,
        "watchers": 0,
        "default_branch": "main",
        "allow_squash_merge": True,
        "merge_commit_title": "MERGE_MESSAGE",
    }


def _branch(ref: str, sha: str, repo: Payload | None) -> Payload:
    return {"label": f"octo-org:{ref}", "ref": ref, "sha": sha, "user": user(), "repo": repo}


def pull_request(action: str = "opened", number: int = 2, **more: Any) -> Payload:
    """About 25 KB as JSON. `more` is merged in at the top level."""
    repo = repository()
    root = f"{repo['url']}/pulls/{number}"
    pull = {
        "url": root,
        "id": 279147437,
        "node_id": "MDExOlB1bGxSZXF1ZXN0Mjc5MTQ3NDM3",
        "number": number,
        "state": "open",
        "locked": False,
        "title": "Update the README with new information.",
        "user": user("Codertocat"),
        "body": "This is a pretty simple change that we need to pull into main.\n" * 48,
        "created_at": "2019-05-15T15:20:33Z",
        "closed_at": None,
        "merged_at": None,
        "assignees": [user("assignee", 7)],
        "requested_reviewers": [user("reviewer", 8)],
        "labels": [{"id": 362639895, "name": "bug", "color": "d73a4a", "default": True}],
        "milestone": None,
        "draft": False,
        "head": _branch("changes", HEAD_SHA, repo),
        "base": _branch("main", "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", repo),
        "_links": {link: {"href": f"{root}/{link}"} for link in _PULL_LINKS},
        "author_association": "OWNER",
        "auto_merge": None,
        "merged": False,
        "mergeable": None,
        "mergeable_state": "unknown",
        "merged_by": None,
        "comments": 0,
        "commits": 1,
        "additions": 1,
        "deletions": 1,
        "changed_files": 1,
    }
    return {
        "action": action,
        "number": number,
        "pull_request": pull,
        "repository": repo,
        "organization": {"login": "octo-org", "id": 6, "url": f"{API}/orgs/octo-org"},
        "sender": user(),
        "installation": {"id": INSTALLATION_ID, "node_id": "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u"},
        **more,
    }


def app(number: int = APP_ID) -> Payload:
    return {
        "id": number,
        "slug": "quorum",
        "node_id": "MDExOkludGVncmF0aW9uMjk4Nzg=",
        "owner": user("octo-org", 6),
        "name": "Quorum",
        "permissions": {"checks": "write", "contents": "read", "pull_requests": "write"},
        "events": ["check_run", "pull_request"],
    }


def listed(number: int, repo_id: int = REPO_ID) -> Payload:
    """A pull request as checks list it."""
    repo = {"id": repo_id, "url": f"{API}/repos/octo-org/hello-world", "name": "hello-world"}
    return {
        "url": f"{repo['url']}/pulls/{number}",
        "id": 279147437,
        "number": number,
        "head": {"ref": "changes", "sha": HEAD_SHA, "repo": repo},
        "base": {"ref": "main", "sha": HEAD_SHA, "repo": repo},
    }


def check_run(
    action: str = "rerequested", app_id: int = APP_ID, external_id: str = "", *pulls: Payload
) -> Payload:
    suite = {"id": 118578147, "head_branch": "changes", "head_sha": HEAD_SHA, "app": app(app_id)}
    return {
        "action": action,
        "check_run": {
            "id": 128620228,
            "node_id": "MDg6Q2hlY2tSdW4xMjg2MjAyMjg=",
            "head_sha": HEAD_SHA,
            "external_id": external_id,
            "status": "completed",
            "conclusion": "neutral",
            "started_at": "2019-05-15T15:21:12Z",
            "output": {"title": "Report", "summary": "It's all good.", "text": None, "annotations_count": 2},
            "name": "Quorum",
            "check_suite": suite,
            "app": app(app_id),
            "pull_requests": list(pulls),
        },
        "repository": repository(),
        "sender": user(),
        "installation": {"id": INSTALLATION_ID},
    }


def check_suite(action: str = "rerequested", app_id: int = APP_ID, *pulls: Payload) -> Payload:
    return {
        "action": action,
        "check_suite": {
            "id": 118578147,
            "head_branch": "changes",
            "head_sha": HEAD_SHA,
            "status": "queued",
            "conclusion": None,
            "before": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
            "pull_requests": list(pulls),
            "app": app(app_id),
            "head_commit": {"id": HEAD_SHA, "message": "Update", "author": {"name": "Codertocat"}},
        },
        "repository": repository(),
        "sender": user(),
        "installation": {"id": INSTALLATION_ID},
    }


def installation(action: str = "created", suspended_at: str | None = None) -> Payload:
    return {
        "action": action,
        "installation": {
            "id": INSTALLATION_ID,
            "account": user("octo-org", 6),
            "repository_selection": "selected",
            "app_id": APP_ID,
            "target_type": "Organization",
            "permissions": {"metadata": "read", "checks": "write"},
            "events": ["pull_request"],
            "created_at": 1557933591,
            "suspended_at": suspended_at,
        },
        "repositories": [brief()],
        "sender": user(),
    }


def brief(number: int = REPO_ID, full_name: str = "octo-org/hello-world") -> Payload:
    """A repository as installations' events list it."""
    name = full_name.split("/")[1]
    return {"id": number, "node_id": "MDEwOl==", "name": name, "full_name": full_name, "private": False}


def installation_repositories(
    action: str = "added", added: Sequence[Payload] = (), removed: Sequence[Payload] = ()
) -> Payload:
    return {
        "action": action,
        "installation": installation()["installation"],
        "repository_selection": "selected",
        "repositories_added": list(added),
        "repositories_removed": list(removed),
        "requester": None,
        "sender": user(),
    }


def installation_target(action: str = "renamed", login: str = "octo-inc") -> Payload:
    return {
        "action": action,
        "account": user(login, 6) | {"slug": login, "has_organization_projects": True},
        "changes": {"login": {"from": "octo-org"}},
        "target_type": "Organization",
        "installation": {"id": INSTALLATION_ID, "node_id": "MDIz"},
        "sender": user(),
    }


def repository_event(action: str = "renamed", changes: Payload | None = None, **more: Any) -> Payload:
    """`more` replaces fields of the repository."""
    return {
        "action": action,
        **({} if changes is None else {"changes": changes}),
        "repository": repository() | more,
        "organization": {"login": "octo-org", "id": 6},
        "sender": user(),
        "installation": {"id": INSTALLATION_ID},
    }


def push(ref: str = "refs/heads/main", **more: Any) -> Payload:
    """`more` is merged in at the top level."""
    person = {"name": "Codertocat", "email": "codertocat@example.com", "username": "Codertocat"}
    commit = {
        "id": HEAD_SHA,
        "tree_id": "f9d2a07e9488b91af2641b26b9407fe22a451433",
        "distinct": True,
        "message": "Update README.md",
        "timestamp": "2019-05-15T15:20:33Z",
        "author": person,
        "committer": person,
        "added": [],
        "removed": [],
        "modified": ["README.md", "box.py"],
    }
    return {
        "ref": ref,
        "before": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
        "after": HEAD_SHA,
        "created": False,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": "https://github.com/octo-org/hello-world/compare/6113728f27ae...ec26c3e57ca3",
        "commits": [commit],
        "head_commit": commit,
        "repository": repository() | {"created_at": 1557933565, "master_branch": "main"},
        "pusher": {"name": "Codertocat", "email": "codertocat@example.com"},
        "sender": user(),
        "installation": {"id": INSTALLATION_ID},
        **more,
    }


def _comment(body: str, number: int) -> Payload:
    return {
        "url": f"{API}/comments/{number}",
        "id": number,
        "node_id": "MDEyOklzc3VlQ29tbWVudDQ5MjcwMDQwMA==",
        "user": user(),
        "created_at": "2019-05-15T15:20:21Z",
        "updated_at": "2019-05-15T15:20:21Z",
        "author_association": "OWNER",
        "body": body,
        "reactions": {"total_count": 0},
    }


def issue_comment(body: str = "/quorum review", action: str = "created", /, **comment: Any) -> Payload:
    """A comment on pull request 2; `comment` replaces fields of the comment."""
    root = f"{API}/repos/octo-org/hello-world"
    return {
        "action": action,
        "issue": {
            "url": f"{root}/issues/2",
            "id": 444500041,
            "number": 2,
            "title": "Update the README with new information.",
            "user": user("Codertocat"),
            "labels": [],
            "state": "open",
            "pull_request": {"url": f"{root}/pulls/2", "merged_at": None},
            "body": "This is a pretty simple change.",
        },
        "comment": _comment(body, 492700400) | {"performed_via_github_app": None} | comment,
        "repository": repository(),
        "sender": user(),
        "installation": {"id": INSTALLATION_ID},
    }


def review_comment(
    body: str = "/quorum dismiss wrong", action: str = "created", /, **comment: Any
) -> Payload:
    """A comment on a line of pull request 2; `comment` replaces fields of the comment."""
    place = {"pull_request_review_id": 237895671, "path": "README.md", "line": 1, "side": "RIGHT"}
    return {
        "action": action,
        "pull_request": pull_request()["pull_request"],
        "comment": _comment(body, 284312630) | place | comment,
        "repository": repository(),
        "sender": user(),
        "installation": {"id": INSTALLATION_ID},
    }


def review_thread(action: str = "resolved") -> Payload:
    first = review_comment()["comment"]
    answer = _comment("Fixed.", 284312631) | {"in_reply_to_id": first["id"]}
    return {
        "action": action,
        "pull_request": pull_request()["pull_request"],
        "thread": {"node_id": "MDIzOlB1bGxSZXF1ZXN0UmV2aWV3VGhyZWFk", "comments": [first, answer]},
        "repository": repository(),
        "sender": user(),
        "installation": {"id": INSTALLATION_ID},
    }


def ping() -> Payload:
    hook = {"type": "App", "id": 109948940, "active": True, "events": ["*"], "app_id": APP_ID}
    return {"zen": "Speak like a human.", "hook_id": 109948940, "hook": hook}


def sign(raw: bytes, secret: bytes = SECRET) -> str:
    return f"sha256={hmac.new(secret, raw, hashlib.sha256).hexdigest()}"


def headers(raw: bytes, event: str = "pull_request", **more: str) -> dict[str, str]:
    """The headers of a delivery as GitHub sends it; `more` replaces some, underscores standing for hyphens."""
    usual = {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/044aadd",
        "x-github-delivery": str(uuid.uuid4()),
        "x-github-event": event,
        "x-github-hook-id": "109948940",
        "x-github-hook-installation-target-id": str(APP_ID),
        "x-github-hook-installation-target-type": "integration",
        "x-hub-signature-256": sign(raw),
    }
    return usual | {name.replace("_", "-"): value for name, value in more.items()}


def dump(payload: Payload) -> bytes:
    return orjson.dumps(payload)


EVERY: dict[str, Payload] = {
    "check_run": check_run(),
    "check_suite": check_suite(),
    "installation": installation(),
    "installation_repositories": installation_repositories("added", [brief()]),
    "installation_target": installation_target(),
    "issue_comment": issue_comment(),
    "ping": ping(),
    "pull_request": pull_request(),
    "pull_request_review_comment": review_comment(),
    "pull_request_review_thread": review_thread(),
    "push": push(),
    "repository": repository_event(),
}
"""One full payload of each event."""
