"""The shapes in which models wrap an object: tool calls, names, lists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args, get_origin

from pydantic import AliasChoices, BaseModel

from workers.llm.parsing_candidates import Candidate, candidates
from workers.llm.parsing_reader import Effort
from workers.llm.parsing_repairs import Repair

LEVELS_MAX = 6
SCHEMAS_MAX = 256
INNER_STEPS_MAX = 10_000
WRAPPERS = (
    "arguments",
    "parameters",
    "input",
    "function",
    "tool_calls",
    "properties",
    "answer",
    "output",
    "result",
    "response",
    "data",
    "json",
)


@lru_cache(maxsize=SCHEMAS_MAX)
def names(schema: type[BaseModel]) -> frozenset[str]:
    """The keys that an object of `schema` may have."""
    known = set(schema.model_fields)
    for info in schema.model_fields.values():
        alias = info.validation_alias or info.alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
        known.update(choice for choice in choices if isinstance(choice, str))
    return frozenset(known)


def shapes(
    value: Any, schema: type[BaseModel], levels: int = LEVELS_MAX
) -> Iterator[tuple[dict[str, Any], frozenset[Repair]]]:
    """`value` itself if it is an object, then whatever it may be a wrapper of, with what that costs."""
    if isinstance(value, dict):
        yield value, frozenset()
    if levels > 0:
        for inner, cost in _inside(value, schema):
            for shape, repairs in shapes(inner, schema, levels - 1):
                yield shape, repairs | cost


def _inside(value: Any, schema: type[BaseModel]) -> Iterator[tuple[Any, frozenset[Repair]]]:
    match value:
        case dict():
            for name in (*WRAPPERS, schema.__name__):
                if name in value and name not in schema.model_fields:
                    yield value[name], frozenset({Repair.WRAPPER})
        case [dict() as only]:
            yield only, frozenset({Repair.LIST})
            yield from _listed(value, schema)
        case [dict(), *rest] if all(isinstance(one, dict) for one in rest):
            yield from _listed(value, schema)
        case str():
            yield from _decoded(value, schema)


def _listed(items: list[Any], schema: type[BaseModel]) -> Iterator[tuple[Any, frozenset[Repair]]]:
    """The object whose only list of objects this is."""
    fields = schema.model_fields.items()
    lists = [(name, info) for name, info in fields if get_origin(info.annotation) in (list, tuple)]
    if len(lists) == 1 and _of_objects(lists[0][1].annotation):
        yield {lists[0][0]: items}, frozenset({Repair.LIST})


def _of_objects(annotation: Any) -> bool:
    return any(isinstance(one, type) and issubclass(one, BaseModel) for one in get_args(annotation))


def _decoded(text: str, schema: type[BaseModel]) -> Iterator[tuple[Any, frozenset[Repair]]]:
    """What a string of JSON, and of nothing else, says."""
    if not text.lstrip().startswith(("{", "[")):
        return
    for found in candidates(text, names(schema), Effort(INNER_STEPS_MAX)):
        if isinstance(found, Candidate) and Repair.PROSE not in found.repairs:
            yield found.value, found.repairs | {Repair.ENCODED}
