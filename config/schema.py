"""The JSON Schema of `.github/quorum.yml`, for editors; `python -m config.schema` prints it."""

from __future__ import annotations

import json
import sys

from config.repository import RepositoryConfig

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as it is committed in `config/data/schema.json`."""
    schema = {"$schema": SCHEMA_DIALECT, **RepositoryConfig.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
