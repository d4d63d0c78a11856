"""What is made from the schema is committed as it is made now, and says what the schema says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from config.generated import generated
from config.keys import Key, basic, every_key, leaves
from config.loader import load
from config.pages import remade
from config.reference import reference_text
from config.repository import RepositoryConfig
from config.schema import schema_text
from config.settings import GROUPS, Settings
from config.template import template_text

ROOT = Path(__file__).parents[2]
BASIC_MAX = 40


@pytest.fixture(scope="module")
def template_words() -> str:
    """The words of the template in one line: made once, for there are many keys."""
    return " ".join(template_text().replace("# ", "").split())


@pytest.fixture(scope="module")
def reference_rows() -> list[str]:
    """The lines of the reference."""
    return reference_text().splitlines()


@pytest.mark.parametrize(("path", "text"), [*generated(ROOT)], ids=lambda one: getattr(one, "name", "text"))
def test_committed_file_is_current(path: Path, text: str) -> None:
    """Else: python -m config.generated."""
    assert path.read_text(encoding="utf-8") == text


def test_the_keys_to_know_are_few() -> None:
    assert len(basic()) <= BASIC_MAX


def test_the_template_says_the_defaults() -> None:
    assert load(template_text(), "example.yml") == RepositoryConfig()


def test_the_template_holds_every_default_as_a_value() -> None:
    shown = yaml.safe_load(template_text())
    defaults = RepositoryConfig().model_dump(mode="json")
    assert shown == defaults


@pytest.mark.parametrize("key", [*every_key()], ids=lambda key: key.dotted)
def test_the_template_says_what_a_key_does_and_what_it_waits_for(key: Key, template_words: str) -> None:
    assert key.description in template_words
    assert key.not_yet in template_words


def test_template_lines_are_short() -> None:
    assert max(map(len, template_text().splitlines())) <= 110


@pytest.mark.parametrize("key", leaves(), ids=lambda key: key.dotted)
def test_the_reference_has_a_row_for_each_value(key: Key, reference_rows: list[str]) -> None:
    row = next(line for line in reference_rows if line.startswith(f"| `{key.dotted}` |"))
    assert key.description in row
    assert row.endswith(f"| `{key.variable}` |")
    assert key.not_yet in row


def test_variables_differ() -> None:
    assert len({key.variable for key in leaves()}) == len(leaves())


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        remade("# Configuration\n", "")


@pytest.mark.parametrize(
    ("dotted", "values"),
    [
        ("review.inline_max", "whole number from 0 to 30"),
        ("review.severity_floor", "`critical`, `high`, `medium` or `low`"),
        ("review.required", "`true` or `false`"),
        ("ignore.titles", "list, at most 100: regular expression (Rust dialect)"),
        ("ignore.size.files_max", "whole number from 1 to 3,000"),
        ("tone", "text of at most 250 characters"),
        ("orchestration.cost_tracking.per_run_usd", "number above 0, at most 1,000,000"),
        ("orchestration.quality_threshold", "number from 0 to 1"),
        (
            "orchestration.cost_tracking.alert_at",
            "list, at most 10, each once: whole number from 1 to 1,000",
        ),
    ],
)
def test_values_are_said_in_words(dotted: str, values: str) -> None:
    assert next(key.values for key in leaves() if key.dotted == dotted) == values


def test_the_schema_speaks_of_what_is_not_there_in_words() -> None:
    text = schema_text()
    assert '"pending"' not in text
    waiting = {key.not_yet for key in leaves() if key.pending}
    assert {words for words in waiting if words not in text} == set()


def test_every_setting_says_what_it_means() -> None:
    assert {name for name, field in Settings.model_fields.items() if not field.description} == set()


def test_every_setting_is_told_once() -> None:
    told = [name for group in GROUPS.values() for name in group.model_fields]
    assert told == list(Settings.model_fields)
