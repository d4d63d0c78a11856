"""The app itself, its installations, and their tokens."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint, page
from tests.fakes.github.errors import not_found
from tests.fakes.github.people import user_json
from tests.fakes.github.repositories import repository_json
from tests.fakes.github.tokens import mint
from tests.fakes.github.values import Installation
from tests.fakes.github.world import World

_CREATED = "2024-01-01T00:00:00Z"
_APP_URL = "https://github.com/apps"


def app_json(world: World) -> dict[str, Any]:
    """The app as checks and comments show it."""
    return foreign_app_json(world, world.app.app_id, world.app.slug) | {
        "client_id": world.app.client_id,
        "permissions": dict(world.app.permissions),
        "events": list(world.app.events),
    }


def foreign_app_json(world: World, app_id: int, slug: str) -> dict[str, Any]:
    """Any app, without what only its owner sees."""
    return {
        "id": app_id,
        "slug": slug,
        "node_id": f"A_{app_id}",
        "owner": user_json(world, world.user("app-owner")),
        "name": slug.title(),
        "description": "",
        "external_url": "https://example.com",
        "html_url": f"{_APP_URL}/{slug}",
        "created_at": _CREATED,
        "updated_at": _CREATED,
        "permissions": {},
        "events": [],
    }


def installation_json(world: World, installation: Installation) -> dict[str, Any]:
    """An installation."""
    url = f"{world.url}/app/installations/{installation.id}"
    return {
        "id": installation.id,
        "client_id": world.app.client_id,
        "account": user_json(world, installation.account),
        "repository_selection": "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{world.url}/installation/repositories",
        "html_url": f"https://github.com/settings/installations/{installation.id}",
        "app_id": world.app.app_id,
        "app_slug": world.app.slug,
        "target_id": installation.account.id,
        "target_type": installation.account.type,
        "permissions": dict(installation.permissions),
        "events": list(world.app.events),
        "created_at": world.time(installation.created_at),
        "updated_at": world.time(installation.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user_json(world, installation.account) if installation.suspended_at else None,
        "suspended_at": world.time(installation.suspended_at),
    }


async def get_app(call: Call) -> Answer:
    """GET /app."""
    return Answer(app_json(call.world) | {"installations_count": len(call.world.installations)})


async def list_installations(call: Call) -> Answer:
    """GET /app/installations."""
    return page(call, list(call.world.installations.values()), lambda one: installation_json(call.world, one))


def _installation(call: Call) -> Installation:
    installation = call.world.installations.get(call.number("installation_id"))
    if installation is None:
        raise not_found()
    return installation


async def get_installation(call: Call) -> Answer:
    """GET /app/installations/{installation_id}."""
    return Answer(installation_json(call.world, _installation(call)))


async def get_repository_installation(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}/installation."""
    installation = call.world.installations.get(call.repository.installation_id or 0)
    if installation is None:
        raise not_found()
    return Answer(installation_json(call.world, installation))


async def create_token(call: Call) -> Answer:
    """POST /app/installations/{installation_id}/access_tokens."""
    token = mint(call.world, _installation(call), call.body)
    body: dict[str, Any] = {
        "token": token.text,
        "expires_at": call.world.time(token.expires_at),
        "permissions": token.permissions,
        "repository_selection": "selected" if token.selected else "all",
    }
    if token.selected:
        chosen = sorted(token.repository_ids)
        body["repositories"] = [repository_json(call.world, call.world.repositories[one]) for one in chosen]
    return Answer(body, 201)


async def revoke_token(call: Call) -> Answer:
    """DELETE /installation/token."""
    del call.world.tokens[call.installation_token.text]
    return Answer(status=204)


async def get_rate_limit(call: Call) -> Answer:
    """GET /rate_limit."""
    key = call.token.installation.id if call.token else 0
    status = call.world.limits.status(key, call.world.clock())
    search = {"limit": 30, "used": 0, "remaining": 30, "reset": status["reset"]}
    return Answer({"resources": {"core": status, "search": search}, "rate": status})


ROUTES = (
    Endpoint("GET", "/app", get_app, "Integration", access="app"),
    Endpoint("GET", "/app/installations", list_installations, "[Installation]", access="app"),
    Endpoint("GET", "/app/installations/{installation_id}", get_installation, "Installation", access="app"),
    Endpoint(
        "POST",
        "/app/installations/{installation_id}/access_tokens",
        create_token,
        "InstallationToken",
        access="app",
    ),
    Endpoint("DELETE", "/installation/token", revoke_token, ""),
    Endpoint(
        "GET", "/repos/{owner}/{repo}/installation", get_repository_installation, "Installation", access="app"
    ),
    Endpoint("GET", "/rate_limit", get_rate_limit, "RateLimitOverview", access="any"),
)
