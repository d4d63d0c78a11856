"""What the operator is answered."""

from __future__ import annotations

import pytest

from config.operator import OperatorRules
from tests.bot.admin.operating import NOVEMBER_21, Operated, operating
from tests.workers.storage.spending import named, receipted, spent


async def test_capabilities_say_what_each_model_costs_and_whether_it_may_be_asked(simple: Operated) -> None:
    found = (await simple.client.get("/orchestrator/capabilities")).json()
    big, mystery, small = found["models"]
    assert (big["input_usd_per_million"], big["usable"], big["why_not"]) == (3.0, True, None)
    assert (mystery["input_usd_per_million"], mystery["usable"]) == (None, False)
    assert mystery["why_not"] == "ANTHROPIC_API_KEY is not set"
    assert (small["local"], small["free"], small["quality"]) == (True, True, 7)
    assert found["tiers"] == ["budget", "balanced", "premium"]
    assert {"review", "docs", "tests"} <= set(found["workflows"])


async def test_an_estimate_adds_up_by_task_and_by_model(simple: Operated) -> None:
    wanted = {"quality_tier": "balanced", "estimated_usage": {"review": 10, "docs": 2}}
    found = (await simple.client.post("/orchestrator/estimate-cost", json=wanted)).json()
    assert found["total_cost"] == pytest.approx(sum(found["by_task"].values()))
    assert found["by_model"] == {"big": found["total_cost"]}
    assert found["calibration"] == {"ratio": None, "runs": 0}


async def test_an_unknown_price_leaves_the_total_open_and_is_named(simple: Operated) -> None:
    wanted = {"quality_tier": "premium", "estimated_usage": {"review": 1}}
    found = (await simple.client.post("/orchestrator/estimate-cost", json=wanted)).json()
    assert (found["total_cost"], found["by_task"], found["known_cost"]) == (None, {"review": None}, 0.0)
    assert found["unknown_prices"] == ["mystery"]


async def test_an_estimate_says_how_far_off_the_last_ones_were(operated: Operated) -> None:
    await receipted(operated.database, cost_micros=30, estimated_micros=10, at=NOVEMBER_21 - 5)
    wanted = {"quality_tier": "budget", "estimated_usage": {"review": 1}}
    found = (await operated.client.post("/orchestrator/estimate-cost", json=wanted)).json()
    assert (found["calibration"], found["total_cost"]) == ({"ratio": 3.0, "runs": 1}, 0.0)


@pytest.mark.parametrize("path", ["review", "review/security", "review%2Fsecurity"])
async def test_a_task_is_recommended_a_model_on_each_tier(simple: Operated, path: str) -> None:
    found = (await simple.client.get(f"/orchestrator/recommendations/{path}")).json()
    assert {tier: one["model"] for tier, one in found["tiers"].items()} == {
        "budget": "small",
        "balanced": "big",
        "premium": "mystery",
    }
    assert found["tiers"]["budget"]["alternatives"] == [{"model": "other", "why_not": "dearer"}]


@pytest.mark.parametrize("path", ["reveiw", "reveiw%0A"])
async def test_an_unknown_task_is_told_the_nearest(simple: Operated, path: str) -> None:
    answer = await simple.client.get(f"/orchestrator/recommendations/{path}")
    assert answer.status_code == 400
    assert "Did you mean `review`?" in answer.json()["detail"]


async def test_current_spend_is_of_this_month_against_the_budget(operated: Operated) -> None:
    await spent(operated.database, cost_micros=1_500_000, at=NOVEMBER_21)
    await spent(operated.database, cost_micros=None, estimated_micros=500_000, at=NOVEMBER_21)
    await spent(operated.database, cost_micros=9_000_000, at=NOVEMBER_21 - 30 * 86_400)
    assert (await operated.client.get("/orchestrator/current-spend")).json() == {
        "current_month": "2026-11",
        "spend": 1.5,
        "budget": 50.0,
        "budget_remaining": 48.0,
        "calls_of_unknown_cost": 1,
    }


async def test_a_month_is_shown_by_model_repository_and_workflow_beside_its_savings(
    operated: Operated,
) -> None:
    await named(operated.database)
    await spent(operated.database, cost_micros=2_000_000, at=NOVEMBER_21)
    await receipted(operated.database, at=NOVEMBER_21)
    found = (await operated.client.get("/orchestrator/spend?month=2026-11")).json()
    assert (found["total"]["spend"], found["by_repository"][0]["name"]) == (2.0, "octo/repo")
    assert (found["by_model"][0]["name"], found["by_workflow"][0]["name"]) == ("small", "review")
    saving = found["savings"][0]
    assert (saving["saved"], saving["quality"]) == (pytest.approx(0.9), pytest.approx(0.9))
    assert (await operated.client.get("/orchestrator/spend?month=2026-10")).json()["total"]["calls"] == 0


async def test_receipts_show_cost_estimate_premium_and_quality(operated: Operated) -> None:
    await receipted(operated.database, run="one", at=NOVEMBER_21, cost_micros=None)
    await receipted(operated.database, run="other", at=NOVEMBER_21, workflow="docs")
    answer = await operated.client.get("/orchestrator/receipts?workflow=review&repository_id=10&limit=5")
    (found,) = answer.json()["receipts"]
    assert (found["run"], found["at"], found["cost"]) == ("one", "2026-11-21T00:00:00+00:00", None)
    assert (found["premium_cost"], found["quality"], found["validated"]) == (0.0001, 0.9, True)


async def test_settings_are_shown_with_who_set_them(sqlite_url: str) -> None:
    rules = OperatorRules.from_environ({"QUORUM_TIER": "premium"})
    async with operating(sqlite_url, rules, providers="auto", budget_month_usd=50) as running:
        found = (await running.client.get("/settings/category/orchestrator")).json()
    assert found["orchestrator"] == {
        "enabled": True,
        "quality_tier": "premium",
        "monthly_budget": 50.0,
        "prefer_local": False,
        "cost_tracking_enabled": True,
        "current_month": "2026-11",
        "current_month_spend": 0.0,
    }
    assert found["origins"]["quality_tier"] == {
        "origin": "environment QUORUM_TIER",
        "variable": "QUORUM_TIER",
    }
    assert found["origins"]["prefer_local"]["origin"] == "default"


async def test_a_wanted_setting_is_answered_with_the_variable_to_set(simple: Operated) -> None:
    change = {"quality_tier": "premium", "monthly_budget": 20.0, "prefer_local": True, "enabled": True}
    answer = await simple.client.post("/settings", json={"orchestrator": change})
    assert answer.status_code == 409
    assert {one["where"]: one["what"] for one in answer.json()["errors"]} == {
        "orchestrator.quality_tier": "Set QUORUM_TIER=premium.",
        "orchestrator.monthly_budget": "Set QUORUM_BUDGET_MONTH_USD=20.0.",
        "orchestrator.prefer_local": "Set QUORUM_PREFER_LOCAL=true.",
        "orchestrator.enabled": "Name the models that may be asked: set QUORUM_PROVIDERS, or QUORUM_MODEL.",
    }


async def test_what_is_in_force_already_needs_no_change(simple: Operated) -> None:
    answer = await simple.client.post("/settings", json={"orchestrator": {"quality_tier": "balanced"}})
    assert answer.status_code == 200
    assert answer.json() == (await simple.client.get("/settings/category/orchestrator")).json()


async def test_a_budget_is_unset_by_its_variable(sqlite_url: str) -> None:
    async with operating(sqlite_url, budget_month_usd=50) as running:
        answer = await running.client.post("/settings", json={"orchestrator": {"monthly_budget": None}})
    assert answer.json()["errors"][0]["what"] == "Unset QUORUM_BUDGET_MONTH_USD."
