"""The JSON Schema of `.github/quorum.yml`, for editors; `python -m config.schema` prints it."""

from __future__ import annotations

import json
import sys
from typing import Any

from config.pending import PENDING
from config.repository import RepositoryConfig
from config.words import NOTHING

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as it is committed in `config/data/schema.json`."""
    schema = {"$schema": SCHEMA_DIALECT, **_said(_emptied(RepositoryConfig.model_json_schema()))}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _emptied(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` with keys that may be left without a value, as the loader takes them: editors show no mistake there."""
    below = {name: _open(section) for name, section in schema["$defs"].items()}
    return _open(schema) | {"$defs": below}


def _open(section: dict[str, Any]) -> dict[str, Any]:
    return section | {"properties": {name: _or_nothing(name, section) for name in section["properties"]}}


def _or_nothing(name: str, section: dict[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = section["properties"][name]
    if name in section.get("required", ()) or NOTHING in value.get("anyOf", ()):
        return value
    if "$ref" in value:
        return {"anyOf": [{"$ref": value["$ref"]}, NOTHING]} | {k: v for k, v in value.items() if k != "$ref"}
    choices = {"enum": [*value["enum"], None]} if "enum" in value else {}
    return value | {"type": [value["type"], "null"]} | choices


def _said(node: Any) -> Any:
    """`node` with the marks of pending keys turned into words, which editors show."""
    if isinstance(node, list):
        return [_said(item) for item in node]
    if not isinstance(node, dict):
        return node
    said = {key: _said(value) for key, value in node.items() if key != "pending"}
    if isinstance(mark := node.get("pending"), str):
        said["description"] = f"{said['description']} (not there yet: {PENDING[mark]})"
    return said


if __name__ == "__main__":
    sys.stdout.write(schema_text())
