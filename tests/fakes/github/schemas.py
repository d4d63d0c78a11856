"""Holds answers against GitHub's published schemas, as githubkit's generated models carry them."""

from __future__ import annotations

import importlib
import json
import types
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from tests.fakes.github.call import Answer


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    models = importlib.import_module("githubkit_schemas.v2026_03_10.models")  # takes seconds: only when asked
    inner = name.removeprefix("[").removesuffix("]")
    model: Any = getattr(models, inner)
    kind: Any = types.GenericAlias(list, (model,)) if inner != name else model
    return TypeAdapter(kind)


def check(name: str, answer: Answer) -> None:
    """Raise pydantic's ValidationError when a successful JSON answer isn't what GitHub publishes.

    `name` is a model, "[Model]" for a list of it, "A|B" for alternatives, "" for an answer without a schema.
    """
    if not name or answer.status >= 300 or answer.body is None or isinstance(answer.body, bytes):
        return
    text = json.dumps(answer.body)
    failures: list[ValueError] = []
    for alternative in name.split("|"):
        try:
            _adapter(alternative).validate_json(text)
        except ValueError as error:
            failures.append(error)
        else:
            return
    raise failures[0]
