"""Whether a value fits a JSON Schema, as far as our shapes use it; a keyword that is not known here is an error."""

from __future__ import annotations

import re
from typing import Any

ANNOTATIONS = {"title", "description", "default"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def mistakes(value: Any, schema: dict[str, Any], document: dict[str, Any], where: str = "$") -> list[str]:
    """What does not fit, one sentence each."""
    found: list[str] = []
    for keyword, rule in schema.items():
        if keyword not in ANNOTATIONS:
            found += _CHECKS[keyword](value, rule, schema, document, where)
    return found


def resolve(reference: str, document: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` points to."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    assert isinstance(found, dict)
    return found


def _type(value: Any, rule: Any, *more: Any) -> list[str]:
    fits = isinstance(value, TYPES[rule]) and (rule == "boolean" or not isinstance(value, bool))
    return [] if fits else [f"{more[2]}: no {rule}"]


def _properties(value: Any, rule: Any, _: Any, document: Any, where: str) -> list[str]:
    return [
        one
        for name, schema in rule.items()
        if name in value
        for one in mistakes(value[name], schema, document, f"{where}.{name}")
    ]


def _others(value: Any, rule: Any, schema: Any, document: Any, where: str) -> list[str]:
    others = {name: one for name, one in value.items() if name not in schema.get("properties", {})}
    if rule is True:
        return []
    if rule is False:
        return [f"{where}: {name} is too much" for name in others]
    return [bad for name, one in others.items() for bad in mistakes(one, rule, document, f"{where}.{name}")]


def _items(value: Any, rule: Any, _: Any, document: Any, where: str) -> list[str]:
    return [bad for at, one in enumerate(value) for bad in mistakes(one, rule, document, f"{where}[{at}]")]


def _any_of(value: Any, rule: Any, _: Any, document: Any, where: str) -> list[str]:
    return [] if any(not mistakes(value, one, document) for one in rule) else [f"{where}: fits no variant"]


def _holds(holds: bool, where: str, keyword: str) -> list[str]:
    return [] if holds else [f"{where}: {keyword}"]


_CHECKS: dict[str, Any] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _others,
    "items": _items,
    "anyOf": _any_of,
    "$ref": lambda v, r, _, d, w: mistakes(v, resolve(r, d), d, w),
    "required": lambda v, r, _, __, w: [f"{w}: {name} is missing" for name in r if name not in v],
    "enum": lambda v, r, _, __, w: _holds(v in r, w, "enum"),
    "const": lambda v, r, _, __, w: _holds(v == r, w, "const"),
    "minimum": lambda v, r, _, __, w: _holds(v >= r, w, "minimum"),
    "maximum": lambda v, r, _, __, w: _holds(v <= r, w, "maximum"),
    "exclusiveMinimum": lambda v, r, _, __, w: _holds(v > r, w, "exclusiveMinimum"),
    "exclusiveMaximum": lambda v, r, _, __, w: _holds(v < r, w, "exclusiveMaximum"),
    "maxLength": lambda v, r, _, __, w: _holds(len(v) <= r, w, "maxLength"),
    "minProperties": lambda v, r, _, __, w: _holds(len(v) >= r, w, "minProperties"),
    "maxProperties": lambda v, r, _, __, w: _holds(len(v) <= r, w, "maxProperties"),
    "pattern": lambda v, r, _, __, w: _holds(re.search(r, v) is not None, w, "pattern"),
}
