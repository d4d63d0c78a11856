"""What is said to a model and what is made of its answer: opening, question, judgement, repair."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from workers.domain.task import Task
from workers.llm.answer_key import words_of
from workers.llm.parsing import NO_OBJECT, Parsed, Unusable, parsed
from workers.llm.provider import Answer, Question, Turn

T = TypeVar("T", bound=BaseModel)

SCHEMAS_MAX = 256
REPEATED_MAX_CHARS = 8_000  # of a bad answer shown to the model again
BYTES_PER_TOKEN = (
    3  # code is denser than prose; a low figure errs towards fitting and towards reserving enough
)


@lru_cache(maxsize=SCHEMAS_MAX)
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of the wanted object: made once, for it takes as long as half a request."""
    return model.model_json_schema()


@lru_cache(maxsize=SCHEMAS_MAX)
def schema_words(model: type[BaseModel]) -> str:
    """The same in words, as the name of an answer has it."""
    return words_of(schema_of(model))


@lru_cache(maxsize=SCHEMAS_MAX)
def _schema_bytes(model: type[BaseModel]) -> int:
    return len(json.dumps(schema_of(model)))


def opening(task: Task[T]) -> tuple[Turn, ...]:
    """The shared prefix first: providers cache by common beginnings."""
    return (Turn("user", f"{task.prefix}\n\n{task.prompt}" if task.prefix else task.prompt),)


def repaired(turns: tuple[Turn, ...], answer: Answer, problem: str) -> tuple[Turn, ...]:
    """The conversation, continued by the unusable answer and a demand for another."""
    return (*turns, Turn("assistant", answer.text[:REPEATED_MAX_CHARS]), Turn("user", _demand(problem)))


def question(task: Task[T], turns: tuple[Turn, ...], timeout_s: float) -> Question:
    """The request for one attempt."""
    return Question(
        system=task.system,
        turns=turns,
        schema=schema_of(task.schema),
        schema_name=task.schema.__name__,
        output_max_tokens=task.output_max_tokens,
        timeout_s=timeout_s,
        prefix_chars=len(task.prefix),
    )


def tokens_in(task: Task[T], turns: tuple[Turn, ...]) -> int:
    """About how many tokens go out, rather too many than too few: the schema is told to many models too."""
    texts = (task.system, *(turn.text for turn in turns))
    count = sum(len(text.encode(errors="replace")) for text in texts) + _schema_bytes(task.schema)
    return count // BYTES_PER_TOKEN + 1


def judged(answer: Answer, task: Task[T]) -> Parsed[T] | Unusable:
    """The value in an answer, or what is wrong with it, in words that the model is told."""
    found = parsed(answer.text, task.schema)
    if answer.truncated and (isinstance(found, Unusable) or not found.whole):
        return Unusable(f"the answer was cut off at {task.output_max_tokens} tokens: say less, more briefly")
    if isinstance(found, Unusable):
        return found
    if not found.whole:
        return Unusable(NO_OBJECT)
    problem = task.check(found.value) if task.check is not None else None
    return found if problem is None else Unusable(problem)


def _demand(problem: str) -> str:
    return (
        f"That answer cannot be used: {problem}. Answer once more, with nothing but one complete JSON object."
    )
