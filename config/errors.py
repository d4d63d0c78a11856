"""What can be wrong with configuration, said so that its writer can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file. `line` counts from 1 (0: the file as a whole); `key` is dotted, "review.inline_max"."""

    line: int
    key: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}, `{self.key}`" if self.key else f"line {self.line}"
        return f"{where}: {self.message}" + (f" {self.fix}" if self.fix else "")


class ConfigError(Exception):
    """A configuration that can't be used; `problems` holds every mistake found, in the order of the file."""

    def __init__(self, origin: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{origin}: " + "; ".join(map(str, problems)))
        self.origin = origin
        self.problems = problems
