"""One POST to a secret address."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from tests.workers.notify.hooks import NOTICE, Hook
from workers.notify.notice import NotSentError
from workers.notify.slack import Slack


@pytest.mark.parametrize(
    ("status", "retryable"), [(500, True), (503, True), (429, True), (404, False), (400, False), (302, False)]
)
async def test_what_is_not_taken_is_told_without_the_address(
    client: httpx.AsyncClient, hook: Hook, status: int, retryable: bool
) -> None:
    hook.answers = [status]
    with pytest.raises(NotSentError, match=str(status)) as caught:
        await Slack(client, SecretStr(hook.url)).send(NOTICE)
    assert caught.value.retryable is retryable
    assert "SECRET" not in str(caught.value)
    assert "secret words" not in str(caught.value)
    assert len(hook.bodies) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/SECRET", "http://[SECRET", "SECRET"])
async def test_an_address_that_leads_nowhere_is_told_without_it(client: httpx.AsyncClient, url: str) -> None:
    with pytest.raises(NotSentError) as caught:
        await Slack(client, SecretStr(url)).send(NOTICE)
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None
