"""Keys stay inside, whatever fails; the operator's interface tells what was spent; an alert is sent once."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
import pytest_asyncio
import redis
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from tests.databases import Valkey
from tests.fakes.listener import listening
from tests.fakes.models import Failure, Inside, Raw, Reply, Tokens
from tests.journeys.asking import asked, introduce
from tests.journeys.modelling import CHEAP, KEYS, MIDDLING, PASSED_ON, STRONG, TEXT, Scene, by, scene_of
from tests.journeys.shared_world import SINK, Services
from tests.journeys.stack import ROOT, base_environment, free_port
from tests.journeys.world import NOTHING_FOUND
from tests.polling import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN_TOKEN = "planted-admin-token/Vb4+Xn7=Ce1?Du9&q"
SLACK_PATH = "/services/T0PLANTED/B0PLANTED/plantedSlackWebhookSecret42"
PLANTED = {
    **{provider: key for provider, (_, key) in KEYS.items()},
    "admin token": ADMIN_TOKEN,
    "Slack URL": SLACK_PATH,
    "SMTP password": "planted-smtp-password_Lk5-Mh8",
    "storage key": "planted-storage-key/Oz6+Er3=Yt0?Ip7&a",
    "alert secret": "planted-alert-secret/Sg2+Wv9=Nj4?Bf1&l",
}
TAIL_CHARS = 14
BUDGET_USD = 0.7
MONTH = {"QUORUM_BUDGET_MONTH_USD": str(BUDGET_USD), "QUORUM_ALERT_INTERVAL_S": "0.3"}


@dataclass
class FakeSlack:
    """Keeps what is posted to its webhook."""

    url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        """One message."""
        self.messages.append(json.loads(await request.body()))
        return PlainTextResponse("ok")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack() -> AsyncIterator[FakeSlack]:
    found = FakeSlack()
    async with listening(Router([Route(SLACK_PATH, found.take, methods=["POST"])])) as url:
        found.url = f"{url}{SLACK_PATH}"
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: Valkey, slack: FakeSlack
) -> AsyncIterator[Scene]:
    """All secrets are set; Slack takes messages, and nobody listens where mail goes."""
    settings = {
        **MONTH,
        "QUORUM_ADMIN_TOKEN": ADMIN_TOKEN,
        "QUORUM_ALERT_SLACK_URL": slack.url,
        "QUORUM_SMTP_URL": f"smtp://quorum:{PLANTED['SMTP password']}@127.0.0.1:{free_port()}",
        "QUORUM_ALERT_MAIL_FROM": "quorum@example.org",
        "QUORUM_ALERT_MAIL_TO": "team@example.org",
        "QUORUM_ALERT_WEBHOOK_SECRET": PLANTED["alert secret"],
        "QUORUM_STORAGE_KEY": PLANTED["storage key"],
        "QUORUM_MODEL_ATTEMPTS_MAX": "1",
        "QUORUM_LOG_LEVEL": "DEBUG",
    }
    services = Services(sqlite_template, valkey_server.url)
    async with scene_of(tmp_path_factory.mktemp("keys"), services, settings=settings) as scene:
        introduce(scene.world)
        yield scene


# -- the operator's interface


async def asking(scene: Scene, path: str, token: str = ADMIN_TOKEN, body: Any = None) -> httpx.Response:
    """The answer of the running receiver."""
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=scene.world.stack.url, headers=headers) as client:
        return await (client.get(path) if body is None else client.post(path, json=body))


async def test_whoever_has_not_the_token_learns_nothing(scene: Scene) -> None:
    answer = await asking(scene, "/orchestrator/current-spend", "planted-admin-token")
    assert answer.status_code == 401
    assert "budget" not in answer.text


async def test_the_interface_lists_the_models_that_may_be_asked(scene: Scene) -> None:
    models = (await asking(scene, "/orchestrator/capabilities")).json()["models"]
    assert {one["name"] for one in models if one["usable"]} == {one.name for one in scene.fleet.entries}
    [cheap] = [one for one in models if one["name"] == CHEAP.name]
    assert (cheap["input_usd_per_million"], cheap["output_usd_per_million"]) == CHEAP.usd


async def test_an_estimate_grows_with_the_number_of_runs(scene: Scene) -> None:
    async def cost(runs: int) -> float:
        wanted = {"quality_tier": "balanced", "estimated_usage": {"review": runs}}
        answer = await asking(scene, "/orchestrator/estimate-cost", body=wanted)
        assert answer.status_code == 200, answer.text
        return float(answer.json()["total_cost"])

    once, often = await cost(1), await cost(10)
    assert once > 0
    assert often == pytest.approx(10 * once)


# -- keys


def forms(secret: str) -> Iterator[str]:
    """`secret` as it may be written: plain, in part, quoted, escaped, in hex, and in base64 wherever it begins."""
    yield from (secret, secret[-TAIL_CHARS:], quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield from (html.escape(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1], secret.encode().hex())
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"x" * before + secret.encode())[4:-4].decode()


def found_in(text: str) -> list[str]:
    """Names of the secrets that a text holds."""
    return [name for name, secret in PLANTED.items() if any(form in text for form in forms(secret))]


async def test_the_search_finds_a_key_in_each_form() -> None:
    key = PLANTED["anthropic"]
    header = base64.b64encode(f"user:{key}".encode()).decode()
    for text in (
        f"x{key}y",
        quote_plus(key),
        header,
        f"…{key[-20:]}",
        json.dumps({"key": key}),
        key.encode().hex(),
    ):
        assert found_in(text) == ["anthropic"], text


def echoing(provider: str, status: int = 401) -> Failure:
    """A refusal that repeats the key that it was sent."""
    return Failure(status, f"Incorrect API key provided: {PLANTED[provider]}.", "invalid_api_key")


async def told_on_the_command_line(scene: Scene, *words: str) -> str:
    """What a command prints, and what it says besides."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        cwd=ROOT, env=base_environment(scene.world.stack.settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    return output.decode()


def in_valkey(url: str) -> str:
    """Every key and every value, as text."""
    with redis.Redis.from_url(url, decode_responses=True, encoding_errors="replace") as client:
        read = {
            "string": client.get, "hash": client.hgetall, "set": client.smembers,
            "list": lambda key: client.lrange(key, 0, -1),
            "zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        }  # fmt: skip
        return "\n".join(f"{key} {read[client.type(key)](key)}" for key in client.scan_iter())


async def test_no_key_leaves_in_any_form_whatever_fails(scene: Scene) -> None:
    """Logs, all that is sent to GitHub, metrics, the operator's interface, database, Valkey, and the command line."""
    says_it = {"findings": [{
        "aspect": "quality", "severity": "medium", "path": "shop/run.py", "quote": "def run(a):", "rule": "key",
        "title": "Holds a key", "description": f"It is {PLANTED['google']}.", "confidence": 0.9,
        "recommendation": f"Revoke {PLANTED['admin token']}.",
    }]}  # fmt: skip
    scene.fleet.answers |= {
        STRONG.name: echoing("anthropic"),
        PASSED_ON.name: Inside(echoing("openrouter", 500)),
        MIDDLING.name: Raw(f'{{"error": "{PLANTED["google"]} is no key"}}', status=500),
        CHEAP.name: Raw(f"{PLANTED['openai']} <- not JSON"),
    }
    chain = by(STRONG.name, PASSED_ON.name, MIDDLING.name, CHEAP.name)
    failing, _ = await scene.reviewed("failing", chain, {"shop/run.py": SINK})
    outcomes = dict(await scene.answered_by(failing))
    assert set(outcomes) == {one.name for one in scene.fleet.entries}
    assert "ok" not in outcomes.values()
    scene.fleet.answers = {CHEAP.name: json.dumps(says_it)}
    saying, _ = await scene.reviewed("saying", by(CHEAP.name), {"shop/run.py": SINK, **TEXT})
    assert "Holds a key" in scene.world.said(saying)
    scene.fleet.answers[STRONG.name] = echoing("anthropic")
    for command in ("/quorum config", "/quorum cost"):
        assert (await asked(scene.world, failing, command))[0][-1] == "rocket"
    paths = (
        "/orchestrator/capabilities", "/orchestrator/current-spend", "/orchestrator/spend",
        "/orchestrator/receipts", "/orchestrator/recommendations/review", "/settings/category/orchestrator",
        "/metrics", "/readyz",
    )  # fmt: skip
    answers = [await asking(scene, path) for path in paths]
    assert {one.status_code for one in answers} == {200}
    sent = [f"{one.path} {json.dumps(one.body, default=str)}" for one in scene.world.github.requests]
    stack = scene.world.stack
    places = {
        "web log": stack.web.text(),
        "worker log": stack.worker.text(),
        "GitHub": "\n".join(sent),
        **{one.url.path: one.text for one in answers},
        "database": await scene.ledger.everything(),
        "models list": await told_on_the_command_line(scene, "models", "list", "--all", "--json"),
        "models check": await told_on_the_command_line(scene, "models", "check", "--json"),
    }
    assert {place: found_in(text) for place, text in places.items() if found_in(text)} == {}
    assert found_in(in_valkey(stack.settings["QUORUM_REDIS_URL"])) == []
    assert '"name": "strong"' in places["models list"]
    assert "ANTHROPIC_API_KEY" in places["models check"], "the variable is named, its value is not"


# -- spending


async def test_what_the_interface_says_was_spent_is_what_the_ledger_holds_and_slack_is_told_once(
    scene: Scene, slack: FakeSlack
) -> None:
    """One review takes more than 80 % of the month's budget. Mail fails again and again: Slack hears of it once."""
    assert slack.messages == []
    scene.fleet.answers = {PASSED_ON.name: Reply(NOTHING_FOUND, tokens=Tokens(180_000, 30_000))}
    await scene.reviewed("dear", by(PASSED_ON.name), {"docs/dear.md": "# Dear\n"})
    found = (await asking(scene, "/orchestrator/current-spend")).json()
    spent = await scene.ledger.spent_micros() / 1_000_000
    assert spent > 0.8 * BUDGET_USD
    assert found["spend"] == pytest.approx(spent)
    assert found["budget"] == BUDGET_USD

    async def heard() -> bool:
        return bool(slack.messages)

    await until(heard, 10.0)
    await asyncio.sleep(1.0)  # some more looks
    assert len(slack.messages) == 1
    assert slack.messages[0]["text"].endswith("% of the month's budget is spent")
