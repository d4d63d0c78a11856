"""Usage is made sane before an SDK reads it, and everything else stays as it came."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workers.llm.providers.amending import TOKENS_MAX, amended

numbers = st.one_of(st.integers(), st.floats(), st.booleans())
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), numbers, st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def counts(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in counts(one)]
    if isinstance(value, list):
        return [number for one in value for number in counts(one)]
    return [value] if isinstance(value, int | float) else []


@given(values)
def test_all_counts_are_sane_afterwards(usage: Any) -> None:
    document = json.loads(amended(json.dumps({"usage": usage, "usageMetadata": usage}).encode()))
    found = [*counts(document.get("usage")), *counts(document.get("usageMetadata"))]
    assert all(0 <= count <= TOKENS_MAX for count in found)


@given(st.binary(max_size=50))
def test_what_is_no_document_comes_back_as_it_is(body: bytes) -> None:
    assert amended(body) == body or body.lstrip().startswith(b"{")


def test_a_document_without_a_fault_comes_back_byte_for_byte() -> None:
    body = b'{"usage":  {"prompt_tokens": 7, "details": {"cached_tokens": 0}, "cost": 0.5}, "id": -1}'
    assert amended(body) is body


def test_numbers_outside_of_usage_are_not_touched() -> None:
    document = json.loads(amended(b'{"usage": {"n": -1}, "score": -5}'))
    assert document == {"usage": {"n": 0}, "score": -5}


def test_a_message_without_usage_gets_an_empty_one() -> None:
    assert json.loads(amended(b'{"type": "message"}'))["usage"] == {"input_tokens": 0, "output_tokens": 0}


def test_a_document_too_deep_to_read_comes_back_as_it_is() -> None:
    body = b"[" * 200_000
    assert amended(body) is body
