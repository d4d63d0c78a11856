"""The operator's interface of a real `quorum web`."""

from __future__ import annotations

import httpx

from tests.bot.admin.operating import BEARER, TOKEN
from tests.bot.cli.test_web import wait, web


def test_a_token_brings_the_interface_with_the_shipped_catalogue(sqlite_url: str) -> None:
    more = {"QUORUM_ADMIN_TOKEN": TOKEN, "QUORUM_PROVIDERS": "anthropic", "ANTHROPIC_API_KEY": "sk-x"}
    with (
        web(QUORUM_DATABASE_URL=sqlite_url, **more) as (_, url),
        httpx.Client(base_url=url, trust_env=False, headers=BEARER) as client,
    ):
        wait(client, "/livez")
        found = client.get("/orchestrator/capabilities").json()
        assert {one["provider"] for one in found["models"] if one["usable"]} == {"anthropic"}
        assert all(one["input_usd_per_million"] for one in found["models"] if one["usable"])
        tiers = client.get("/orchestrator/recommendations/review/security").json()["tiers"]
        assert all(one["model"] for one in tiers.values())
        wanted = {"quality_tier": "balanced", "estimated_usage": {"review": 100}}
        assert client.post("/orchestrator/estimate-cost", json=wanted).json()["total_cost"] > 0
        assert client.get("/orchestrator/spend").json()["total"]["calls"] == 0
        assert client.get("/orchestrator/spend", headers={"authorization": ""}).status_code == 401
