"""Which experts look at a change: those that the configuration names and that have something to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.experts.base import Expert, View


def selected(experts: Iterable[Expert], names: Sequence[str], view: View) -> tuple[Expert, ...]:
    """The experts whose aspect is in `names` and that find `view` worth running on, in registry order."""
    return tuple(expert for expert in experts if expert.aspect.value in names and expert.worth_running(view))
