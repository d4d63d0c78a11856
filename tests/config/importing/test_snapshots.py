"""Two whole files of others: each of their keys has a row, and what maps is a file that loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.importing.building import Rules
from config.importing.coderabbit_rules import RULES as CODERABBIT
from config.importing.pr_agent_rules import RULES as PR_AGENT
from config.importing.result import Fate
from config.keys import every_key
from config.loader import load
from tests.config.importing.snapshots import FILES, imported, snapshots


@pytest.mark.parametrize(("path", "text"), [pair for source in FILES for pair in snapshots(source).items()])
def test_an_import_gives_what_it_gave(path: Path, text: str) -> None:
    """Else look at the difference, and: python -m tests.config.importing.snapshots."""
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("source", FILES)
def test_the_file_loads(source: str) -> None:
    assert load(imported(source).file_text, source).language == "en-US"


@pytest.mark.parametrize(("source", "rules"), [("coderabbit", CODERABBIT), ("pr-agent", PR_AGENT)])
def test_every_known_key_has_a_row(source: str, rules: Rules) -> None:
    rows = [row.key for row in imported(source).rows]
    for key in rules:
        stem = key.removesuffix("*")
        assert any(row == key or row.startswith(f"{stem.rstrip('.')}.") for row in rows), key


@pytest.mark.parametrize(("source", "unknown"), [("coderabbit", "not_a_key"), ("pr-agent", "openai")])
def test_only_what_is_no_key_is_not_known_and_its_value_is_not_shown(source: str, unknown: str) -> None:
    rows = [row for row in imported(source).rows if row.fate is Fate.UNKNOWN]
    assert [(row.key, row.value) for row in rows] == [(unknown, "(not shown)")]


@pytest.mark.parametrize("source", FILES)
def test_rows_point_to_keys_that_exist(source: str) -> None:
    ours = {key.dotted for key in every_key()}
    named = {to for row in imported(source).rows for to in row.to.split(", ") if to}
    assert {to.removesuffix(".model") for to in named} <= ours


@pytest.mark.parametrize("source", FILES)
def test_what_has_no_counterpart_says_why(source: str) -> None:
    assert all(row.note for row in imported(source).rows if row.fate in (Fate.NOTHING, Fate.IN_PART))
