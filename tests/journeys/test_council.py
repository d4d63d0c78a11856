"""Several model families on one change: what they share is confirmed, what another disproves is not posted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.databases import Valkey
from tests.fakes.models import Answer, ModelRequest, server_error
from tests.journeys.modelling import STRONG, Entry, Scene, scene_of
from tests.journeys.shared_world import Services
from tests.journeys.world import NOTHING_FOUND

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = Entry("other-strong", "openai", 9.3, (3.0, 12.0))
THIRD = Entry("third-strong", "google", 9.2, (3.0, 12.0))
CODE = """\
from flask import redirect


def target(request, known):
    name = request.args.get("next")
    if name is None:
        name = "home"
    limit = known.get(name, 0)
    return redirect(request.args["next"], limit)
"""
FILES = {"auth/target.py": CODE}
REDIRECT = '    return redirect(request.args["next"], limit)'
GUARD = "    if name is None:"


def stated(title: str, rule: str, quote: str, severity: str, why: str) -> dict[str, Any]:
    return {
        "aspect": "security",
        "severity": severity,
        "path": "auth/target.py",
        "quote": quote,
        "title": title,
        "description": why,
        "recommendation": "Check `request.args` against the list of known targets before `redirect` is called.",
        "confidence": 0.9,
        "suggestion": None,
        "rule": rule,
    }


FOUND = stated(
    "Open redirect: the target is what the caller sends",
    "open-redirect",
    REDIRECT,
    "high",
    "`redirect` sends a visitor wherever the `next` argument of a link says, because nothing checks the target.",
)
FOUND_TOO = stated(
    "Unvalidated target of a redirect",
    "unvalidated-redirect",
    REDIRECT,
    "high",
    "A link with a foreign address in `next` sends visitors away: the redirect target is never validated.",
)
WRONG = stated(
    "`name` can be None when it is looked up",
    "none-lookup",
    "    limit = known.get(name, 0)",
    "medium",
    "`known.get` is called with None when the argument `next` is missing.",
)


def saying(finding: dict[str, Any]) -> Callable[[ModelRequest], Answer]:
    """A reviewer that says this from the side of security, and disproves the wrong claim when asked."""

    def answer(request: ModelRequest) -> Answer:
        if "You check claims about defects" in request.raw:
            reason = "`name` is set to a string when it is missing."
            return json.dumps(
                {"verdicts": [{"claim": 1, "verdict": "refuted", "reason": reason, "quote": GUARD}]}
            )
        about_security = '- \\"security\\"' in request.raw
        return json.dumps({"findings": [finding]}) if about_security else NOTHING_FOUND

    return answer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: Valkey
) -> AsyncIterator[Scene]:
    services = Services(sqlite_template, valkey_server.url)
    folder = tmp_path_factory.mktemp("council")
    settings = {"QUORUM_MODEL_ATTEMPTS_MAX": "1"}
    async with scene_of(folder, services, OTHER, THIRD, settings=settings) as scene:
        yield scene


async def test_what_two_share_is_confirmed_and_what_one_disproves_is_folded_away(scene: Scene) -> None:
    scene.fleet.answers |= {
        STRONG.name: saying(FOUND),
        OTHER.name: saying(FOUND_TOO),
        THIRD.name: saying(WRONG),
    }
    pull, _ = await scene.reviewed("council", "orchestration: {tier: premium}\n", FILES)
    comments = scene.world.github.review_comments(pull)
    (redirect,) = [one for one in comments if "Open redirect" in one["body"]]
    assert redirect["line"] == 9
    assert f"{STRONG.name} open-redirect, {OTHER.name} unvalidated-redirect (confirmed)" in redirect["body"]
    assert not [one for one in comments if "None when it is looked up" in one["body"]]
    said = scene.world.said(pull)
    assert "Refuted, and not counted: 1 statement" in said
    assert "is set to a string when it is missing" in said
    assert "up to 3 model families a question" in said
    asked = {row["model"] for row in await scene.ledger.calls(pull.number) if row["outcome"] == "ok"}
    assert asked == {STRONG.name, OTHER.name, THIRD.name}


async def test_one_family_that_is_down_is_told_and_spoils_nothing(scene: Scene) -> None:
    scene.fleet.answers |= {
        STRONG.name: saying(FOUND),
        OTHER.name: server_error(),
        THIRD.name: NOTHING_FOUND,
    }
    pull, run = await scene.reviewed("council-down", "orchestration: {tier: premium}\n", FILES)
    assert "Of several models that were asked the same, some gave no answer" in scene.world.said(pull)
    assert (run.output["title"] or "").startswith("1 blocking")


async def test_one_model_is_enough_where_the_rules_say_so(scene: Scene) -> None:
    scene.fleet.answers |= {one.name: NOTHING_FOUND for one in (STRONG, OTHER, THIRD)}
    rules = "orchestration: {tier: premium, consensus: {models_max: 1, refute: false}}\n"
    pull, _ = await scene.reviewed("council-of-one", rules, FILES)
    assert {row["model"] for row in await scene.ledger.calls(pull.number)} == {STRONG.name}
