"""What editors are told is what the loader does: the same files are right, and the same ones wrong."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from config.loader import load
from config.schema import schema_text
from config.template import starter_text, template_text
from tests.docs.reading import blocks

BROKEN = Path(__file__).parent / "broken"
BEYOND = {
    "bad_regex": "the dialect of expressions is Rust's",
    "look_around": "the same",
    "costly_title": "what an expression costs is counted",
    "hexadecimal": "YAML 1.1 and 1.2 read it as two numbers",
    "octal": "the same",
    "duplicate_key": "the parser's to say",
    "duplicate_nested": "the same",
    "merge_key": "the same",
}
"""Mistakes that a JSON Schema can't see, and why."""


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema_text()))


def test_the_schema_is_one() -> None:
    jsonschema_rs.meta.validate(json.loads(schema_text()))


@pytest.mark.parametrize(
    "text",
    [template_text(), starter_text(), "review:\nignore: {size: }\nwrite:\n  tests: {run: }\n"]
    + [text for _, text in blocks("yaml")],
)
def test_what_loads_is_right_in_editors(text: str, schema: jsonschema_rs.Draft202012Validator) -> None:
    load(text, "quorum.yml")
    assert [str(one) for one in schema.iter_errors(yaml.safe_load(text) or {})] == []


def test_what_is_refused_is_wrong_in_editors(schema: jsonschema_rs.Draft202012Validator) -> None:
    """As far as it can be read at all: words of YAML 1.1 and the like are the loader's alone."""
    unseen = set()
    for file in BROKEN.glob("*.yml"):
        try:
            value = json.loads(json.dumps(yaml.safe_load(file.read_bytes()), allow_nan=False))
        except (yaml.YAMLError, ValueError, TypeError, RecursionError):
            continue
        if schema.is_valid(value):
            unseen.add(file.stem)
    assert unseen == set(BEYOND)
