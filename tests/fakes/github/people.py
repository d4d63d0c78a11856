"""Users as the API shows them, and what they may do in a repository."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import not_found
from tests.fakes.github.values import Repository, User
from tests.fakes.github.world import World

_LINKS = {
    "followers": "/followers",
    "following": "/following{/other_user}",
    "gists": "/gists{/gist_id}",
    "starred": "/starred{/owner}{/repo}",
    "subscriptions": "/subscriptions",
    "organizations": "/orgs",
    "repos": "/repos",
    "events": "/events{/privacy}",
    "received_events": "/received_events",
}
_COARSE = {"admin": "admin", "maintain": "write", "write": "write", "triage": "read", "read": "read"}
ROLES = ("admin", "maintain", "write", "triage", "read")


def user_json(world: World, user: User) -> dict[str, Any]:
    """A simple user."""
    url = f"{world.url}/users/{user.login.replace('[', '%5B').replace(']', '%5D')}"
    return {
        "login": user.login,
        "id": user.id,
        "node_id": f"U_{user.id}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"https://github.com/{user.login.removesuffix('[bot]')}",
        **{f"{name}_url": f"{url}{suffix}" for name, suffix in _LINKS.items()},
        "type": user.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def organization_json(world: World, user: User) -> dict[str, Any]:
    """An organization, as webhooks carry it."""
    shown, url = user_json(world, user), f"{world.url}/orgs/{user.login}"
    kept = {name: shown[name] for name in ("login", "id", "node_id", "avatar_url", "repos_url", "events_url")}
    members = {f"{name}_url": f"{url}/{name}{{/member}}" for name in ("members", "public_members")}
    links = {"url": url, "hooks_url": f"{url}/hooks", "issues_url": f"{url}/issues", "description": None}
    return kept | members | links


def association(repository: Repository, user: User) -> str:
    """How the author stands to the repository, as far as a webhook tells."""
    if user.login == repository.owner.login:
        return "OWNER"
    role = repository.roles.get(user.login.lower())
    return "COLLABORATOR" if role in ("admin", "maintain", "write", "triage") else "NONE"


async def get_user(call: Call) -> Answer:
    """GET /users/{login}."""
    user = call.world.users.get(call.params["login"].lower())
    if user is None:
        raise not_found()
    profile = dict.fromkeys(
        ("name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username")
    )
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    times = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z"}
    return Answer(user_json(call.world, user) | profile | counts | times)


async def get_permission(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/collaborators/{login}/permission."""
    user = call.world.users.get(call.params["login"].lower())
    if user is None:
        raise not_found()
    role = _role(call.repository, user)
    granted = ROLES[ROLES.index(role) :] if role in ROLES else ()
    names = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
    flags = {name: level in granted for name, level in names.items()}
    shown = user_json(call.world, user) | {"permissions": flags, "role_name": role}
    return Answer({"permission": _COARSE.get(role, "none"), "role_name": role, "user": shown})


def _role(repository: Repository, user: User) -> str:
    if user.login == repository.owner.login:
        return "admin"
    return repository.roles.get(user.login.lower(), "none" if repository.private else "read")


ROUTES = (
    Endpoint("GET", "/users/{login}", get_user, "PublicUser", access="any"),
    Endpoint(
        "GET",
        "/repos/{owner}/{repo}/collaborators/{login}/permission",
        get_permission,
        "RepositoryCollaboratorPermission",
    ),
)
