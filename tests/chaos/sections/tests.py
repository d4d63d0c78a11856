"""Promises that a few tests show: each is a name and where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tests.chaos.asked import Asked
from tests.chaos.parts import Part, unfinished
from tests.chaos.rows import Row, Verdict, holds

LIMIT_S = 480.0
TEST_LIMIT_S = 300
"""Of one test: hundreds of deliveries take a slow machine minutes."""
COUNT = re.compile(r"(\d+) (passed|failed|error|skipped)")
BUDGET = "tests/workers/valkey/test_budget"


@dataclass(frozen=True, slots=True)
class Shown:
    """A promise, and the tests that show it."""

    promise: str
    paths: tuple[str, ...]


SHOWN: Mapping[str, Shown] = {
    "killed": Shown("work that kills its worker is parked", ("tests/chaos/test_killed.py",)),
    "lease": Shown("a lost lease writes nothing", ("tests/workers/storage/test_lease.py",)),
    "budget": Shown(
        "no limit of money is exceeded", (f"{BUDGET}.py", f"{BUDGET}_kept.py", f"{BUDGET}_under_stress.py")
    ),
    "pace": Shown("all workers together keep GitHub's pace", ("tests/workers/valkey/test_pacing.py",)),
    "isolation": Shown("nothing runs outside the sandbox", ("tests/workers/analysis/test_sandbox.py",)),
    "keys": Shown("no secret reaches a model or a text", ("tests/journeys/test_keys.py",)),
    "injection": Shown("no stranger's text acts", ("tests/journeys/test_injection.py",)),
}


def parts(_: Asked) -> Iterator[Part]:
    """One for each promise."""
    return (part(f"tests, {name}", shown) for name, shown in SHOWN.items())


def part(name: str, shown: Shown, environment: Mapping[str, str] | None = None) -> Part:
    """One run of pytest."""
    words = ["-m", "pytest", f"--timeout={TEST_LIMIT_S}", *shown.paths]
    return Part(name, words, LIMIT_S, partial(rows, shown.promise), environment or {})


def rows(promise: str, code: int, lines: Sequence[str]) -> list[Row]:
    """What pytest's last line counts; where all were skipped, nothing is shown."""
    counts = {word: int(number) for number, word in COUNT.findall(lines[-1] if lines else "")}
    if not counts:
        return [unfinished(f"pytest ended with {code}: {' | '.join(lines)[-400:]}")]
    said = ", ".join(f"{number} {word}" for word, number in counts.items())
    skipped = not code and not counts.get("passed")
    failed = next((line for line in lines if line.startswith(("FAILED", "ERROR"))), "")
    return [Row(promise, Verdict.SKIPPED if skipped else holds(not code), said, failed)]
