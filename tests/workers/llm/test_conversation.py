"""What is said to a model, and what is made of its answer."""

from __future__ import annotations

from pydantic import BaseModel

from workers.domain.task import Task
from workers.llm.conversation import (
    BYTES_PER_TOKEN,
    REPEATED_MAX_CHARS,
    judged,
    opening,
    question,
    repaired,
    tokens_in,
)
from workers.llm.parsing import Parsed, Unusable
from workers.llm.provider import Answer, Turn


class Number(BaseModel):
    x: int


TASK = Task("review", "be careful", "what is x?", Number, prefix="shared", output_max_tokens=500)


def value(found: Parsed[Number] | Unusable) -> Number:
    assert isinstance(found, Parsed)
    return found.value


def answer(text: str, *, truncated: bool = False) -> Answer:
    return Answer(text, 1, 0, 1, truncated=truncated)


def test_the_shared_beginning_stands_first_in_the_first_turn() -> None:
    assert opening(TASK) == (Turn("user", "shared\n\nwhat is x?"),)


def test_without_a_shared_beginning_the_prompt_stands_alone() -> None:
    assert opening(Task("review", "", "what is x?", Number)) == (Turn("user", "what is x?"),)


def test_a_question_says_how_much_of_it_is_shared() -> None:
    asked = question(TASK, opening(TASK), 9.0)
    assert (asked.prefix_chars, asked.timeout_s, asked.output_max_tokens) == (len("shared"), 9.0, 500)
    assert (asked.schema_name, asked.schema["required"]) == ("Number", ["x"])


def test_a_repair_shows_the_answer_and_what_is_wrong_with_it() -> None:
    turns = repaired(opening(TASK), answer("no idea"), "x is missing")
    assert [turn.role for turn in turns] == ["user", "assistant", "user"]
    assert turns[1].text == "no idea"
    assert "x is missing" in turns[2].text


def test_a_long_bad_answer_is_repeated_in_part() -> None:
    turns = repaired((), answer("x" * 100_000), "too long")
    assert len(turns[0].text) == REPEATED_MAX_CHARS


def test_tokens_are_counted_in_bytes_not_in_letters() -> None:
    plain, wide = (Task("review", "", letter * 3_000, Number) for letter in ("x", "語"))
    difference = tokens_in(wide, opening(wide)) - tokens_in(plain, opening(plain))
    assert difference == 6_000 // BYTES_PER_TOKEN


def test_a_text_that_is_no_unicode_can_be_counted() -> None:
    task = Task("review", "", "\ud800", Number)
    assert tokens_in(task, opening(task)) > 0


def test_a_good_answer_is_its_value() -> None:
    assert value(judged(answer('{"x": 1}'), TASK)) == Number(x=1)


def test_a_mended_answer_is_trusted_less() -> None:
    bare, mended = judged(answer('{"x": 1}'), TASK), judged(answer("Sure: {'x': 1,}"), TASK)
    assert isinstance(bare, Parsed)
    assert isinstance(mended, Parsed)
    assert bare.confidence == 1.0 > mended.confidence


def test_a_cut_answer_is_told_to_be_shorter() -> None:
    found = judged(answer('{"x":', truncated=True), TASK)
    assert isinstance(found, Unusable)
    assert "cut off at 500 tokens" in found.problem


def test_a_cut_answer_that_is_whole_all_the_same_is_good() -> None:
    assert value(judged(answer('{"x": 1} and', truncated=True), TASK)) == Number(x=1)


def test_the_tasks_own_check_has_the_last_word() -> None:
    task = Task("review", "", "", Number, check=lambda value: "too large" if value.x > 5 else None)
    assert judged(answer('{"x": 7}'), task) == Unusable("too large")
    assert value(judged(answer('{"x": 5}'), task)) == Number(x=5)
