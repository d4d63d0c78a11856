"""The operator's interface keeps to its own description, whatever is asked of it, by whom. Longer: `make fuzz`."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode

from bot.admin.openapi import description, document
from bot.admin.registry import ENDPOINTS
from tests.bot.admin.fits import mistakes
from tests.bot.admin.operating import TOKEN, operating

SECONDS = float(os.environ.get("QUORUM_FUZZ_SECONDS", "0"))
"""How long each test goes on, round by round; one short round when it is 0."""
EXAMPLES = 50 if SECONDS else 4
REFUSED = {401, 429}

DOCUMENT = document((*ENDPOINTS, description(ENDPOINTS)))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [SCHEMA[path][method] for path, row in DOCUMENT["paths"].items() for method in row]


def sent(client: httpx.Client, case: Case[Any]) -> httpx.Response:
    """The answer to `case`; whether a token goes with it is the client's to say."""
    given = case.as_transport_kwargs(base_url=str(client.base_url))
    headers = {name: value for name, value in given["headers"].items() if name.lower() != "authorization"}
    body: Any = {"json": given["json"]} if "json" in given else {"content": given.get("data")}
    return client.request(given["method"], given["url"], params=given["params"], headers=headers, **body)


def judge(case: Case[Any], answer: httpx.Response, *, operator: bool) -> None:
    """Described, in shape as in status; nobody but the operator is told anything, and the operator is let in."""
    responses = DOCUMENT["paths"][case.path][case.method.lower()]["responses"]
    content = responses[str(answer.status_code)]["content"][answer.headers["content-type"]]
    assert mistakes(answer.json(), content["schema"], DOCUMENT) == []
    assert (answer.status_code not in REFUSED) is operator
    assert answer.status_code < 500


def ask_all(client: httpx.Client, mode: GenerationMode, *, operator: bool) -> None:
    """By turns, until the time is over; once at least."""
    until = time.monotonic() + SECONDS
    for number, operation in enumerate(itertools.cycle(OPERATIONS)):
        if number >= len(OPERATIONS) and time.monotonic() >= until:
            return

        @settings(
            max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(operation.as_strategy(generation_mode=mode))
        def holds(case: Case[Any]) -> None:
            judge(case, sent(client, case), operator=operator)

        try:
            holds()
        except (
            schemathesis.errors.SchemathesisError
        ) as nothing:  # an operation without input has no wrong one
            assert "negative" in str(nothing).lower()  # noqa: PT017


@pytest.mark.parametrize(
    ("mode", "operator"),
    [(GenerationMode.POSITIVE, True), (GenerationMode.NEGATIVE, True), (GenerationMode.NEGATIVE, False)],
    ids=["what is allowed", "what is not allowed", "a stranger"],
)
async def test_every_answer_is_one_that_is_described(
    sqlite_url: str, mode: GenerationMode, *, operator: bool
) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"} if operator else {}
    async with operating(sqlite_url) as running:
        base_url = str(running.client.base_url).rstrip("/")
        with httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=20) as client:
            await asyncio.to_thread(ask_all, client, mode, operator=operator)
