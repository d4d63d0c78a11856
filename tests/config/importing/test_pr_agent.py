"""What single keys of `.pr_agent.toml` become."""

from __future__ import annotations

import contextlib
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import ConfigError
from config.importing.pr_agent import import_pr_agent
from config.importing.pr_agent_rules import RULES
from config.importing.result import Fate, table
from config.loader import load


def ours(text: str) -> object:
    return yaml.safe_load(import_pr_agent(text).file_text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pr_reviewer.num_max_findings = 5", {"review": {"findings_max": 5}}),
        ("[PR_REVIEWER]\nNUM_MAX_FINDINGS = 5", {"review": {"findings_max": 5}}),
        ("config.ignore_pr_title = '^Auto'", {"ignore": {"titles": ["^Auto"]}}),
        ("config.disable_auto_feedback = true", {"review": {"enabled": False}}),
        ("config.model = 'gpt-5'", {"orchestration": {"orchestrator": {"model": "gpt-5"}}}),
        ("github_app.pr_commands = []", {"review": {"enabled": False}}),
        ("ignore.glob = ['vendor/*', '*.lock']", {"ignore": {"paths": ["vendor/**", "*.lock"]}}),
        (
            "pr_reviewer.require_tests_review = false\npr_reviewer.require_security_review = false",
            {"review": {"experts": ["quality", "performance", "dependency", "documentation"]}},
        ),
        (
            "pr_description.publish_description_as_comment = true\ngithub_app.pr_commands = ['/describe']",
            {"review": {"enabled": False}, "write": {"description": {"mode": "comment"}}},
        ),
        ("", None),
    ],
)
def test_what_maps_is_in_the_file(text: str, expected: object) -> None:
    assert ours(text) == expected


@pytest.mark.parametrize(
    ("pattern", "base", "skipped"),
    [
        ("^main$", "main", True),
        ("^main$", "feature/main", False),
        ("main", "feature/main-2", True),
        ("^release/.*$", "release/1/2", True),
        ("^release/.*$", "x/release/1", False),
        (r"^v1\.0$", "v1.0", True),
        ("v[0-9]", "v1", False),
    ],
)
def test_a_branch_is_skipped_as_before_where_a_glob_can_say_it(
    pattern: str, base: str, skipped: bool
) -> None:
    file_text = import_pr_agent(f"config.ignore_pr_target_branches = [{json.dumps(pattern)}]").file_text
    rules = load(file_text, "quorum.yml").ignore
    assert bool(rules.reason(author="a", title="t", labels=(), base_ref=base)) is skipped


def test_an_expression_of_another_dialect_is_left_out_and_told() -> None:
    result = import_pr_agent("config.ignore_pr_title = ['^a', '(?=b)']")
    assert yaml.safe_load(result.file_text) == {"ignore": {"titles": ["^a"]}}
    assert (result.rows[0].fate, "look-around" in result.rows[0].note) == (Fate.IN_PART, True)


@pytest.mark.parametrize(
    "text",
    [
        "pr_reviewer.num_max_findings = 'many'",
        "pr_reviewer.num_max_findings = 0",
        "pr_reviewer.num_max_findings = true",
        "github_app.pr_commands = 3",
        "config = 3",
        "config.model = 2026-01-01",
        "config.model_weak = []",
        "config.ignore_pr_title = ['(']",
        "pr_reviewer.extra_instructions = 3",
    ],
)
def test_a_value_of_the_wrong_kind_is_a_row(text: str) -> None:
    result = import_pr_agent(text)
    assert [row.fate for row in result.rows] == [Fate.UNUSABLE]
    assert yaml.safe_load(result.file_text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[config]\nmodel = ", "line 2"),
        ("a = [\n1,\n", "line 3"),
        ("a = 1\na = 2", "line 2"),
        ("a = " + "[" * 5_000, "too deep"),
        ("a = " + "1" * 5_000, "digits"),
        ("#" * 300_000, "262,144 bytes"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        import_pr_agent(text)


def test_keys_in_keys_without_end_are_looked_at_a_few_levels_deep() -> None:
    rows = import_pr_agent("best_practices." + ".".join("a" * 2_000) + " = 1").rows
    assert [row.value for row in rows] == ["1 key"]


def test_many_braces_are_not_spelled_out() -> None:
    result = import_pr_agent("ignore.glob = ['" + "{a,b}" * 30 + "']")
    assert result.rows[0].fate is Fate.IN_PART


VALUES = st.recursive(
    st.booleans() | st.integers(-(2**80), 2**80) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(RULES)), VALUES, max_size=6))
def test_whatever_stands_in_a_key_the_file_loads(values: dict[str, object]) -> None:
    lines = (f"{key.replace('*', 'x')} = {json.dumps(value)}" for key, value in values.items())
    with contextlib.suppress(ConfigError):  # characters that TOML writes otherwise
        result = import_pr_agent("\n".join(lines))
        load(result.file_text, "quorum.yml")
        table(result)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="config.ignore_pr\n[]{}=!*'\"\\x00é\ud800", max_size=80))
def test_any_text_is_imported_or_explained(text: str) -> None:
    with contextlib.suppress(ConfigError):
        load(import_pr_agent(text).file_text, "quorum.yml")
