"""Whoever doubts a promise is told a command that there is."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

from tests.bench.__main__ import names as benchmarks
from tests.chaos.sections import reconcile
from tests.chaos.sections.registry import names as sections
from tests.chaos.sections.tests import SHOWN
from tests.docs.reading import CELL, ROOT

PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
COLUMNS = ["promise", "rests on", "shown by", "measured"]
COMMAND = re.compile(r"`make ([^`]+)`")


def promises() -> list[list[str]]:
    """The rows of every table whose columns are those."""
    found, within = [], False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in CELL.split(line)[1:-1]]
        within = cells == COLUMNS or (within and bool(cells))
        if within and cells != COLUMNS and not line.startswith("|---"):
            found.append(cells)
    return found


def is_there(command: str) -> bool:
    """Whether `make` and these words show anything."""
    target, *words = command.split()
    given = dict(word.split("=", 1) for word in words)
    if target == "chaos":
        return set(given.get("ONLY", sections()[0]).split(",")) <= set(sections())
    if target == "bench":
        return given["NAME"] in benchmarks()
    if target == "test":
        return Path(ROOT, given["ARGS"]).exists()
    return target in sections()


def test_every_promise_has_a_command_that_shows_it_and_a_figure() -> None:
    assert len(promises()) > 15
    for promise, _, shown_by, measured in promises():
        commands = COMMAND.findall(shown_by)
        assert commands, promise
        assert measured, promise
        assert all(is_there(command) for command in commands), (promise, commands)


def test_what_the_tests_show_is_promised() -> None:
    shown = [one.promise for one in (*chain(*SHOWN.values()), reconcile.SHOWN)]
    assert not [promise for promise in shown if f"*{promise}*" not in PAGE]
