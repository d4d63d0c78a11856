"""What single keys of `.coderabbit.yaml` become."""

from __future__ import annotations

import contextlib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import ConfigError
from config.importing.coderabbit import import_coderabbit
from config.importing.coderabbit_rules import RULES
from config.importing.result import Fate, table
from config.loader import load


def ours(text: str) -> object:
    return yaml.safe_load(import_coderabbit(text).file_text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reviews: {auto_review: {drafts: true}}", {"review": {"drafts": True}}),
        ("reviews: {auto_review: {auto_incremental_review: false}}", {"review": {"auto_pause_pushes": 1}}),
        ("reviews: {auto_review: {labels: ['!x', y]}}", {"ignore": {"labels": ["x"]}}),
        ("reviews: {path_filters: ['!a.{b,c}', 'src/**']}", {"ignore": {"paths": ["a.b", "a.c"]}}),
        ("reviews: {fail_commit_status: true}", {"review": {"conclusions": {"failed": "failure"}}}),
        ("knowledge_base: {code_guidelines: {enabled: false}}", {"review": {"guidelines": []}}),
        ("reviews: {high_level_summary: false}", {"write": {"description": {"mode": "off"}}}),
        ("reviews:\n", None),
        ("", None),
    ],
)
def test_what_maps_is_in_the_file(text: str, expected: object) -> None:
    assert ours(text) == expected


def test_a_keyword_is_found_as_it_is_written_whatever_its_case() -> None:
    text = "reviews: {auto_review: {ignore_title_keywords: ['[wip]', 'a+b']}}"
    rules = load(import_coderabbit(text).file_text, "quorum.yml").ignore
    said = {"author": "a", "labels": (), "base_ref": "main"}
    assert rules.reason(title="[WIP] x", **said)  # type: ignore[arg-type] # of several types
    assert rules.reason(title="A+B", **said)  # type: ignore[arg-type] # of several types
    assert not rules.reason(title="wip", **said)  # type: ignore[arg-type] # of several types


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("reviews: {auto_review: {drafts: 3}}", "must be true or false"),
        ("reviews: {auto_review: {auto_pause_after_reviewed_commits: many}}", "must be a whole number"),
        ("reviews: {auto_review: {auto_pause_after_reviewed_commits: -1}}", "Input should be greater than"),
        ("reviews: {path_filters: {a: b}}", "must be a list of texts"),
        ("reviews: {path_instructions: x}", "must be a list"),
        ("reviews: {profile: loud}", "must be chill or assertive"),
        ("reviews: 3", "must hold keys"),
        ("language: [en]", "must be text"),
        ("language: 'no language'", "String should match pattern"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_row(text: str, note: str) -> None:
    result = import_coderabbit(text)
    assert [(row.fate, row.note[: len(note)]) for row in result.rows] == [(Fate.UNUSABLE, note)]
    assert yaml.safe_load(result.file_text) is None


def test_of_a_list_what_is_accepted_stays() -> None:
    names = yaml.safe_dump(["a", "b" * 201])
    result = import_coderabbit(f"reviews:\n  ignore_usernames:\n{names.replace('- ', '  - ')}")
    assert yaml.safe_load(result.file_text) == {"ignore": {"authors": ["a"]}}
    assert result.rows[0].fate is Fate.IN_PART


def test_two_keys_that_disagree_are_told() -> None:
    text = "reviews: {auto_review: {auto_incremental_review: false, auto_pause_after_reviewed_commits: 5}}"
    assert ours(text) == {"review": {"auto_pause_pushes": 1}}
    assert "another key already" in import_coderabbit(text).rows[1].note


def test_more_instructions_than_a_file_may_hold_are_refused() -> None:
    entries = [{"path": f"src/{index}/**", "instructions": "é" * 2_000} for index in range(50)]
    result = import_coderabbit(
        yaml.safe_dump({"reviews": {"path_instructions": entries}}, allow_unicode=True)
    )
    assert "65,536" in result.rows[0].note
    load(result.file_text, "quorum.yml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reviews:\n\tdrafts: true", "line 2"),
        ("a: &x [1]\nb: *x", "aliases"),
        ("- reviews", "must hold keys"),
        ("#" * 300_000, "262,144 bytes"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        import_coderabbit(text)


def test_the_table_holds_nothing_that_moves_a_cursor() -> None:
    shown = table(import_coderabbit('"\\e[31mx": 1\nlanguage: "\\e[2J"\n'))
    assert "\x1b" not in shown


def test_a_table_of_no_keys_says_so() -> None:
    assert table(import_coderabbit("")).endswith("No keys.\n")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _nested(values: dict[str, object]) -> dict[str, object]:
    tree: dict[str, object] = {}
    for key, value in values.items():
        place = tree
        *sections, name = key.replace("*", "x").split(".")
        for section in sections:
            inner = place.setdefault(section, {})
            assert isinstance(inner, dict)
            place = inner
        place[name] = value
    return tree


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(RULES)), VALUES, max_size=6))
def test_whatever_stands_in_a_key_the_file_loads(values: dict[str, object]) -> None:
    with contextlib.suppress(ConfigError):  # deeper than is read
        result = import_coderabbit(yaml.safe_dump(_nested(values), allow_unicode=True))
        load(result.file_text, "quorum.yml")
        table(result)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="reviews:auto_path\n -[]{}!*'\"\\x00é", max_size=80))
def test_any_text_is_imported_or_explained(text: str) -> None:
    with contextlib.suppress(ConfigError):
        load(import_coderabbit(text).file_text, "quorum.yml")
