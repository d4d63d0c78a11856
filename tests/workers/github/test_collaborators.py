"""Nobody may do more than GitHub says at this minute, and nothing is allowed without an answer."""

from __future__ import annotations

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo
from tests.workers.github.scripted import Scripted
from workers.domain.errors import TransientError
from workers.github.client import InstallationClient
from workers.github.collaborators import Permissions, allows


def known(octo: Octo, entries_max: int = 10) -> Permissions:
    return Permissions(octo.time.timing().now, entries_max=entries_max)


async def ask(octo: Octo, permissions: Permissions, login: str, user_id: int | None = None) -> str:
    user = octo.github.world.user(login)
    return await permissions.level(
        octo.client, NAME, octo.repository.id, login, user.id if user_id is None else user_id
    )


def asked(octo: Octo) -> int:
    return sum(one.path.endswith("/permission") for one in octo.github.requests)


@pytest.mark.parametrize("role", ["read", "triage", "write", "maintain", "admin"])
async def test_the_level_is_the_role(role: str, octo: Octo) -> None:
    octo.repository.roles["mona"] = role
    assert await ask(octo, known(octo), "mona") == role


async def test_strangers_have_none(octo: Octo) -> None:
    assert await ask(octo, known(octo), "stranger") == "none"
    assert await ask(octo, known(octo), "evil[bot]") == "none"


async def test_who_is_gone_has_none(octo: Octo) -> None:
    level = await known(octo).level(octo.client, NAME, octo.repository.id, "ghost", 5)
    assert level == "none"


async def test_a_login_that_was_taken_over_has_none(octo: Octo) -> None:
    octo.repository.roles["mona"] = "admin"
    assert await ask(octo, known(octo), "mona", user_id=1) == "none"


@pytest.mark.parametrize(
    ("role_name", "permission", "level"),
    [("security-reviewer", "write", "write"), ("", "admin", "admin"), ("none", "none", "none"), ("x", "y", "none")],
)  # fmt: skip
async def test_roles_of_an_organisations_own_count_as_what_they_are_made_of(
    role_name: str, permission: str, level: str, github: Scripted, client: InstallationClient
) -> None:
    answer = {"permission": permission, "role_name": role_name, "user": {"id": 5}}
    github.on("GET /repos/octo/shop/collaborators/mona/permission", answer)
    permissions = Permissions(lambda: 0.0)
    assert await permissions.level(client, NAME, 1, "mona", 5) == level


async def test_an_answer_is_kept_for_a_minute(octo: Octo) -> None:
    octo.repository.roles["mona"] = "write"
    clock = [1000.0]
    permissions = Permissions(lambda: clock[0])
    for _ in range(3):
        assert await ask(octo, permissions, "mona") == "write"
    assert asked(octo) == 1
    octo.repository.roles["mona"] = "read"
    clock[0] += 60.0
    assert await ask(octo, permissions, "mona") == "read"


async def test_no_answer_is_no_permission(octo: Octo) -> None:
    octo.repository.roles["mona"] = "admin"
    octo.github.faults.add(Fault(("GET", ".*/permission"), "status", status=503, times=50))
    with pytest.raises(TransientError):
        await ask(octo, known(octo), "mona")


async def test_only_so_many_answers_are_kept(octo: Octo) -> None:
    permissions = known(octo, entries_max=2)
    for login in ("one", "two", "three", "two", "one"):
        await ask(octo, permissions, login)
    assert asked(octo) == 4


def test_levels_are_ordered() -> None:
    assert allows("admin", "write")
    assert allows("write", "write")
    assert not allows("triage", "write")
    assert not allows("none", "read")
    assert not allows("superuser", "read")
