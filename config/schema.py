"""The JSON Schema of `.github/quorum.yml`, for editors; `python -m config.schema` prints it."""

from __future__ import annotations

import json
import sys
from typing import Any

from config.pending import PENDING
from config.repository import RepositoryConfig

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as it is committed in `config/data/schema.json`."""
    schema = {"$schema": SCHEMA_DIALECT, **_said(RepositoryConfig.model_json_schema())}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


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
