"""The schema as a list of keys, each with its place and its values in words: what is generated is made from these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic.fields import FieldInfo

from config.pending import PENDING
from config.repository import RepositoryConfig, Section, pending_of
from config.words import words

BASIC_DEPTH = 2

JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the file. `section` is what it holds when that is keys again; `entry`, what each of its entries holds."""

    path: tuple[str, ...]
    values: str
    description: str
    default: object
    required: bool = False
    pending: str = ""
    section: type[Section] | None = None
    entry: type[Section] | None = None

    @property
    def name(self) -> str:
        """The last part."""
        return self.path[-1]

    @property
    def dotted(self) -> str:
        """As it is written in messages, "review.output.labels"."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        """The operator's variable that overrides it."""
        return "_".join(("QUORUM", *self.path)).upper()

    @property
    def not_yet(self) -> str:
        """What the key waits for, in brackets; "" when it is in force."""
        return f"(not there yet: {PENDING[self.pending]})" if self.pending else ""


def keys(model: type[Section] = RepositoryConfig, parent: tuple[str, ...] = ()) -> tuple[Key, ...]:
    """The keys that stand directly in `model`, in the order of the schema."""
    schema = model.model_json_schema()
    return tuple(
        _key((*parent, name), field, schema["properties"][name], schema.get("$defs", {}))
        for name, field in model.model_fields.items()
    )


def every_key(model: type[Section] = RepositoryConfig, parent: tuple[str, ...] = ()) -> Iterator[Key]:
    """Every key of the file, a section before its own keys; entries of lists are not gone into."""
    for key in keys(model, parent):
        yield key
        if key.section:
            yield from every_key(key.section, key.path)


def leaves() -> tuple[Key, ...]:
    """Every key that holds a value; these are what can be overridden."""
    return tuple(key for key in every_key() if not key.section)


def basic() -> tuple[Key, ...]:
    """The keys to know: those of the first two levels, without the sections of the first."""
    return tuple(
        key
        for key in every_key()
        if len(key.path) <= BASIC_DEPTH and not (key.section and len(key.path) < BASIC_DEPTH)
    )


def _key(path: tuple[str, ...], field: FieldInfo, schema: JsonSchema, defs: JsonSchema) -> Key:
    section = _section(field.annotation)
    return Key(
        path=path,
        values="" if section else words(schema, defs),
        description=field.description or "",
        default=None if field.is_required() else field.get_default(call_default_factory=True),
        required=field.is_required(),
        pending=pending_of(field),
        section=section,
        entry=None if section else _entry(field.annotation),
    )


def _section(annotation: object) -> type[Section] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None


def _entry(annotation: object) -> type[Section] | None:
    """The section in `tuple[Section, ...]` or `Section | None`."""
    return next((found for one in get_args(annotation) if (found := _section(one))), None)
