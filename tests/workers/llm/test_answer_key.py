"""A key is the same for the same question of the same repository, whatever the run, and for no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.llm.answer_key import answer_key, may_be_kept, words_of
from workers.llm.provider import Question, Turn

ASKED = Question(
    system="Data stands between <<< w0rd and >>> w0rd.",
    turns=(Turn("user", "<<< w0rd\ncode\n>>> w0rd\nWhat is wrong?"),),
    schema={"type": "object", "title": "Findings"},
    schema_name="Findings",
    output_max_tokens=1_000,
    timeout_s=60.0,
)


def key(question: Question = ASKED, *, owner: str = "1/2", boundary: str = "w0rd", **other: str) -> str:
    named = {"provider": "openai", "model": "gpt", "prompt_version": "review/1", **other}
    schema = words_of(question.schema)
    return answer_key(owner, question=question, schema=schema, boundary=boundary, **named)


def again(question: Question, boundary: str) -> Question:
    """The same question in a run of another word."""
    turns = tuple(replace(turn, text=turn.text.replace("w0rd", boundary)) for turn in question.turns)
    return replace(question, system=question.system.replace("w0rd", boundary), turns=turns)


def test_another_run_has_another_boundary_and_the_same_key() -> None:
    assert key(again(ASKED, "0ther"), boundary="0ther") == key()


def test_how_long_one_would_wait_is_no_part_of_the_question() -> None:
    assert key(replace(ASKED, timeout_s=1.0, prefix_chars=7)) == key()


def test_the_order_of_a_schema_s_keys_does_not_matter() -> None:
    assert key(replace(ASKED, schema={"title": "Findings", "type": "object"})) == key()


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, system="Be brief."),
        replace(ASKED, turns=(*ASKED.turns, Turn("user", "And?"))),
        replace(ASKED, turns=(replace(ASKED.turns[0], role="assistant"),)),
        replace(ASKED, schema={"type": "object"}),
        replace(ASKED, schema_name="Report"),
        replace(ASKED, output_max_tokens=999),
    ],
)
def test_another_question_has_another_key(other: Question) -> None:
    assert key(other) != key()


def test_another_repository_has_another_key() -> None:
    assert key(owner="1/3") != key()


def test_another_model_or_prompt_has_another_key() -> None:
    others = {key(provider="own"), key(model="gpt-mini"), key(prompt_version="review/2")}
    assert len(others | {key()}) == 4


@given(st.text(max_size=40))
def test_no_data_looks_like_a_boundary(data: str) -> None:
    """Where one question has its boundary another cannot have text that makes it the same."""
    marked = replace(ASKED, turns=(Turn("user", "a w0rd b"),))
    plain = replace(ASKED, turns=(Turn("user", f"a {data.replace('w0rd', '')} b"),))
    assert key(marked) != key(plain)


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert len(key(replace(ASKED, system=text + "\ud83d"))) == 64


def test_an_answer_that_repeats_the_run_s_word_is_not_for_another_run() -> None:
    assert may_be_kept('{"findings": []}', "w0rd")
    assert may_be_kept("w0rd")
    assert not may_be_kept('{"title": "w0rd"}', "w0rd")
