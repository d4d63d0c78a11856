"""`quorum models`, as it is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import warm

ROOT = Path(__file__).parents[4]
KEY = "sk-that-nobody-may-see"
SOME = {"QUORUM_PROVIDERS": "auto", "OPENAI_API_KEY": KEY, "OLLAMA_BASE_URL": "http://u:pw@127.0.0.1:9/v1"}


def quorum(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with nothing but `environ` set for it."""
    return warm.quorum("models", *arguments, environ={"PATH": os.environ["PATH"], **environ}, folder=ROOT)


def listed(*arguments: str, **environ: str) -> Mapping[str, dict[str, Any]]:
    done = quorum("list", "--json", *arguments, **environ)
    assert done.returncode == 0, done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)}


def test_only_what_can_be_asked_is_listed() -> None:
    found = listed(**SOME)
    assert {row["provider"] for row in found.values()} == {"openai", "ollama"}


def test_all_are_listed_with_what_is_missing() -> None:
    found = listed("--all", **SOME)
    assert (found["claude-opus-5-5"]["obstacle"], found["gpt-4o"]["usable"]) == (
        "ANTHROPIC_API_KEY is not set",
        True,
    )


def test_prices_are_dollars_per_million_and_null_where_unknown() -> None:
    found = listed("--all")
    assert (found["gpt-4o"]["usd_per_million"], found["qwen-max"]["usd_per_million"]) == (
        {"input": 2.5, "cached": 1.25, "written": 2.5, "output": 10.0},
        None,
    )


def test_the_configured_model_is_listed() -> None:
    found = listed(QUORUM_MODEL="gpt-4o", QUORUM_MODEL_BASE_URL="https://api.openai.com/v1")
    assert [(row["provider"], row["usd_per_million"]["input"]) for row in found.values()] == [
        ("configured", 2.5)
    ]


def test_people_read_a_table() -> None:
    head, *rows = quorum("list", "--all", **SOME).stdout.splitlines()
    line = next(row for row in rows if row.startswith("claude-haiku-5-5"))
    assert head.split()[:3] == ["name", "provider", "quality"]
    assert line.split()[1:7] == ["anthropic", "8.1", "0.1+", "0.5+", "1,000k", "fast"]
    assert "ANTHROPIC_API_KEY is not set" in line


def test_an_empty_list_says_where_all_are() -> None:
    assert "`quorum models list --all`" in quorum("list").stdout


def test_everything_about_one_is_shown() -> None:
    found = json.loads(quorum("show", "GPT-6.1-Sol", "--json", **SOME).stdout)
    assert (found["key_variable"], found["key_set"], found["dearer_above_tokens"]) == (
        "OPENAI_API_KEY",
        True,
        [{"above_tokens": 272_000, "input": 4.0, "cached": 0.2, "written": 5.0, "output": 15.0}],
    )


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    done = quorum("show", "gpt-6-sol")
    assert (done.returncode, "Did you mean `gpt-6.1-sol`?" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "arguments", [("list", "--all"), ("list", "--json"), ("show", "gpt-4o"), ("show", "mistral:7b")]
)
def test_no_secret_is_shown(arguments: tuple[str, ...]) -> None:
    done = quorum(*arguments, **SOME)
    assert done.returncode == 0
    assert not [secret for secret in (KEY, "u:pw") if secret in done.stdout + done.stderr]


def test_a_file_that_can_not_be_used_is_told_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("models:\n  big: {provider: opnai, family: x, quality: 3, context_tokens: 5000}\n")
    done = quorum("list", QUORUM_CATALOGUE=str(path))
    assert (done.returncode, done.stderr) == (
        2,
        f"quorum: {path}: line 2, column 9, `models.big.provider`: names no provider. Did you mean `openai`?\n",
    )


def test_an_unknown_provider_in_the_settings_is_refused() -> None:
    done = quorum("list", QUORUM_PROVIDERS="opnai")
    assert (done.returncode, "Did you mean `openai`?" in done.stderr) == (2, True)


def test_other_commands_do_not_pay_for_it() -> None:
    heavy = ("genai_prices", "yaml", "config.catalogue")
    code = f"import sys, bot.__main__; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
