"""How what we deliver stands at GitHub, and whether people have the last word about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workers.domain.delivery import Delivered, Outcome
from workers.github.delivering import OwnPull
from workers.github.render.delivered import CLOSED, STOPPED, STRANGE_BRANCH

PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Place:
    """A repository as it is called now, and the installation that reaches it."""

    installation_id: int
    repo_id: int
    full_name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a topic stands: `tip` is ours unless `outcome` is STOPPED. `outcome` None: it may be delivered."""

    branch: str
    tip: str | None = None
    pull: OwnPull | None = None
    outcome: Outcome | None = None
    why: str = ""

    @property
    def told(self) -> Delivered:
        """What to say of it when nothing is delivered."""
        number, url = (self.pull.number, self.pull.url) if self.pull is not None else (0, "")
        return Delivered(self.outcome or Outcome.UNCHANGED, number, url, self.why)


def judged(standing: Standing, *, ours: bool) -> Standing:
    """Whether it may be delivered; people have the last word."""
    pull = standing.pull
    if pull is not None and not pull.open:
        return replace(standing, outcome=Outcome.CLOSED, why=CLOSED.format(who=PEOPLE))
    if ours:
        return standing
    if pull is None:
        return replace(standing, outcome=Outcome.STOPPED, why=STRANGE_BRANCH.format(branch=standing.branch))
    return replace(standing, outcome=Outcome.STOPPED, why=STOPPED)
