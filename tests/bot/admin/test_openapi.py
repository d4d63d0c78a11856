"""The description fits what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.admin.registry import ENDPOINTS
from tests.bot.admin.fits import mistakes, resolve
from tests.bot.admin.operating import NOVEMBER_21, Operated
from tests.workers.storage.spending import receipted, spent

ASKED: dict[str, dict[str, Any]] = {
    "/orchestrator/estimate-cost": {"quality_tier": "premium", "estimated_usage": {"review": 1, "docs": 0}},
    "/settings": {"orchestrator": {"quality_tier": "balanced"}},
}
BAD: dict[str, dict[str, Any]] = {
    "/orchestrator/estimate-cost": {"quality_tier": "gold"},
    "/settings": {"orchestrator": {"quality_tier": "premium"}},
}


async def described(operated: Operated) -> dict[str, Any]:
    found = (await operated.client.get("/openapi.json")).json()
    assert isinstance(found, dict)
    return found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from references(one)


async def test_every_path_and_the_description_itself_are_described(simple: Operated) -> None:
    document = await described(simple)
    rows = {(row.path, row.method.lower()) for row in ENDPOINTS} | {("/openapi.json", "get")}
    assert {(path, method) for path, row in document["paths"].items() for method in row} == rows
    assert document["openapi"].startswith("3.1.")


async def test_every_reference_leads_somewhere(simple: Operated) -> None:
    document = await described(simple)
    found = set(references(document))
    assert found
    assert all(resolve(one, document) for one in found)


async def test_operations_are_named_once_and_every_place_in_a_path_is_a_parameter(simple: Operated) -> None:
    document = await described(simple)
    operations = [(path, one) for path, row in document["paths"].items() for one in row.values()]
    assert len({one["operationId"] for _, one in operations}) == len(operations)
    for path, one in operations:
        named = [parameter["name"] for parameter in one.get("parameters", []) if parameter["in"] == "path"]
        assert named == re.findall(r"\{(\w+)\}", path)


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
async def test_answers_and_problems_fit_their_description(simple: Operated, row: Any) -> None:
    await spent(simple.database, at=NOVEMBER_21)
    await receipted(simple.database, at=NOVEMBER_21)
    document = await described(simple)
    path = row.path.replace("{task_type}", "review")
    operation = document["paths"][row.path][row.method.lower()]
    for body, query in ((ASKED, ""), (BAD, "?nonsense=1")):
        answer = await simple.client.request(row.method, path + query, json=body.get(row.path))
        media_type = answer.headers["content-type"]
        schema = operation["responses"][str(answer.status_code)]["content"][media_type]["schema"]
        assert mistakes(answer.json(), schema, document) == []


@pytest.mark.parametrize("path", ASKED)
async def test_what_is_asked_in_these_tests_fits_too(simple: Operated, path: str) -> None:
    document = await described(simple)
    schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert mistakes(ASKED[path], schema, document) == []
    assert mistakes({"nonsense": 1}, schema, document) != []
