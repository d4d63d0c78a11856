"""Our client and the strict fake: keys, tokens and cut connections as at GitHub."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.github import Fault
from tests.workers.github.octo import NAME, Octo, opened
from workers.domain.errors import LeaseLostError, RateLimitedError, TransientError
from workers.domain.fence import fenced
from workers.domain.pace import UNPACED, Pace
from workers.github.app import Bot
from workers.github.calls import Call
from workers.github.connections import Connections
from workers.github.errors import NotFoundError, RefusedError, UnknownOutcomeError
from workers.github.pacing import LocalPacing
from workers.github.permissions import READ, REVIEW
from workers.github.rest import RestClient

REPO = f"/repos/{NAME}"


def tokens_minted(octo: Octo) -> int:
    return octo.writes("/access_tokens")


async def test_the_bot_is_found(octo: Octo) -> None:
    assert await octo.clients.identity.bot(octo.client) == Bot(octo.bot_id, "quorum[bot]")


async def test_all_calls_of_a_scope_share_a_token(octo: Octo) -> None:
    await asyncio.gather(*(octo.client.get(REPO) for _ in range(20)))
    assert tokens_minted(octo) == 1


async def test_a_token_sees_its_repository_only(octo: Octo) -> None:
    octo.github.add_repository("octo", "secret", octo.source.path)
    with pytest.raises(NotFoundError):
        await octo.client.get("/repos/octo/secret")


async def test_a_token_has_the_rights_of_its_scope_only(octo: Octo) -> None:
    installation = octo.repository.installation_id or 0
    reader = octo.clients.client(installation, octo.repository.id, READ)
    with pytest.raises(RefusedError) as raised:
        await reader.post(f"{REPO}/check-runs", {"name": "x", "head_sha": octo.sha})
    assert raised.value.status == 403


async def test_a_token_refused_at_post_time_is_renewed(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/comments"), "unauthorised_once"))
    await octo.client.post(f"{REPO}/issues/1/comments", {"body": "once"})
    assert tokens_minted(octo) == 2
    assert len(octo.github.issue_comments(octo.pull)) == 1


async def test_a_post_that_was_cut_is_sent_once(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/comments"), "disconnect"))
    with pytest.raises(UnknownOutcomeError):
        await octo.client.post(f"{REPO}/issues/1/comments", {"body": "once"})
    assert octo.writes("/comments") == 1


async def test_a_get_that_was_cut_is_repeated(octo: Octo) -> None:
    octo.github.faults.add(Fault(("GET", f"{REPO}$"), "disconnect", times=3))
    assert (await octo.client.get(REPO))["full_name"] == NAME


async def test_an_answer_that_does_not_come_is_lost(octo: Octo) -> None:
    octo.github.faults.add(Fault(("POST", ".*/comments"), "delay", delay_s=30.0))
    call = Call("POST", f"{REPO}/issues/1/comments", json={"body": "x"}, repeatable=False, timeout_s=0.1)
    with pytest.raises(UnknownOutcomeError, match=r"within 0\.1 s"):
        await octo.client.send(call)


async def test_what_a_suspended_installation_refuses_is_put_off(octo: Octo) -> None:
    """It may be let in again, and what was wanted is wanted still."""
    octo.github.suspend(octo.github.world.installations[octo.repository.installation_id or 0])
    with pytest.raises(TransientError, match="suspended"):
        await octo.client.get(REPO)


async def test_an_exhausted_installation_waits_for_its_reset(octo: Octo) -> None:
    await octo.client.get(REPO)
    octo.github.limits.exhaust(octo.repository.installation_id or 0, octo.time.at)
    with pytest.raises(RateLimitedError) as raised:
        await octo.client.get(REPO)
    assert 3600 < raised.value.retry_after_s < 3607
    octo.time.at += raised.value.retry_after_s
    assert (await octo.client.get(REPO))["full_name"] == NAME


async def test_one_limited_installation_does_not_hold_up_another(octo: Octo) -> None:
    other = octo.github.add_repository("acme", "tool", octo.source.path)
    octo.github.limits.exhaust(octo.repository.installation_id or 0, octo.time.at)
    with pytest.raises(RateLimitedError):
        await octo.client.get(REPO)
    client = octo.clients.client(other.installation_id or 0, other.id, REVIEW)
    assert (await client.get("/repos/acme/tool"))["full_name"] == "acme/tool"


SHORT_LIMITS = {
    "secondary": Fault(("GET", f"{REPO}$"), "secondary_limit", retry_after_s=5),
    "secondary as 429": Fault(("GET", f"{REPO}$"), "secondary_limit", retry_after_s=5, status=429),
    "primary": Fault(("GET", f"{REPO}$"), "primary_limit", retry_after_s=4),
}


@pytest.mark.parametrize("limit", SHORT_LIMITS.values(), ids=SHORT_LIMITS)
async def test_while_one_call_waits_for_a_short_limit_no_other_is_sent(octo: Octo, limit: Fault) -> None:
    octo.github.faults.add(replace(limit))
    octo.time.meanwhile = partial(octo.client.get, f"{REPO}/issues/1/comments")
    assert (await octo.client.get(REPO))["full_name"] == NAME
    assert octo.github.limits.violations == 0


async def test_a_turn_that_was_given_before_a_limit_waits_for_its_end(tmp_path: Path) -> None:
    """It was granted and lies in the future when another call meets the limit."""
    async with opened(tmp_path, pace=Pace(3.0)) as octo:
        comment = partial(octo.client.post, f"{REPO}/issues/1/comments", {"body": "x"})
        await comment()
        octo.github.faults.add(Fault(("GET", f"{REPO}$"), "secondary_limit", retry_after_s=90))
        octo.time.meanwhile = partial(_limited, octo)
        await _limited(octo, comment)
        assert octo.github.limits.violations == 0


@dataclass(frozen=True)
class Token:
    """Credentials that are at hand."""

    text: str

    async def authorization(self) -> str:
        return f"token {self.text}"

    async def refused(self, authorization: str, date: str) -> None:
        pass


async def test_who_waited_for_a_free_connection_asks_again_whether_it_may_send(octo: Octo) -> None:
    await octo.client.get(REPO)
    for fault in ("delay", "secondary_limit"):
        octo.github.faults.add(Fault(("GET", f"{REPO}$"), fault, delay_s=0.6, retry_after_s=90))
    timing, pacing = octo.time.timing(), LocalPacing(UNPACED, lambda: octo.time.at)
    connections = Connections(octo.github.url, timing, pacing=pacing, requests_max=1)
    client = RestClient(connections, "7", Token(next(iter(octo.github.world.tokens))), timing)
    calls = (client.get(REPO), client.get(f"{REPO}/issues/1/comments"))
    ends = await asyncio.gather(*calls, return_exceptions=True)
    await connections.aclose()
    assert [type(end) for end in ends] == [RateLimitedError] * 2
    assert octo.github.limits.violations == 0


async def _limited(octo: Octo, call: Callable[[], Awaitable[object]] | None = None) -> None:
    with pytest.raises(RateLimitedError):
        await (call() if call else octo.client.get(REPO))


async def test_files_are_read_with_their_hunks(tmp_path: Path) -> None:
    async with opened(tmp_path) as octo:
        files = {file.path: file for file in await octo.read_files()}
    assert files["app.py"].added_lines() == {10, 30}
    assert files["new.py"].added_lines() == {1, 2}


async def test_a_write_whose_lease_is_over_is_not_sent_and_tokens_are_everybodys(octo: Octo) -> None:
    def over() -> None:
        raise LeaseLostError("over")

    with fenced(over):
        await octo.client.get(REPO)
        with pytest.raises(LeaseLostError):
            await octo.client.post(f"{REPO}/issues/1/comments", {"body": "late"})
    assert tokens_minted(octo) == 1
    assert octo.writes("/comments") == 0
