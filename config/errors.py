"""What can be wrong with configuration, said so that its writer can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file. `line` and `column` count from 1 (0: none); `key` is dotted, "review.inline_max"."""

    line: int
    key: str
    message: str
    fix: str = ""
    column: int = 0

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [f"column {self.column}"] if self.column else []
        where += [f"`{self.key}`"] if self.key else []
        said = f"{self.message} {self.fix}".rstrip()
        return f"{', '.join(where)}: {said}" if where else said


class ConfigError(Exception):
    """A configuration that can't be used; `problems` holds every mistake found, in the order of the file."""

    def __init__(self, origin: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{origin}: " + "; ".join(map(str, problems)))
        self.origin = origin
        self.problems = problems
