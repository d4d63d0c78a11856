"""The corpus of injections as a command prints it: nothing hidden, nothing that acts where it is pasted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.cli.formats.written import written
from bot.cli.redaction import redacted
from bot.cli.review import FORMATS
from tests.journeys.injecting import Case, corpus
from tests.journeys.survivors import in_code, in_plain
from tests.workers.github.reviews_by_hand import FINDING, review
from workers.domain.review import Coverage, Review

EXACT = {"path", "uri", "evidence", "suggestion", "config_origin", "informationUri", "$schema", "detail"}
"""Values that a program needs as they are; people are not called from them."""

every_case = pytest.mark.parametrize("case", corpus(), ids=lambda case: case.title.replace(" ", "-"))


def told(case: Case) -> Review:
    """A review whose finding says what the case wants in every field."""
    finding = replace(
        FINDING,
        title=case.says[:110],
        description=case.says,
        recommendation=case.says,
        evidence=case.says,
        suggestion=case.says,
        path=case.says if case.where == "path" else FINDING.path,
    )
    read = Coverage(finding.path, ("ruff",))
    return redacted(review(findings=(finding,), notices=(case.says,), reason=case.says, coverage=(read,)))


@every_case
def test_nothing_acts_in_the_text_for_people(case: Case) -> None:
    shown = FORMATS["text"](told(case), False).replace("repository@", "repository ")
    exact = case.where == "path"  # a path is shown as it is
    assert in_code(shown) == set()
    assert exact or in_plain(shown) == set()


@pytest.mark.parametrize("name", ["json", "sarif"])
@every_case
def test_nothing_is_hidden_or_acts_in_a_document_for_programs(case: Case, name: str) -> None:
    document = FORMATS[name](told(case), False)
    assert in_code(document) == set()
    ours = set(said(json.loads(FORMATS[name](review(findings=(FINDING,)), False))))
    texts = [text for key, text in said(json.loads(document)) if key not in EXACT and (key, text) not in ours]
    assert [found for text in texts for found in in_plain(text)] == []


def said(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document with the key that it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from said(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner, key)
    elif isinstance(value, str):
        yield key, value


def test_what_is_escaped_means_the_same() -> None:
    document = {"path": "a\u202e\U000e0041\u200db\ud800.md"}
    assert written(document).isascii()
    assert json.loads(written(document)) == document


def test_a_suggestion_that_hides_something_is_none() -> None:
    hidden = replace(FINDING, suggestion="x = '\u202e'")
    [finding] = redacted(review(findings=(hidden,))).findings
    assert finding.suggestion is None
