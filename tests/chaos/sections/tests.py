"""Promises that a few tests show: each is a name and where they are. Few processes run many: each has its own stores."""

from __future__ import annotations

import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from tests.chaos.asked import Asked
from tests.chaos.parts import Part, unfinished
from tests.chaos.rows import Row, Verdict, holds

LIMIT_S = 900.0
TEST_LIMIT_S = 300
"""Of one test: hundreds of deliveries take a slow machine minutes."""
BUDGET = "tests/workers/valkey/test_budget"
ENDS = {"failure": "failed", "error": "failed", "skipped": "skipped"}
"""What pytest's report has inside of a test that did not pass."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A promise, and the tests that show it."""

    promise: str
    paths: tuple[str, ...]


SHOWN: Mapping[str, Sequence[Shown]] = {
    "journeys": (
        Shown("work that kills its worker is parked", ("tests/chaos/test_killed.py",)),
        Shown("no secret reaches a model or a text", ("tests/journeys/test_keys.py",)),
        Shown("no stranger's text acts", ("tests/journeys/test_injection.py",)),
    ),
    "stores": (
        Shown("a lost lease writes nothing", ("tests/workers/storage/test_lease.py",)),
        Shown(
            "no limit of money is exceeded",
            (f"{BUDGET}.py", f"{BUDGET}_kept.py", f"{BUDGET}_under_stress.py"),
        ),
        Shown("all workers together keep GitHub's pace", ("tests/workers/valkey/test_pacing.py",)),
        Shown("nothing runs outside the sandbox", ("tests/workers/analysis/test_sandbox.py",)),
    ),
}


def parts(_: Asked) -> Iterator[Part]:
    """A few, each for several promises."""
    return (part(f"tests, {name}", shown) for name, shown in SHOWN.items())


def part(name: str, shown: Sequence[Shown], environment: Mapping[str, str] | None = None) -> Part:
    """One run of pytest."""
    report = Path(tempfile.gettempdir(), f"quorum-tests-{uuid.uuid4().hex}.xml")
    paths = [path for one in shown for path in one.paths]
    words = ["-m", "pytest", f"--timeout={TEST_LIMIT_S}", f"--junitxml={report}", *paths]
    return Part(name, words, LIMIT_S, partial(rows, shown, report), environment or {})


def rows(shown: Sequence[Shown], report: Path, code: int, lines: Sequence[str]) -> list[Row]:
    """What pytest's report counts; where all were skipped, nothing is shown."""
    if not report.exists():
        return [unfinished(f"pytest ended with {code}: {' | '.join(lines)[-400:]}")]
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 # pytest wrote it
    report.unlink()
    return [_row(one, [case for case in cases if _is_of(case, one)]) for one in shown]


def _is_of(case: ElementTree.Element, shown: Shown) -> bool:
    places = (path.removesuffix(".py").replace("/", ".") for path in shown.paths)
    return any(f"{case.get('classname')}.".startswith(f"{place}.") for place in places)


def _row(shown: Shown, cases: Sequence[ElementTree.Element]) -> Row:
    ended = [(str(case.get("name")), _end_of(case)) for case in cases]
    counts = Counter(end for _, end in ended)
    said = ", ".join(f"{number} {end}" for end, number in sorted(counts.items()))
    failed = next((name for name, end in ended if end == "failed"), "")
    if counts and set(counts) == {"skipped"}:
        return Row(shown.promise, Verdict.SKIPPED, said)
    return Row(shown.promise, holds(counts["passed"] > 0 and not failed), said or "no test ran", failed)


def _end_of(case: ElementTree.Element) -> str:
    return next((ENDS[child.tag] for child in case if child.tag in ENDS), "passed")
