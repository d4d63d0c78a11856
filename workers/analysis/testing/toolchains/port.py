"""What a toolchain is to whoever runs tests with it: a program inside the jail that answers in one line of JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Toolchain(Protocol):
    """Runs test files of some frameworks. Nothing is installed for anybody.

    Its command reads a request from stdin (`root`, `paths`, `test`, `word`, `first_failure_only`, and its own `options`)
    and says in one line, after `word`, what became of each test: `outcomes`, `said`, `missing`, `code`.
    """

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def label(self) -> str:
        """Its name, and which one it is."""
        ...

    @property
    def readable(self) -> tuple[str, ...]:
        """What of this machine's files it must be able to read."""
        ...

    @property
    def command(self) -> Sequence[str]:
        """The program with its arguments."""
        ...

    @property
    def proof(self) -> Sequence[str]:
        """A command that does nothing and ends with 0 where the program can run at all."""
        ...

    @property
    def loads_alone(self) -> bool:
        """Whether any file of its language can be given to it as if it were a test, to see whether it loads at all."""
        ...

    def refusal(self, path: str) -> str:
        """Why it can't run code in a file of that name, "" where it can."""
        ...

    def options(self, files: Mapping[str, str]) -> Mapping[str, object]:
        """What its request holds besides, for the repository `files`."""
        ...

    def no_start(self, code: int, stderr: str) -> str:
        """Why the framework itself did not start, which is no test's fault; "" where it did."""
        ...
