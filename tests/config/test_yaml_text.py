"""What is written as YAML is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.yaml_text import flow, pair
from config.yaml_tree import read_tree


@pytest.mark.parametrize(
    "text", ["off", "null", "1", "a: b", "- x", "", "#", "é\u2028\x85\x00\x7f", "a\nb", "*.x", "~"]
)
def test_a_text_stays_a_text(text: str) -> None:
    assert read_tree(f"k: {flow(text)}").value == {"k": text}


def test_lines_are_written_as_lines() -> None:
    assert pair("said", "one\ntwo: 2") == "said: |-\n  one\n  two: 2"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_comes_back(text: str) -> None:
    assert read_tree(pair("k", text)).value == {"k": text}
    assert read_tree(pair("k", ({"a": text},))).value == {"k": ({"a": text},)}
