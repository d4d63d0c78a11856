"""pydantic's complaints, said in the words of the person who writes the file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.errors import Problem
from config.repository import RepositoryConfig
from config.yaml_tree import Path, Tree, dotted

_EXPECTED: dict[str, Callable[[dict[str, Any]], str]] = {
    "bool_type": lambda _: "must be true or false.",
    "int_type": lambda _: "must be a whole number.",
    "string_type": lambda _: "must be text.",
    "tuple_type": lambda _: "must be a list.",
    "model_type": lambda _: "must hold keys, not a value.",
    "dict_type": lambda _: "must hold keys, not a value.",
    "greater_than_equal": lambda ctx: f"must be at least {ctx['ge']}.",
    "less_than_equal": lambda ctx: f"must be at most {ctx['le']}.",
    "too_short": lambda ctx: f"needs {ctx['min_length']} or more entries.",
    "too_long": lambda ctx: f"has more than {ctx['max_length']} entries.",
    "string_too_short": lambda _: "must not be empty.",
    "string_too_long": lambda ctx: f"has more than {ctx['max_length']} characters.",
    "literal_error": lambda ctx: f"must be one of {ctx['expected']}.",
    "value_error": lambda ctx: f"{ctx['error']}.",
}


def explain(error: ValidationError, tree: Tree) -> Iterator[Problem]:
    """One Problem for each complaint, at its line in the file."""
    for item in error.errors(include_url=False):
        path: Path = item["loc"]
        yield Problem(tree.line(path), dotted(path), _message(item), _fix(item))


def _message(item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        return "is not a key."
    expected = _EXPECTED.get(item["type"])
    return expected(item.get("ctx", {})) if expected else item["msg"] + "."


def _fix(item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        *parent, key = item["loc"]
        valid = _keys(tuple(parent))
        return _nearest(str(key), valid) or f"Keys here are {', '.join(f'`{one}`' for one in valid)}."
    if item["type"] == "literal_error":
        choices = item.get("ctx", {})["expected"].replace(" or ", ", ").split(", ")
        return _nearest(str(item["input"]), [choice.strip("'") for choice in choices])
    return ""


def _nearest(word: str, valid: list[str]) -> str:
    near = difflib.get_close_matches(word.lower(), valid, n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`?" if near else ""


def _keys(parent: Path) -> list[str]:
    """The keys that may stand below `parent`."""
    model: type[BaseModel] = RepositoryConfig
    for part in parent:
        annotation = model.model_fields[str(part)].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return list(model.model_fields)
