"""The labelled data of the benchmark `static`: whole, balanced, and without anything that looks like a real secret."""

from __future__ import annotations

from collections import Counter

import pytest
from ast_grep_py import SgRoot

from tests.bench._planted import FILE, planted
from tests.bench._twins import Twin, twins
from workers.domain.secrets import find_secrets

GRAMMARS = {"py": "python", "js": "javascript", "ts": "typescript", "java": "java", "go": "go"}


@pytest.mark.parametrize("twin", twins(), ids=lambda twin: twin.name)
def test_both_sides_of_a_pair_parse(twin: Twin) -> None:
    for text in twin.files.values():
        assert not SgRoot(text, GRAMMARS[twin.suffix]).root().find_all(kind="ERROR")


def test_half_of_the_pairs_were_held_back() -> None:
    parts = Counter((twin.language, twin.part) for twin in twins() if twin.part != "hard")
    assert len(parts) == 8
    assert len(set(parts.values())) == 1


def test_planted_lines_are_the_same_in_every_run() -> None:
    assert planted() == planted()


def test_no_blank_is_left_in_a_planted_line() -> None:
    assert not [one.line for one in planted() if ":16}" in one.line or "{alnum" in one.line]


def test_the_templates_hold_no_secret() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert {span.kind for span in find_secrets(text)} <= {
        "password",
        "secret",
        "token",
        "api-key",
        "url-password",
    }
