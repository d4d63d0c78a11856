"""What a key may hold, from its JSON Schema, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

JsonSchema = Mapping[str, Any]

NOTHING: JsonSchema = {"type": "null"}  # unset: goes without saying


def words(schema: JsonSchema, defs: JsonSchema) -> str:
    """The values that `schema` accepts, e.g. "a whole number from 0 to 30"; `defs` is what its `$ref`s point into."""
    if "anyOf" in schema:
        return "; or ".join(words(one, defs) for one in schema["anyOf"] if one != NOTHING)
    if "$ref" in schema:
        return "keys: " + one_of(tuple(defs[schema["$ref"].rpartition("/")[2]]["properties"]), last="and")
    if "enum" in schema:
        return one_of(schema["enum"])
    return _BY_TYPE[schema["type"]](schema, defs)


def one_of(values: tuple[str, ...], last: str = "or") -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{value}`" for value in values]
    return " ".join((", ".join(quoted[:-1]), last, quoted[-1])) if quoted[1:] else quoted[0]


def _number(schema: JsonSchema, noun: str) -> str:
    least, most, above = (schema.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
    if above is not None:
        return f"{noun} above {above:,}, at most {most:,}"
    if most is None or most >= 2**53:  # as far as any integer goes: nobody needs to be told
        return f"{noun}, {least:,} or more"
    return f"{noun} from {least:,} to {most:,}"


def _text(schema: JsonSchema, _: JsonSchema) -> str:
    if "pattern" in schema:
        return f"text that matches `{schema['pattern']}`"
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if most is None:
        return "text"
    return f"text of {least:,} to {most:,} characters" if least else f"text of at most {most:,} characters"


def _list(schema: JsonSchema, defs: JsonSchema) -> str:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    count = f"{least} or more" if least else f"at most {most:,}" if most else "any number"
    once = ", each once" if schema.get("uniqueItems") else ""
    items = schema["items"]
    return f"list, {count}{once}: {items.get('description') or words(items, defs)}"


def _mapping(schema: JsonSchema, defs: JsonSchema) -> str:
    names = schema.get("propertyNames", {}).get("enum", ())
    return f"for each of {one_of(names, 'and')}: {words(schema['additionalProperties'], defs)}"


_BY_TYPE: Mapping[str, Callable[[JsonSchema, JsonSchema], str]] = {
    "boolean": lambda _, __: "`true` or `false`",
    "integer": lambda schema, _: _number(schema, "whole number"),
    "number": lambda schema, _: _number(schema, "number"),
    "string": _text,
    "array": _list,
    "object": _mapping,
}
