"""JSON is found wherever a model puts it; what can't be used is told, never raised."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from workers.llm.parsing import ANSWER_MAX_CHARS, Parsed, Unusable, parse, parsed
from workers.llm.parsing_candidates import candidates
from workers.llm.parsing_reader import Effort, Reader
from workers.llm.parsing_repairs import Repair, confidence


class Point(BaseModel):
    x: int
    label: str = ""


class Line(BaseModel):
    points: tuple[Point, ...]


class Defaults(BaseModel):
    points: tuple[Point, ...] = ()


LARGE_CHARS = 1_000_000
HOSTILE = (
    "{", "[", '{"', '{"a', "{'", "{a:", '{"x":', '[{"x":', '{"x":[', "{/*", "{//", '{"x":"\\', "{}", '{"x":1}', "[1]",
    "<think>", "<think></think>", "</think>\n", "```", '\\"', '{"x":1,', '"', "\ud83d", "{\ufeff", '{"k":[{"k":[', "#",
    '{"x" ' + " " * 50, "“", "{“", '{"x": "a" "', "1", "{-", "\n",
)  # fmt: skip


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
        '{"x": 1}{"x": 1}',
        '{"x": 1, "more": [1, 2]}',
    ],
)
def test_an_object_is_found(text: str) -> None:
    assert parse(text, Point) == Point(x=1)


@pytest.mark.parametrize("text", ["", "No defects.", "{", "[1, 2]", "[]", "null", "{" * 5_000, "[" * 5_000])
def test_no_complete_object_is_said(text: str) -> None:
    assert parse(text, Point) == Unusable("the answer holds no complete JSON object")


@pytest.mark.parametrize("text", ['{"x": 1', '{"x": ', '{"x": 1, "label": "a', '{"x": tru'])
def test_an_object_without_its_end_is_no_answer(text: str) -> None:
    assert isinstance(parse(text, Point), Unusable)


def test_answers_that_differ_are_no_answer() -> None:
    assert parse('{"x": 1}{"x": 2}', Point) == Unusable(
        "the answer holds several JSON objects that fit and differ; give one"
    )


def test_a_list_that_was_cut_off_keeps_its_whole_items_and_is_not_whole() -> None:
    found = parsed('{"points": [{"x": 1}, {"x": 2}, {"x": 3, "la', Line)
    assert isinstance(found, Parsed)
    assert (found.value, found.whole) == (Line(points=(Point(x=1), Point(x=2))), False)


def test_who_asks_for_the_answer_alone_gets_no_half_of_it() -> None:
    assert isinstance(parse('{"points": [{"x": 1}, {"x": 2}, {"x": 3, "la', Line), Unusable)


def test_a_cut_list_without_a_whole_item_says_nothing() -> None:
    assert isinstance(parsed('{"points": [{"x": 3, "la', Line), Unusable)


def test_what_stands_inside_of_a_broken_answer_is_no_answer() -> None:
    assert isinstance(parse('{"points": [oops, {"points": []}]}', Line), Unusable)


def test_an_empty_object_in_a_sentence_is_no_answer() -> None:
    assert isinstance(parse("The call f({}) is fine.", Defaults), Unusable)


def test_a_bare_answer_is_trusted_and_each_repair_costs_trust() -> None:
    bare, mended = parsed('{"x": 1}', Point), parsed("```\n{'x': 1,}\n```", Point)
    assert isinstance(bare, Parsed)
    assert isinstance(mended, Parsed)
    assert (bare.confidence, bare.repairs) == (1.0, frozenset())
    assert 0 < mended.confidence < 1
    assert mended.repairs == {Repair.FENCE, Repair.SINGLE_QUOTES, Repair.COMMAS}


def test_every_repair_costs_trust() -> None:
    assert all(0 < confidence({repair}) < 1 for repair in Repair)


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


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet='{}[]":,x1 \\"\'\n`/*#“”-.eTN\ud83d', max_size=80))
def test_no_text_raises(text: str) -> None:
    assert isinstance(parsed(text, Point), Parsed | Unusable)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=20,
    )
)
def test_tolerance_changes_nothing_of_what_is_valid(value: object) -> None:
    text = json.dumps([value])
    reader = Reader(text, 0, Effort())
    assert reader.read() == json.loads(text.replace("\\u0000", "\\ufffd"))
    assert reader.repairs <= {Repair.SURROGATES}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=5), st.integers(1, 400))
def test_the_work_on_one_text_is_bounded(pieces: list[str], times: int) -> None:
    effort = Effort()
    for _ in candidates("".join(pieces) * times, {"x"}, effort):
        pass
    assert effort.steps_left >= -1 - LARGE_CHARS // 100


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_megabyte_takes_no_more_than_its_share_of_time(piece: str) -> None:
    def seconds(chars: int) -> float:
        started = time.process_time()
        parsed(piece * (chars // len(piece)), Point)
        return time.process_time() - started

    assert seconds(LARGE_CHARS) <= 16 * seconds(LARGE_CHARS // 4) + 0.25  # the noise of a short measure
