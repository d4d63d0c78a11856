"""From a model's text to a value: JSON bare, fenced or inside prose; a sentence about what is wrong otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)

ANSWER_MAX_CHARS = 400_000
STARTS_MAX = 200  # places where an object may begin: bounds the work on a text of nothing but braces
PROBLEMS_MAX = 8

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a text is no answer; `problem` is a sentence fit for the model's second try."""

    problem: str


def parse(text: str, schema: type[T]) -> T | Unusable:
    """The first JSON object in `text` that satisfies `schema`, or what is wrong with the best candidate."""
    if len(text) > ANSWER_MAX_CHARS:
        return Unusable(f"the answer is longer than {ANSWER_MAX_CHARS} characters")
    problem = "the answer holds no complete JSON object"
    for number, candidate in enumerate(_objects(_THOUGHTS.sub("", text))):
        try:
            return schema.model_validate(candidate)
        except ValidationError as error:
            if number == 0:
                problem = _describe(error)
    return Unusable(problem)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every outermost JSON object of `text`, in order; unfinished ones are passed over."""
    position = 0
    for _ in range(STARTS_MAX):
        position = text.find("{", position)
        if position < 0:
            return
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            position += 1
            continue
        yield value


def _describe(error: ValidationError) -> str:
    problems = [
        f"{'.'.join(str(part) for part in item['loc']) or 'the object'}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    more = f" (and {len(problems) - PROBLEMS_MAX} more)" if len(problems) > PROBLEMS_MAX else ""
    return "the JSON does not fit the schema: " + "; ".join(problems[:PROBLEMS_MAX]) + more
