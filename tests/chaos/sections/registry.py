"""Every section of `make chaos`, and which may run beside which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.asked import Asked
from tests.chaos.parts import Part
from tests.chaos.sections import fairness, hosts, load, reconcile, storm, tests


@dataclass(frozen=True, slots=True)
class Section:
    """`together`: its parts run beside each other. `timed`: it judges time, so nothing may run beside it."""

    name: str
    parts: Callable[[Asked], Iterator[Part]]
    together: bool = False
    timed: bool = False


STORM = Section("storm", storm.parts, together=True)
HOSTS = Section("hosts", hosts.parts, together=True)
TESTS, RECONCILE = Section("tests", tests.parts, together=True), Section("reconcile", reconcile.parts)
LOAD, FAIRNESS = Section("load", load.parts, timed=True), Section("fairness", fairness.parts, timed=True)
PHASES: Sequence[Sequence[Section]] = ((STORM, HOSTS, TESTS, RECONCILE), (LOAD,), (FAIRNESS,))
"""One after the other; sections of one phase run beside each other: what they ask holds on a busy machine, too."""
SHORT: Sequence[Sequence[Section]] = ((Section("storm", storm.parts),),)
"""For each change: one storm after the other, and the tests are run there anyway."""


def names() -> tuple[str, ...]:
    """What ONLY= may pick."""
    return tuple(section.name for phase in PHASES for section in phase)


def chosen(only: Sequence[str], *, short: bool) -> list[list[Section]]:
    """The phases with what was picked; without a choice all of them, or the short form's."""
    phases = SHORT if short and not only else PHASES
    picked = ([one for one in phase if not only or one.name in only] for phase in phases)
    return [phase for phase in picked if phase]
