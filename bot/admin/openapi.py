"""`GET /openapi.json`: the interface described in OpenAPI 3.1, made from its registry and its shapes."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, RootModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from bot.admin.desk import Desk
from bot.admin.endpoint import Endpoint
from bot.admin.problem import MEDIA_TYPE, Problem
from bot.admin.shape import Nothing

REFS = "#/components/schemas/{model}"
ALWAYS = (400, 401, 429, 503)
WITH_BODY = (408, 413, 415)

Json = dict[str, Any]


class Document(RootModel[Json]):
    """An OpenAPI document."""


def description(endpoints: Sequence[Endpoint]) -> Endpoint:
    """The endpoint that describes `endpoints`, and itself."""

    async def describe(_: Desk, __: Nothing) -> Document:
        return Document(document((*endpoints, row)))

    row = Endpoint("GET", "/openapi.json", "This description", describe, Document)
    return row


def document(endpoints: Sequence[Endpoint]) -> Json:
    """The OpenAPI document of `endpoints`."""
    paths: dict[str, Json] = {}
    for row in endpoints:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Quorum, the operator's interface", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": _schemas(endpoints),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(row: Endpoint) -> Json:
    statuses = sorted({*ALWAYS, *(WITH_BODY if row.method == "POST" else ()), *row.refuses})
    found: Json = {
        "operationId": row.act.__name__,
        "summary": row.summary,
        "responses": {
            "200": {"description": "The answer.", "content": _content("application/json", row.answer)},
            **{str(status): _problem(status) for status in statuses},
        },
    }
    if row.method == "POST":
        found["requestBody"] = {"required": True, "content": _content("application/json", row.asks)}
    else:
        found["parameters"] = _parameters(row)
    return found


def _parameters(row: Endpoint) -> list[Json]:
    schema = row.asks.model_json_schema()
    return [_parameter(row.path, name, one) for name, one in schema.get("properties", {}).items()]


def _parameter(path: str, name: str, schema: Json) -> Json:
    within_path = f"{{{name}}}" in path
    return {
        "name": name,
        "in": "path" if within_path else "query",
        "required": within_path,
        "description": schema.pop("description", ""),
        "schema": schema,
    }


def _problem(status: int) -> Json:
    return {"description": HTTPStatus(status).phrase, "content": _content(MEDIA_TYPE, Problem)}


def _content(media_type: str, model: type[BaseModel]) -> Json:
    return {media_type: {"schema": {"$ref": REFS.format(model=model.__name__)}}}


def _schemas(endpoints: Sequence[Endpoint]) -> Json:
    """Every shape that goes over the wire, by its class's name."""
    asked: set[type[BaseModel]] = {row.asks for row in endpoints if row.method == "POST"}
    answered: set[type[BaseModel]] = {Problem, *(row.answer for row in endpoints)}
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "validation") for model in asked),
        *((model, "serialization") for model in answered),
    ]
    _, found = models_json_schema(modes, ref_template=REFS)
    return dict(sorted(found["$defs"].items()))
