"""Answers say what is so, in few words, and mention, link and leak nothing."""

from __future__ import annotations

import pytest

from config.commands import COMMANDS, CommandSpec
from config.repository import RepositoryConfig
from tests.workers.github.test_markdown import HOSTILE, SECRET, html
from workers.domain.budget import Limit, Payer, Period
from workers.domain.spend import Used
from workers.domain.usage import Usage
from workers.github.fences import BODY_MAX_BYTES
from workers.github.render.answers import (
    config_text,
    cost_text,
    dismissed_text,
    help_text,
    nothing_new_text,
    paused_text,
    pending_text,
    refused_text,
    resumed_text,
)
from workers.github.sanitise import sanitiser

CLEANER = sanitiser("https://github.com/octo/repo", [SECRET])
CONFIG = RepositoryConfig()
USED = Usage(2, 12_000, 2_000, 300, 3_700, 4.2)


def unfolded(text: str) -> str:
    return text.split("<details>")[0]


def test_help_lists_every_command_with_what_it_needs() -> None:
    rows = help_text(CONFIG).split("\n")[2 : 2 + len(COMMANDS)]
    assert [row.split("`")[1] for row in rows] == [spec.usage for spec in COMMANDS.values()]
    assert {row.rsplit("| ", 1)[1] for row in rows} == {"write |"}


def test_help_knows_this_repositorys_permissions() -> None:
    config = RepositoryConfig.model_validate({"commands": {"permissions": {"pause": "maintain"}}})
    assert "| `/quorum pause` | Stop reviewing pushes to this pull request. | maintain |" in help_text(config)


def test_help_says_what_is_not_there_yet() -> None:
    assert "*Not there yet: comparisons of models.*" in help_text(CONFIG)
    assert "Not there yet" not in help_text(CONFIG, "review")


def test_help_on_one_command_is_short() -> None:
    assert help_text(CONFIG, "pause") == (
        "`/quorum pause`: Stop reviewing pushes to this pull request.\n\n"
        "It needs the permission `write` in this repository."
    )


def test_help_on_what_is_no_command_is_the_table() -> None:
    assert help_text(CONFIG, "dance") == help_text(CONFIG)


def test_bare_commands_are_told_where_they_work() -> None:
    config = RepositoryConfig.model_validate({"commands": {"bare": True}})
    assert "`/review`" in help_text(config)
    assert "`/review`" not in help_text(CONFIG)


def test_what_somebody_chose_stands_in_sight_and_defaults_are_folded() -> None:
    rows = [("language", "en", "default"), ("review.drafts", "true", "repository")]
    text = config_text(rows, ["`tone` does nothing yet."], CLEANER)
    assert "| `review.drafts` | `true` | repository |" in unfolded(text)
    assert "> ⚠️ `tone` does nothing yet." in unfolded(text)
    assert "language" not in unfolded(text)
    assert "| `language` | `en` | default |" in text
    assert "<summary>1 default</summary>" in text


def test_defaults_alone_are_said_to_be_so() -> None:
    text = config_text([("language", "en", "default")], (), CLEANER)
    assert text.startswith("Every value is its default.")


@pytest.mark.parametrize("origin", ["default", "repository"])
def test_a_configuration_of_any_size_fits_a_comment(origin: str) -> None:
    rows = [(f"key{number}", "ü" * 2_000, origin) for number in range(2_000)]
    text = config_text(rows, ["ü" * 2_000] * 200, CLEANER)
    assert len(text.encode()) <= BODY_MAX_BYTES
    assert "… and 1," in text


def test_cost_is_told_by_stage_and_model() -> None:
    text = cost_text([("review/security", "mid-a", USED), ("review/tests", "mid-b", USED)], USED, CLEANER)
    assert "| review/security | mid-a | 2 | 12,000 | 2,000 | 300 | $0.0037 | 4.2 |" in text
    assert "| total |  | 4 | 24,000 | 4,000 | 600 | $0.0074 | 8.4 |" in text
    assert "This repository, this month (UTC): $0.0037, 2 calls, 12,000 tokens in, 300 out." in text


def test_an_unknown_cost_is_never_nothing() -> None:
    unknown = Usage(1, 5, 0, 5, None, 1.0)
    text = cost_text([("review", "mid-a", USED), ("review", "local", unknown)], USED + unknown, CLEANER)
    assert text.count("cost unknown") == 3
    assert "$0 " not in text


def test_whose_cost_is_unknown_is_named() -> None:
    unknown = Usage(1, 5, 0, 5, None, 1.0)
    text = cost_text([("review", "mid-a", USED), ("review", "local", unknown)], USED + unknown, CLEANER)
    assert "Of unknown cost: local (1 call). The others: $0.0037." in text


def test_known_costs_name_nobody() -> None:
    assert "Of unknown cost" not in cost_text([("review", "mid-a", USED)], USED, CLEANER)


def test_what_is_left_of_the_repositorys_budgets_is_said() -> None:
    budgets = (
        Used(Limit(Payer.REPOSITORY, Period.DAY, 2_000_000, "QUORUM_BUDGET_REPOSITORY_DAY_USD"), 500_000),
        Used(Limit(Payer.REPOSITORY, Period.MONTH, 5_000_000, "orchestration.x"), 9_000_000),
    )
    assert cost_text([], Usage(), CLEANER, budgets).endswith(
        "Left of its budget: today $1.5000 of $2.0000 (`QUORUM_BUDGET_REPOSITORY_DAY_USD`), "
        "this month $0 of $5.0000 (`orchestration.x`)."
    )


def test_without_budgets_nothing_is_said_of_any() -> None:
    assert "budget" not in cost_text([], Usage(), CLEANER)


def test_no_calls_cost_nothing() -> None:
    text = cost_text([], Usage(), CLEANER)
    assert text.startswith("No model was asked")
    assert "no calls" in text


def test_many_models_are_summed_up() -> None:
    text = cost_text([("review", f"m{number}", USED) for number in range(500)], USED, CLEANER)
    assert "| 470 more |" in text
    assert "| total |  | 1,000 |" in text


def test_a_refusal_names_the_reason_and_mentions_nobody() -> None:
    text = refused_text("mona", "it needs the permission `write` in this repository")
    assert text == "`mona`: not done, it needs the permission `write` in this repository."


@pytest.mark.parametrize("spec", [spec for spec in COMMANDS.values() if spec.pending])
def test_a_pending_command_says_what_it_waits_for(spec: CommandSpec) -> None:
    assert pending_text(spec).startswith(f"`{spec.usage}`: ")
    assert "Not there yet: " in pending_text(spec)


def test_a_pause_says_how_it_ends() -> None:
    assert "`/quorum resume`" in paused_text()
    assert resumed_text().startswith("Resumed: ")


def test_a_dismissal_says_who_and_why() -> None:
    assert dismissed_text("mona", "it is a test", CLEANER) == "`mona` dismissed this finding: it is a test"
    assert "“No test”" in dismissed_text("mona", "so what", CLEANER, "No test")


def test_a_reason_closes_no_issue() -> None:
    assert "fixes #1" not in dismissed_text("mona", "fixes #1", CLEANER)


def test_a_head_that_was_reviewed_is_named() -> None:
    assert "`5f3c2e1`" in nothing_new_text("5f3c2e1" + "a" * 33)


@pytest.mark.parametrize(
    "text",
    [
        dismissed_text(HOSTILE, HOSTILE, CLEANER, HOSTILE),
        refused_text("@mona` @octo", "no @octo #1 <img src=x> ![x](https://evil)"),
        config_text([(HOSTILE, HOSTILE, HOSTILE)], [HOSTILE], CLEANER),
        cost_text([(HOSTILE, HOSTILE, USED)], USED, CLEANER),
    ],
)
def test_strangers_words_are_inert(text: str) -> None:
    assert not html(text) - {"<details>", "<summary>", "</summary>", "</details>"}
    assert SECRET not in text
    assert "@octo" not in text
    assert "@mona" not in text
    assert "<!-- quorum" not in text
    assert "\n/merge" not in text
