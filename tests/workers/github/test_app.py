"""The App's JWT and its bot user."""

from __future__ import annotations

from email.utils import formatdate

import jwt
import pytest
from pydantic import SecretStr

from tests.workers.github.octo import Octo, settings_of
from tests.workers.github.scripted import START, FakeTime, Scripted, error, of, private_key, speaking_to
from workers.domain.errors import UserError
from workers.github.app import Bot
from workers.github.client import open_clients
from workers.github.signing import AppCredentials
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity


async def _claims(identity: AppIdentity, time: FakeTime) -> dict[str, object]:
    header = await AppCredentials(identity, time.timing()).authorization()
    return jwt.decode(header.removeprefix("Bearer "), options={"verify_signature": False})


async def test_the_jwt_is_backdated_and_lives_less_than_ten_minutes(time: FakeTime) -> None:
    claims = await _claims(AppIdentity(99, "Iv1.quorum", private_key()), time)
    assert claims == {"iat": START - 60, "exp": START + 480, "iss": "Iv1.quorum"}


async def test_the_app_id_stands_in_for_a_missing_client_id(time: FakeTime) -> None:
    assert (await _claims(AppIdentity(99, "", private_key()), time))["iss"] == "99"


async def test_an_unusable_key_is_the_operators_to_mend(time: FakeTime) -> None:
    broken = AppIdentity(99, "", SecretStr("not a key, but secret"))
    with pytest.raises(UserError, match="QUORUM_PRIVATE_KEY") as raised:
        await AppCredentials(broken, time.timing()).authorization()
    assert "but secret" not in str(raised.value)


async def test_the_bot_is_asked_for_once(github: Scripted, time: FakeTime) -> None:
    github.on("GET /app", {"slug": "quorum"})
    github.on("GET /users/quorum[bot]", {"id": 5, "login": "quorum[bot]"})
    async with speaking_to(github, time) as clients:
        assert await clients.identity.bot(of(clients)) == Bot(5, "quorum[bot]")
        assert await clients.identity.bot(of(clients)) == Bot(5, "quorum[bot]")
    assert [seen.path for seen in github.seen] == ["/app", "/users/quorum[bot]"]
    assert github.seen[1].headers["authorization"] == "Bearer t1"


async def test_a_lost_mint_is_simply_repeated(github: Scripted, time: FakeTime) -> None:
    path = "POST /app/installations/7/access_tokens"
    github.on(path, error(502), {"token": "second", "expires_at": "2027-01-15T10:00:00Z"})
    github.on("GET /thing", {})
    async with speaking_to(github, time) as clients:
        await of(clients).get("/thing")
    assert github.seen[-1].headers["authorization"] == "Bearer second"


@pytest.mark.parametrize("ahead_s", [-800.0, 61.0, 300.0])
async def test_a_refused_signature_is_made_once_more_by_githubs_clock(ahead_s: float, octo: Octo) -> None:
    """Whichever way this machine's clock is off; what is learned is kept until the clock is set."""
    off = Timing(now=lambda: octo.time.at + ahead_s, sleep=octo.time.sleep)
    async with open_clients(settings_of(octo.github), timing=off) as clients:
        assert (await clients.app.get("/app"))["slug"]
        assert (await clients.app.get("/app"))["slug"]
    assert [one.status for one in octo.github.requests if one.path == "/app"] == [401, 200, 200]


async def test_a_clock_that_was_set_is_believed_again(time: FakeTime) -> None:
    ours = AppCredentials(AppIdentity(99, "", private_key()), time.timing())
    for theirs, issued in ((START + 300, START + 240), (START, START - 60), (START + 3_600, START - 60)):
        await ours.refused("", formatdate(theirs, usegmt=True))
        token = (await ours.authorization()).removeprefix("Bearer ")
        assert jwt.decode(token, options={"verify_signature": False})["iat"] == issued
    await ours.refused("", "yesterday")
