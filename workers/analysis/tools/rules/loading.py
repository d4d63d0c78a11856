"""Reads the rule files beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
FILES: Mapping[str, tuple[str, ...]] = {
    "python": ("python.yml", "python_flows.yml"),
    "javascript": ("javascript.yml", "javascript_flows.yml"),
    "typescript": ("javascript.yml", "javascript_flows.yml"),
    "tsx": ("javascript.yml", "javascript_flows.yml"),
    "java": ("java.yml", "java_flows.yml"),
    "go": ("go.yml", "go_flows.yml"),
    "kotlin": ("kotlin.yml",),
    "rust": ("rust.yml",),
}


@dataclass(frozen=True, slots=True)
class Text:
    """What to say when a rule matched: `title` in a few words, `why` it matters, `fix` what to do.

    `aspect` and `severity` are values of the domain's enums; `cwe` is "" where no weakness is meant;
    `topic` "style" marks rules about the form of code that works, which are said together.
    """

    id: str
    aspect: str
    severity: str
    title: str
    why: str
    fix: str
    cwe: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """An ast-grep rule: `config` is its "rule", "constraints" and "utils"; `bad` and `good` are code it must (not) match.

    Each group of `needs` holds words, one of which stands in every text that the rule can match.
    """

    id: str
    severity: str
    config: Mapping[str, Any] = field(repr=False)
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()

    @property
    def is_flow(self) -> bool:
        """Whether it follows values through a function."""
        return "-flow-" in self.id

    def concerns(self, text: str) -> bool:
        """Whether the rule can match in `text` at all: a glance, where building the rule costs milliseconds."""
        return all(any(word in text for word in group) for group in self.needs)


@cache
def rules(language: str) -> tuple[Rule, ...]:
    """The rules for `language`, in the files' order; none for an unknown one. Package data, so read once."""
    return tuple(_rule(row) for name in FILES.get(language, ()) for row in _rows(name))


@cache
def texts() -> Mapping[str, Text]:
    """The text of every rule: ast-grep's by id, ruff's by code. Package data, so read once."""
    names = dict.fromkeys(name for group in FILES.values() for name in group)
    return {row["id"]: _text(row) for name in (*names, "ruff.yml") for row in _rows(name)}


def _rows(name: str) -> Iterator[Mapping[str, Any]]:
    loader = getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    )  # the C one is ten times as fast; not in every build
    with (FOLDER / name).open("rb") as stream:
        yield from yaml.load(stream, Loader=loader)  # noqa: S506 # both are safe loaders


def _rule(row: Mapping[str, Any]) -> Rule:
    config = {key: row[key] for key in ("rule", "constraints", "utils") if key in row}
    return Rule(
        row["id"],
        row["severity"],
        config,
        tuple(row.get("bad", ())),
        tuple(row.get("good", ())),
        tuple(tuple(group) for group in row.get("needs", ())),
    )


def _text(row: Mapping[str, Any]) -> Text:
    return Text(**{name: str(row.get(name, "")) for name in Text.__dataclass_fields__})
