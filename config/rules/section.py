"""What all sections of the file have in common: kinds of values, their keys, their strictness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from config.pattern_cost import cost
from config.patterns import compile_regex

Expert = Literal["security", "quality", "performance", "dependency", "tests", "documentation"]
UseCase = Literal["simple", "moderate", "complex"]

RULES_MAX = 100
PATTERN_MAX_CHARS = 200
COST_MAX = 200_000
"""Units of all expressions of one key, see `config.pattern_cost`: about a fifth of a second."""
ID_MAX = 2**63 - 1


def affordable(value: Any) -> Any:
    """Expressions as they are, before any of them is compiled, which holds the whole process.

    Raises ValueError when they cost more than COST_MAX together.
    """
    total = 0
    for one in value if isinstance(value, list | tuple) else ():
        total += cost(one[:PATTERN_MAX_CHARS]) if isinstance(one, str) else 0
        if total > COST_MAX:
            raise ValueError(
                f"takes too long to compile, up to `{one}` at least: repeat less, or say `[a-z]` for `\\w`"
            )
    return value


def _regex(value: str) -> str:
    compile_regex(value)
    return value


def _some_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if (
        not values
    ):  # not `min_length`: pydantic counts valid entries only, and would hide what is wrong with them
        raise ValueError("needs 1 or more entries")
    return _once(values)


def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if twice is not None:
        raise ValueError(f"lists `{twice}` twice")
    return values


@dataclass(frozen=True, slots=True)
class Says:
    """What a validator of ours demands, as JSON Schema, so that editors and the reference know of it."""

    schema: JsonDict

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The type's own schema and what is demanded besides."""
        return {**handler(core), **self.schema}


_ONCE = Says({"uniqueItems": True})
_SOME_ONCE = Says({"uniqueItems": True, "minItems": 1})
_REGEX = Says({"description": "regular expression (Rust dialect)"})  # `format: regex` would be JavaScript's

Text = Annotated[str, Field(min_length=1, max_length=PATTERN_MAX_CHARS)]
Texts = Annotated[tuple[Text, ...], Field(max_length=RULES_MAX)]
Regexes = Annotated[tuple[Annotated[Text, AfterValidator(_regex), _REGEX], ...], Field(max_length=RULES_MAX)]
"""Each key of them is `affordable` before."""
Experts = Annotated[tuple[Expert, ...], AfterValidator(_some_once), _SOME_ONCE]
UseCases = Annotated[tuple[UseCase, ...], AfterValidator(_some_once), _SOME_ONCE]
Percents = Annotated[
    tuple[Annotated[int, Field(ge=1, le=1_000)], ...], Field(max_length=10), AfterValidator(_once), _ONCE
]
Ids = Annotated[tuple[Annotated[int, Field(ge=1, le=ID_MAX)], ...], Field(max_length=RULES_MAX)]
Usd = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]


def key(default: Any, description: str, *, pending: str = "", **limits: Any) -> Any:
    """A key's field. `pending` names the capability that it waits for."""
    extra: JsonDict | None = {"pending": pending} if pending else None
    if callable(default):
        return Field(default_factory=default, description=description, json_schema_extra=extra, **limits)
    return Field(default, description=description, json_schema_extra=extra, **limits)


def pending_of(field: FieldInfo) -> str:
    """The capability that a key waits for; "" when it is in force."""
    extra = field.json_schema_extra
    return str(extra.get("pending", "")) if isinstance(extra, dict) else ""


class Section(BaseModel):
    """A mapping of the file: frozen, strict about types; a key without a value means its default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, values: Any) -> Any:
        if not isinstance(values, dict) or None not in values.values():
            return values
        return {
            key: value for key, value in values.items() if value is not None or key not in cls.model_fields
        }
