"""JWTs in, installation tokens out: scope, permissions, life time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.fakes.api import app_jwt, installation_client, mint
from tests.fakes.clock import Clock
from tests.fakes.conftest import Scene
from tests.fakes.github import FakeApp, FakeGitHub
from tests.fakes.repository import GitRepository


async def as_app(github: FakeGitHub, token: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=github.url, trust_env=False) as client:
        return await client.get("/app", headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def clock() -> Clock:
    return Clock(1_700_000_000.0)


@pytest.fixture
async def github(clock: Clock) -> AsyncIterator[FakeGitHub]:
    async with FakeGitHub.serve(clock=clock) as github:
        yield github


async def test_app_id_and_client_id_both_issue(github: FakeGitHub) -> None:
    for issuer in (github.app.client_id, str(github.app.app_id)):
        assert (await as_app(github, app_jwt(github, iss=issuer))).json()["slug"] == "quorum"


@pytest.mark.parametrize(
    ("claims", "complaint"),
    [
        ({"exp": 1_699_999_999}, "numeric value representing the future time"),
        ({"exp": 1_700_000_601}, "too far in the future"),
        ({"iat": 1_700_000_010}, "'Issued at' claim"),
        ({"iss": "somebody"}, "'Issuer' claim"),
    ],
)
async def test_bad_claims_are_refused(github: FakeGitHub, claims: dict[str, object], complaint: str) -> None:
    response = await as_app(github, app_jwt(github, **claims))
    assert response.status_code == 401
    assert complaint in response.json()["message"]


async def test_a_foreign_signature_is_refused(github: FakeGitHub) -> None:
    response = await as_app(github, app_jwt(github)[:-8] + "AAAAAAAA")
    assert (response.status_code, response.json()["message"]) == (
        401,
        "A JSON web token could not be decoded",
    )


async def test_a_token_lives_for_an_hour(github: FakeGitHub, clock: Clock, git: GitRepository) -> None:
    repository = github.add_repository("octo", "shop", git.path)
    async with installation_client(github, repository) as api:
        clock.advance(3599)
        assert (await api.get("git/ref/heads/main")).status_code == 200
        clock.advance(1)
        response = await api.get("git/ref/heads/main")
    assert (response.status_code, response.json()["message"]) == (401, "Bad credentials")


async def test_long_tokens_by_default_and_short_ones_on_demand(git: GitRepository) -> None:
    for form, least, most in (("long", 400, 700), ("short", 40, 40)):
        async with FakeGitHub.serve(FakeApp(token_format=form)) as github:
            token = (await mint(github, github.add_repository("octo", "shop", git.path))).json()["token"]
            assert token.startswith("ghs_")
            assert least <= len(token) <= most


async def test_more_than_was_granted_is_refused(scene: Scene) -> None:
    response = await mint(scene.github, scene.repository, issues="write")
    assert response.status_code == 422
    assert "not granted to this installation" in response.json()["message"]


async def test_a_token_is_for_the_named_repository_only(scene: Scene, tmp_path: Path) -> None:
    scene.github.add_repository("octo", "other", scene.git.path)
    other = f"{scene.github.url}/repos/octo/other/pulls"
    assert (await scene.api.get(other)).status_code == 404


async def test_a_missing_permission_is_named(scene: Scene) -> None:
    async with installation_client(scene.github, scene.repository, contents="read") as api:
        response = await api.post("issues/1/comments", json={"body": "hello"})
    assert response.status_code == 403
    assert response.json()["message"] == "Resource not accessible by integration"
    assert response.headers["x-accepted-github-permissions"] == "issues=write; pull_requests=write"


async def test_a_suspended_installation_gets_nothing(scene: Scene) -> None:
    installation = scene.github.world.installations[scene.repository.installation_id or 0]
    scene.github.suspend(installation)
    assert (await mint(scene.github, scene.repository)).status_code == 403
    assert (await scene.api.get("pulls/1")).status_code == 403


async def test_a_revoked_token_is_dead(scene: Scene) -> None:
    assert (await scene.api.delete(f"{scene.github.url}/installation/token")).status_code == 204
    assert (await scene.api.get("pulls/1")).status_code == 401


async def test_without_a_user_agent_nothing_is_answered(scene: Scene) -> None:
    assert (await scene.api.get("pulls/1", headers={"user-agent": ""})).status_code == 403


async def test_without_a_token_nothing_is_answered(scene: Scene) -> None:
    assert (await scene.api.get("pulls/1", headers={"authorization": ""})).status_code == 401


async def test_an_unknown_api_version_is_refused(scene: Scene) -> None:
    response = await scene.api.get("pulls/1", headers={"x-github-api-version": "1999-01-01"})
    assert response.status_code == 400


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_a_renamed_repository_redirects(scene: Scene, method: str) -> None:
    scene.github.rename(scene.repository, "store")
    response = await scene.api.request(method, "pulls/1", json={"title": "New"})
    assert response.status_code == {"GET": 301, "PATCH": 307}[method]
    followed = await scene.api.request(method, response.headers["location"], json={"title": "New"})
    assert followed.json()["base"]["repo"]["full_name"] == "octo/store"
