"""What GitHub refuses for good is said once in the log of a process, not at every review."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

import structlog

from workers.github.errors import RefusedError

log = structlog.get_logger()

KEPT_MAX = 1_000


@dataclass(slots=True)
class Refusals:
    """Remembers what was said; the oldest is forgotten and may be said again."""

    _said: OrderedDict[tuple[str, int, str, int], None] = field(default_factory=OrderedDict)

    def tell(self, step: str, repo_id: int, error: RefusedError) -> None:
        """Log that `step` was refused in a repository, unless it was said before; on which pull request is all one."""
        key = (step, repo_id, type(error).__name__, error.status)
        if key in self._said:
            return
        self._said[key] = None
        if len(self._said) > KEPT_MAX:
            self._said.popitem(last=False)
        log.warning("refused by GitHub; not said again", step=step, repo_id=repo_id, error=str(error))
