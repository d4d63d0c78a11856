"""pydantic's complaints, said in the words of the person who writes the file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args

import annotated_types
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from config.errors import Problem
from config.leaves import bare
from config.repository import RepositoryConfig
from config.yaml_tree import Path, Tree, dotted, shown

MESSAGE_MAX_CHARS = 400
WORD_MAX_CHARS = 64

_Words = Callable[[dict[str, Any]], str]


def _always(text: str) -> _Words:
    return lambda _: text


_EXPECTED: dict[str, _Words] = {
    "bool_type": _always("must be true or false."),
    "int_type": _always("must be a whole number."),
    "int_from_float": _always("must be a whole number."),
    "int_parsing_size": _always("has too many digits."),
    "float_type": _always("must be a number."),
    "finite_number": _always("must be a finite number."),
    "string_type": _always("must be text."),
    "string_unicode": _always("must be text."),
    "tuple_type": _always("must be a list."),
    "model_type": _always("must hold keys, not a value."),
    "model_attributes_type": _always("must hold keys, not a value."),
    "dict_type": _always("must hold keys, not a value."),
    "missing": _always("is missing."),
    "greater_than_equal": lambda ctx: f"must be at least {ctx['ge']:,}.",
    "less_than_equal": lambda ctx: f"must be at most {ctx['le']:,}.",
    "greater_than": lambda ctx: f"must be more than {ctx['gt']:,}.",
    "too_short": lambda ctx: f"needs {ctx['min_length']} or more entries.",
    "too_long": lambda ctx: f"has more than {ctx['max_length']} entries.",
    "string_too_short": _always("must not be empty."),
    "string_too_long": lambda ctx: f"has more than {ctx['max_length']:,} characters.",
    "string_pattern_mismatch": lambda ctx: f"must match `{ctx['pattern']}`.",
    "literal_error": lambda ctx: f"must be one of {ctx['expected']}.",
    "enum": lambda ctx: f"must be one of {ctx['expected']}.",
    "value_error": lambda ctx: f"{ctx['error']}.",
}
_OUT_OF_RANGE = frozenset({"greater_than_equal", "less_than_equal", "greater_than"})


def explain(error: ValidationError, tree: Tree, schema: Any = RepositoryConfig) -> Iterator[Problem]:
    """One Problem for each complaint, at its line and column in the file that `schema` describes."""
    for item in error.errors(include_url=False):
        path: Path = item["loc"]
        line, column = tree.place(path)
        yield Problem(
            line, dotted(path), _message(item, schema)[:MESSAGE_MAX_CHARS], _fix(item, tree, schema), column
        )


def _message(item: ErrorDetails, schema: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "is not a key."
    if item["loc"] == ("language",) and item["type"] == "string_pattern_mismatch":
        return "must be a language's code, e.g. `de` or `pt-BR`."
    if item["type"] in _OUT_OF_RANGE and (said := _range(item["loc"], schema)):
        return said
    expected = _EXPECTED.get(item["type"])
    return expected(item.get("ctx", {})) if expected else item["msg"] + "."


def _fix(item: ErrorDetails, tree: Tree, schema: Any) -> str:
    if item["type"] == "extra_forbidden":
        *parent, key = item["loc"]
        valid = _keys(tuple(parent), schema)
        return nearest(str(key), valid) or f"Keys here are {', '.join(f'`{one}`' for one in valid)}."
    if item["type"] in ("literal_error", "enum"):
        choices = item.get("ctx", {})["expected"].replace(" or ", ", ").split(", ")
        return nearest(str(item["input"]), [choice.strip("'") for choice in choices])
    written = tree.plain.get(item["loc"])
    if item["type"] == "string_type" and written:
        return f'Quote it: "{shown(written)}".'
    return ""


def nearest(word: str, valid: Sequence[str]) -> str:
    """ "Did you mean `x`?", or "" where nothing is like `word`."""
    if len(word) > WORD_MAX_CHARS:  # comparing takes the square of the length
        return ""
    near = difflib.get_close_matches(word.lower(), valid, n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`?" if near else ""


def _keys(parent: Path, schema: Any) -> list[str]:
    """The keys that may stand below `parent`."""
    found, _ = _type_at(parent, schema)
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def _type_at(path: Path, schema: Any) -> tuple[Any, list[object]]:
    """The type of what stands at `path`, and its limits."""
    found = schema
    limits: list[object] = []
    for part in path:
        if isinstance(part, str) and isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(part)
            if field is None:
                return None, []
            annotation, limits = field.annotation, [*field.metadata]
        else:
            annotation, limits = get_args(found)[0 if isinstance(part, int) else -1], []
        limits += _metadata(annotation)
        found = bare(annotation)
    return found, limits


def _metadata(annotation: Any) -> Iterator[object]:
    """The limits in `Annotated[…]` and in `Annotated[…] | None`."""
    for one in getattr(annotation, "__metadata__", ()):
        yield from one.metadata if isinstance(one, FieldInfo) else (one,)
    if type(None) in get_args(annotation):
        for one in get_args(annotation):
            yield from _metadata(one)


def _range(path: Path, schema: Any) -> str:
    """Both ends in one sentence; "" where only one is set."""
    _, limits = _type_at(path, schema)
    least = next((one.ge for one in limits if isinstance(one, annotated_types.Ge)), None)
    above = next((one.gt for one in limits if isinstance(one, annotated_types.Gt)), None)
    most = next((one.le for one in limits if isinstance(one, annotated_types.Le)), None)
    if most is not None and least is not None:
        return f"must be between {least:,} and {most:,}."
    if most is not None and above is not None:
        return f"must be more than {above:,} and at most {most:,}."
    return ""
