"""What may follow each command, and what is said of anything else."""

from __future__ import annotations

import pytest

from bot.commands.arguments import NAME_MAX_CHARS, NAMES_MAX, NO_OPTIONS, ArgumentsError, check
from config.commands import ARGUMENTS_MAX_CHARS, COMMANDS, Takes


def problem(name: str, arguments: str) -> str:
    with pytest.raises(ArgumentsError) as caught:
        check(COMMANDS[name], arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("review", ""),
        ("review", "full"),
        ("pause", ""),
        ("ask", "Why is --force here, and x=1?"),
        ("dismiss", "--no-verify is meant"),
        ("docs", ""),
        ("docs", "README.md docs/a=b.md src/..hidden"),
        ("compare", "openai/gpt-5 anthropic/claude:free"),
        ("help", ""),
        ("help", "help"),
    ],
)
def test_what_fits_is_handed_on(name: str, arguments: str) -> None:
    assert check(COMMANDS[name], arguments) == arguments


def test_a_choice_may_be_written_in_capitals() -> None:
    assert check(COMMANDS["review"], "FULL") == "full"


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        (
            "review",
            "--config.model=x",
            f"`/quorum review` takes `full` or nothing, not `--config.model=x`. {NO_OPTIONS}",
        ),
        (
            "review",
            "ful",
            "`/quorum review` takes `full` or nothing, not `ful`. Did you mean `full`?",
        ),
        (
            "review",
            "full full",
            "`/quorum review` takes `full` or nothing, not `full full`. Did you mean `full`?",
        ),
        ("pause", "now", "`/quorum pause` takes nothing more, not `now`."),
        ("pause", "now model=x", f"`/quorum pause` takes nothing more, not `now model=x`. {NO_OPTIONS}"),
        ("ask", "", "`/quorum ask` needs more words: write `/quorum ask <question>`."),
        ("compare", "", "`/quorum compare` needs more words: write `/quorum compare <models>`."),
        (
            "help",
            "revew",
            "`/quorum help` takes a command's name or nothing, not `revew`. Did you mean `review`?",
        ),
        ("docs", "a ../b", "`/quorum docs` takes names, or paths inside the repository, not `../b`."),
        ("docs", "a --b", f"`/quorum docs` takes names or paths, not `--b`. {NO_OPTIONS}"),
    ],
)
def test_what_does_not_fit_is_explained(name: str, arguments: str, said: str) -> None:
    assert problem(name, arguments) == said


@pytest.mark.parametrize(
    "word",
    [
        "--model=x",
        "-m",
        "--",
        "model=x",
        "config.model=x",
        "OPENAI__KEY=sk",
        "model=",
        "base-url=https://evil.example",
    ],
)
@pytest.mark.parametrize("name", [name for name, spec in COMMANDS.items() if spec.takes is not Takes.TEXT])
def test_no_argument_is_an_option(name: str, word: str) -> None:
    assert problem(name, word).endswith(NO_OPTIONS)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "..",
        "../a",
        "a/../b",
        "a/..",
        "~/a",
        "C:\\a",
        "a\\..\\b",
        "https://evil.example/a",
        "//evil/a",
    ],
)
def test_paths_stay_inside_the_repository(path: str) -> None:
    assert "not `" in problem("docs", path)


def test_names_are_limited() -> None:
    assert check(COMMANDS["docs"], " ".join(["a"] * NAMES_MAX))
    assert f"at most {NAMES_MAX} names" in problem("docs", " ".join(["a"] * (NAMES_MAX + 1)))
    assert check(COMMANDS["docs"], "a" * NAME_MAX_CHARS)
    assert f"at most {NAME_MAX_CHARS} characters" in problem("docs", "a" * (NAME_MAX_CHARS + 1))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_arguments_are_limited(name: str) -> None:
    said = f"`/quorum {name}` takes at most 2,000 characters."
    assert problem(name, "a" * (ARGUMENTS_MAX_CHARS + 1)) == said


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_takes_something_or_nothing(name: str) -> None:
    spec = COMMANDS[name]
    assert check(spec, "words" if spec.needed else "") == ("words" if spec.needed else "")
