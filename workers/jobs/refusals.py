"""What GitHub refuses for good is said once in the log of a process, not at every review."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

import structlog

from workers.domain.errors import UserError

log = structlog.get_logger()

KEPT_MAX = 1_000


@dataclass(slots=True)
class Refusals:
    """Remembers what was said; the oldest is forgotten and may be said again."""

    _said: OrderedDict[tuple[str, int, str], None] = field(default_factory=OrderedDict)

    def tell(self, step: str, repo_id: int, error: UserError) -> None:
        """Log that `step` was refused in a repository, unless the same was said before."""
        key = (step, repo_id, str(error))
        if key in self._said:
            return
        self._said[key] = None
        if len(self._said) > KEPT_MAX:
            self._said.popitem(last=False)
        log.warning("refused by GitHub; not said again", step=step, repo_id=repo_id, error=str(error))
