"""What a test file holds, as its syntax tree tells it: the ground on which it is judged without being run."""

from __future__ import annotations

from dataclasses import dataclass

ENTRIES_MAX = 2_000
NAME_MAX_CHARS = 200
WRITING = "open for writing"
"""What a call of `open` is called that may change a file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One import: `module` as written (".a", "lodash"), `names` taken out of it."""

    module: str
    line: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """A call or mark by its whole name ("time.sleep"), aliases resolved; `case` is the test that it stands in, or ""."""

    name: str
    line: int
    case: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One test. `checks` counts its assertions; `asks` are its parameters, which fixtures fill."""

    name: str
    line: int
    checks: int
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """`broken` is the first line (from 1) that does not parse, 0 when all does; `words` are all names of its code."""

    broken: int = 0
    imports: tuple[Wanted, ...] = ()
    uses: tuple[Used, ...] = ()
    cases: tuple[Case, ...] = ()
    words: tuple[str, ...] = ()
