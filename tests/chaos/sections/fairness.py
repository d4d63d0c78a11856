"""Ten installations, one of them with a backlog: the benchmark's goals are promises here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.chaos.asked import Asked
from tests.chaos.parts import Part, unfinished
from tests.chaos.rows import Row, holds

LIMIT_S = 300.0


def parts(_: Asked) -> Iterator[Part]:
    """One, on both databases at once."""
    yield Part("fairness", ["-m", "tests.bench", "fairness"], LIMIT_S, rows)


def rows(code: int, lines: Sequence[str]) -> list[Row]:
    """Every figure that has a goal."""
    if code or not lines:
        return [unfinished(f"it ended with {code}")]
    return [
        Row(f"{one['name']} {one['goal']} {one['unit']}", holds(one["holds"]), f"{one['value']}")
        for one in json.loads(lines[-1])["results"]
        if one["goal"]
    ]
