"""Files of which a part could not be read: their pages say so, and so does whoever tells of the run."""

from __future__ import annotations

from collections.abc import Sequence

from workers.analysis.structure.model import Module
from workers.pipelines.documentation.values import Page, Skipped, Source

NAMED_MAX = 5


def partial(made: Sequence[Page | Skipped], sources: Sequence[Source]) -> tuple[str, ...]:
    """One sentence about the pages of `made` whose module is not whole; none where all are."""
    paged = {one.source for one in made if isinstance(one, Page)}
    broken = [one.module for one in sources if one.module.path in paged and not one.module.complete]
    if not broken:
        return ()
    named = ", ".join(map(_where, broken[:NAMED_MAX]))
    more = f" and {len(broken) - NAMED_MAX:,} more" if len(broken) > NAMED_MAX else ""
    return (f"Parts of these files could not be read, and their pages say so: {named}{more}.",)


def _where(module: Module) -> str:
    return f"{module.path} (line {module.gaps[0].start})" if module.gaps else module.path
