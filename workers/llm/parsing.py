"""From a model's text to a value: JSON however it was written, or a sentence about what is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from workers.llm.parsing_candidates import Candidate, Ruin, candidates
from workers.llm.parsing_reader import Effort
from workers.llm.parsing_repairs import Repair, confidence
from workers.llm.parsing_shapes import names, shapes
from workers.llm.parsing_text import cleaned

T = TypeVar("T", bound=BaseModel)

ANSWER_MAX_CHARS = 2_000_000
PROBLEMS_MAX = 8
PLACE_MAX_CHARS = 80
ENCODED_MAX = 3
NO_OBJECT = "the answer holds no complete JSON object"

_ESCAPED = re.compile(r"[{\[\s]*\\")


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a text is no answer; `problem` is a sentence fit for the model's second try."""

    problem: str


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """An answer, what was mended in it, and how far to trust that (0 to 1; 1: bare valid JSON)."""

    value: T
    confidence: float
    repairs: frozenset[Repair]

    @property
    def whole(self) -> bool:
        """Nothing of the answer was lost. Otherwise only the first items of its list are there."""
        return Repair.CUT not in self.repairs


def parse(text: str, schema: type[T]) -> T | Unusable:
    """The whole answer in `text`, or what is wrong with it; an answer that was cut off is not used."""
    found = parsed(text, schema)
    if isinstance(found, Unusable):
        return found
    return found.value if found.whole else Unusable(NO_OBJECT)


def parsed(text: str, schema: type[T]) -> Parsed[T] | Unusable:
    """The one answer in `text` that fits `schema`. Several that differ are none: nobody knows which was meant."""
    if len(text) > ANSWER_MAX_CHARS:
        return Unusable(f"the answer is longer than {ANSWER_MAX_CHARS} characters")
    repairs: set[Repair] = set()
    body = _decoded(cleaned(text, repairs), repairs)
    problem = ""
    found: list[Parsed[T]] = []
    for candidate in candidates(body, names(schema), Effort()):
        if isinstance(candidate, Ruin):
            return Unusable(candidate.problem)
        verdict = _fitted(candidate, schema)
        if isinstance(verdict, Unusable):
            problem = problem or verdict.problem
        else:
            found.append(verdict)
    return _only(found, repairs) if found else Unusable(problem or NO_OBJECT)


def _decoded(text: str, repairs: set[Repair]) -> str:
    """`text`, or what it is the JSON string of (its quotes may be missing)."""
    for _ in range(ENCODED_MAX):
        if not (quoted := text.startswith('"')) and not _ESCAPED.match(text):
            break
        try:
            inner = json.loads(text if quoted else f'"{text}"', strict=False)
        except ValueError:
            break
        repairs.add(Repair.ENCODED)
        text = cleaned(inner, repairs)
    return text


def _fitted(candidate: Candidate, schema: type[T]) -> Parsed[T] | Unusable:
    problem = ""
    for shape, repairs in shapes(candidate.value, schema):
        if Repair.PROSE in candidate.repairs and not names(schema) & shape.keys():
            continue  # an empty object in a sentence fits every schema of defaults
        try:
            value = schema.model_validate(shape)
        except ValidationError as error:
            problem = problem or _describe(error)
        else:
            return Parsed(value, 1.0, candidate.repairs | repairs)
    return Unusable(NO_OBJECT if Repair.CUT in candidate.repairs else problem)


def _only(found: list[Parsed[T]], repairs: set[Repair]) -> Parsed[T] | Unusable:
    first, *others = found
    if any(other.value != first.value for other in others):
        return Unusable("the answer holds several JSON objects that fit and differ; give one")
    repeated = {Repair.REPEATED} if others else set()
    mended = first.repairs | repairs | repeated
    return Parsed(first.value, confidence(mended), frozenset(mended))


def _describe(error: ValidationError) -> str:
    problems = [
        f"{_place(item['loc'])}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    more = f" (and {len(problems) - PROBLEMS_MAX} more)" if len(problems) > PROBLEMS_MAX else ""
    return "the JSON does not fit the schema: " + "; ".join(problems[:PROBLEMS_MAX]) + more


def _place(path: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in path)[:PLACE_MAX_CHARS] or "the object"
