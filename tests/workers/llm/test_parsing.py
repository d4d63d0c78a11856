"""JSON is found wherever a model puts it; what can't be used is told, never raised."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from workers.llm.parsing import ANSWER_MAX_CHARS, Unusable, parse


class Point(BaseModel):
    x: int
    label: str = ""


@pytest.mark.parametrize(
    "text",
    [
        '{"x": 1}',
        '  \n{"x": 1}\n',
        '```json\n{"x": 1}\n```',
        'Sure! Here it is:\n```\n{"x": 1}\n```\nHope it helps.',
        'The answer is {"x": 1}, I think.',
        'Given {a, b} and {"y": 2}: {"x": 1}',
        '<think>{"x": 9} or not?</think>{"x": 1}',
        '{"x": 1}{"x": 2}',
        '{"x": 1, "more": [1, 2]}',
    ],
)
def test_an_object_is_found(text: str) -> None:
    assert parse(text, Point) == Point(x=1)


@pytest.mark.parametrize(
    "text", ["", "No defects.", '{"x": 1', '{"x": ', "[1, 2]", "null", "{" * 5_000, "[" * 100_000]
)
def test_no_complete_object_is_said(text: str) -> None:
    assert parse(text, Point) == Unusable("the answer holds no complete JSON object")


def test_what_does_not_fit_is_named_by_its_place() -> None:
    found = parse('{"x": "many", "label": 3}', Point)
    assert isinstance(found, Unusable)
    assert "x: Input should be a valid integer" in found.problem
    assert "label: " in found.problem


def test_what_the_model_wrote_is_not_repeated_in_the_problem() -> None:
    found = parse('{"x": "sk-live-0123456789abcdef"}', Point)
    assert isinstance(found, Unusable)
    assert "sk-live" not in found.problem


def test_an_endless_answer_is_refused_unread() -> None:
    found = parse('{"x": 1}' + " " * ANSWER_MAX_CHARS, Point)
    assert isinstance(found, Unusable)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='{}[]":,x1 \\"\n`', max_size=80))
def test_no_text_raises(text: str) -> None:
    assert isinstance(parse(text, Point), Point | Unusable)
