"""What of a change is new since it was looked at last: what is gone explains what came once, and cheaply."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.experts.changes import added
from workers.analysis.since import since
from workers.domain.adjudication import Past, ReadFile, Round

BODY = [
    "def total(prices):",
    "    kept = [price for price in prices if price]",
    "    log(len(kept), kept)",
    "    return sum(kept) / len(kept)",
]
OTHER = ["def other(value):", "    return value * 2 + 1 - value"]
LINES = st.lists(st.sampled_from([*BODY, *OTHER, "", "    pass"]), max_size=14).map("\n".join)


def fresh(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, list[int]]:
    last = Round(1, "a" * 40, "b" * 40, {path: ReadFile(path) for path in old})
    found = since(Past(last, (), dict(old)), [added(path, text) for path, text in new.items()])
    return {path: sorted(file.fresh) for path, file in found.files.items() if file.fresh}


def text(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({"a.py": text(*OTHER, *BODY)}, {}),  # moved
        ({"a.py": text(*OTHER), "b.py": text(*BODY)}, {}),  # to another file
        ({"a.py": text(*BODY, *OTHER), "b.py": text(BODY[3])}, {"b.py": [1]}),  # a copy
        (
            {"a.py": text(*OTHER), "b.py": text(BODY[3], "x = 1", *BODY)},
            {"b.py": [1, 2]},
        ),  # a copy of what moved
        (
            {"a.py": text(*BODY[:3], "    return (", "        sum(kept) / len(kept)", "    )", *OTHER)},
            {"a.py": [4, 6]},
        ),
        (
            {"a.py": text(*BODY[:2], "    log(", "        len(kept), kept,", "    )", BODY[3], *OTHER)},
            {},
        ),  # wrapped
        (
            {
                "a.py": text(*BODY[:3], "    return sum(kept) / max(1, len(kept))", *OTHER),
                "b.py": text(BODY[3]),
            },
            {"a.py": [4], "b.py": [1]},  # edited in its place, and copied
        ),
    ],
)
def test_what_came_is_new_unless_it_was_there(
    new: Mapping[str, str], expected: Mapping[str, list[int]]
) -> None:
    assert fresh({"a.py": text(*BODY, *OTHER)}, new) == expected


@settings(max_examples=40)
@given(LINES, LINES)
def test_only_lines_that_came_are_fresh_and_of_a_new_file_without_an_old_one_all(old: str, new: str) -> None:
    count = new.count("\n") + 1
    assert set(fresh({"a.py": old}, {"a.py": new}).get("a.py", [])) <= set(range(1, count + 1))
    assert fresh({}, {"a.py": new}) == {"a.py": list(range(1, count + 1))}
    assert fresh({"a.py": new}, {"a.py": new}) == {}


def test_a_large_file_that_was_turned_over_costs_little() -> None:
    lines = [f"    value{number} = call{number % 97}(argument, {number})" for number in range(1_000)]
    turned = random.Random(0).sample(lines, len(lines))
    alike = ["    total = total + 1"] * 200
    start = time.process_time()
    assert fresh({"a.py": text(*lines)}, {"a.py": text(*turned, "x = 1")})["a.py"][-1] == 1_001
    assert fresh(
        {"a.py": text(*lines[:300], *alike)}, {"a.py": text(*lines[:300]), "b.py": text("x", *alike)}
    ) == {"b.py": [1]}
    assert time.process_time() - start < 2.0
