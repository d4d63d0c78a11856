"""Every failure of every wire has a kind, and nothing of what the endpoint sent is repeated."""

from __future__ import annotations

import asyncio
import logging
import traceback
from dataclasses import replace

import pytest

from config.catalogue import Wire
from tests.fakes.models import (
    Answer,
    Cut,
    Disconnect,
    Drip,
    Failure,
    Huge,
    Inside,
    Raw,
    Silence,
    blocked,
    context_too_long,
    filtered,
    forbidden,
    invalid_json,
    model_not_found,
    overloaded,
    payment_required,
    quota_exhausted,
    rate_limited,
    server_error,
    too_large,
    unauthorised,
)
from tests.fakes.models.scripted import KEY
from tests.workers.llm.providers.serving import (
    IDS,
    QUESTION,
    QUICK,
    WIRES,
    each_wire,
    failure,
    remote,
    served,
)
from workers.llm.provider import ProviderError

FAILURES: list[tuple[Answer, str, bool]] = [
    (rate_limited(), "rate limited", True),
    (server_error(500), "unavailable", True),
    (server_error(502), "unavailable", True),
    (overloaded(), "unavailable", True),
    (server_error(408), "timeout", True),
    (server_error(504), "timeout", True),
    (Disconnect(), "unavailable", True),
    (Cut(), "unavailable", True),
    (invalid_json(), "unavailable", True),
    (Raw("null"), "unavailable", True),
    (Raw("", content_type="text/html"), "unavailable", True),
    (Raw('{"error": {"message": "no"}}', status=418), "unavailable", False),
    (Huge(), "unavailable", True),
    (unauthorised(), "unauthorised", False),
    (forbidden(), "unauthorised", False),
    (payment_required(), "quota", False),
    (quota_exhausted(), "quota", False),
    (context_too_long(), "context too long", False),
    (too_large(), "context too long", False),
    (filtered(), "refused", False),
    (Failure(400, "no such parameter"), "refused", False),
    (Failure(302, "moved", headers={"location": "http://127.0.0.1:1/v1"}), "unavailable", False),
]


@each_wire
@pytest.mark.parametrize(("answer", "kind", "retryable"), FAILURES, ids=lambda one: str(one)[:50])
async def test_failures_have_a_kind(wire: Wire, answer: Answer, kind: str, retryable: bool) -> None:
    error = await failure(wire, answer)
    assert (error.kind, error.retryable) == (kind, retryable)


@each_wire
async def test_an_unknown_model_is_not_found(wire: Wire) -> None:
    error = await failure(wire, model_not_found(IDS[wire]))
    assert (error.kind, error.retryable) == ("not found", False)


@each_wire
async def test_the_wait_that_was_asked_for_is_known(wire: Wire) -> None:
    assert (await failure(wire, rate_limited(7))).retry_after_s == 7.0


@pytest.mark.parametrize("wire", [Wire.GOOGLE, Wire.OPENROUTER])  # the others have no word for it
async def test_a_prompt_that_was_refused_is_refused(wire: Wire) -> None:
    assert (await failure(wire, blocked())).kind == "refused"


@each_wire
async def test_nothing_is_retried_below_the_gateway(wire: Wire) -> None:
    async with served(wire, server_error(503), {"x": 1}) as (server, model):
        with pytest.raises(ProviderError):
            await model.ask(QUESTION)
    assert len(server.requests) == 1


@each_wire
@pytest.mark.parametrize("slow", [Silence(500), Drip({"x": 1}, piece_bytes=1, pause_s=0.05)], ids=str)
async def test_an_answer_that_is_late_is_a_timeout_and_may_cost(wire: Wire, slow: Answer) -> None:
    async with served(wire, {"x": 1}, slow) as (_, model):
        await model.ask(QUESTION)  # the first loads the libraries
        with pytest.raises(ProviderError) as caught:
            await model.ask(QUICK)
    assert (caught.value.kind, caught.value.retryable, caught.value.may_cost) == ("timeout", True, True)


@each_wire
async def test_a_slow_answer_within_its_time_is_an_answer(wire: Wire) -> None:
    async with served(wire, Drip({"x": 1}, piece_bytes=64, pause_s=0.01)) as (_, model):
        assert (await model.ask(QUESTION)).text


@each_wire
async def test_an_endpoint_that_is_not_there_is_unavailable_and_free(wire: Wire) -> None:
    model = remote(wire, "http://127.0.0.1:1")
    with pytest.raises(ProviderError) as caught:
        await model.ask(QUESTION)
    await model.close()
    assert (caught.value.kind, caught.value.retryable, caught.value.may_cost) == ("unavailable", True, False)


@each_wire
async def test_a_refusal_may_cost(wire: Wire) -> None:
    assert (await failure(wire, filtered())).may_cost


@each_wire
async def test_what_was_answered_in_vain_may_cost(wire: Wire) -> None:
    assert (await failure(wire, invalid_json())).may_cost


@each_wire
async def test_a_call_can_be_cancelled(wire: Wire) -> None:
    async with served(wire, Silence(500)) as (server, model):
        asked = asyncio.create_task(model.ask(QUESTION))
        await server.busy()
        asked.cancel()
        await server.idle()
        with pytest.raises(asyncio.CancelledError):
            await asked


@each_wire
async def test_the_advice_names_the_providers_variable(wire: Wire) -> None:
    assert "SERVED_KEY" in str(await failure(wire, unauthorised()))


@each_wire
async def test_proxies_of_the_environment_are_not_used(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with served(wire, {"x": 1}) as (_, model):
        assert (await model.ask(QUESTION)).text


LEAKY: list[Answer] = [
    *(
        Failure(status, f"the key {KEY} is bad", f"code-{KEY}", f"type-{KEY}")
        for status in (400, 401, 429, 500)
    ),
    Raw(f'{{"choices": "{KEY}", "content": "{KEY}", "candidates": "{KEY}"}}'),
    Raw(f'{{"{KEY}'),
    Raw(f"<html>{KEY}</html>", content_type="text/html"),
    Raw(KEY, 503),
    Cut(KEY * 20, after_bytes=400),
    Disconnect(),
]


@each_wire
async def test_no_error_and_no_log_holds_the_key(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in LEAKY:
        error = await failure(wire, answer)
        said = [repr(error), str(vars(error)), *traceback.format_exception(error)]
        assert KEY not in "".join(said)
        assert (error.__cause__, error.__context__) == (None, None)
    assert KEY not in caplog.text


@each_wire
async def test_a_key_that_no_header_can_hold_is_not_told(wire: Wire) -> None:
    for odd in ("sk-\n-secret-key", "sk-ü-secret-key", "sk-\x00-secret-key"):
        error = await failure(wire, {"x": 1}, key=odd)
        assert "secret-key" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("wire", WIRES)
async def test_the_key_is_in_no_representation(wire: Wire) -> None:
    model = remote(wire, "http://127.0.0.1:1")
    assert KEY not in f"{model!r} {vars(model)!r}"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(payment_required(), "quota"), (rate_limited(), "rate limited"), (server_error(502), "unavailable")],
)
async def test_a_failure_inside_of_a_success_is_that_failure(answer: Failure, kind: str) -> None:
    assert (await failure(Wire.OPENROUTER, Inside(answer))).kind == kind


@each_wire
async def test_addresses_that_are_none_fail_like_others(wire: Wire) -> None:
    for url in ("http://127.0.0.1:99999", "http://[", "ftp://x", "http://"):
        model = remote(wire, url)
        with pytest.raises(ProviderError):
            await model.ask(replace(QUESTION, timeout_s=2.0))
        await model.close()
