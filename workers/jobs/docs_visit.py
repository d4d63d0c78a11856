"""One run of the docs job: the branch, how far it is, and what has become of each of its modules."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.change import PullRequest
from workers.domain.delivery import Topic
from workers.github.client import InstallationClient
from workers.github.render.blocks import count
from workers.github.render.documented import PageRow, PagesMade
from workers.github.sanitise import Sanitiser
from workers.jobs.delivering import Place
from workers.jobs.documenting import AT_ONCE_MAX, Told
from workers.jobs.rules import Rules
from workers.jobs.showing import Steps
from workers.pipelines.docs import Documented
from workers.storage.lease import Lease

TOPIC = "docs"


@dataclass(frozen=True, slots=True)
class Spot:
    """The branch that is documented, at `base_sha`; `pull` is where somebody asked, None after a push."""

    repo_id: int
    full_name: str
    base_ref: str
    base_sha: str
    pull: PullRequest | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of the job, once it is known what is to be done; `steps` hears how far it is."""

    lease: Lease
    client: InstallationClient
    spot: Spot
    rules: Rules
    sanitiser: Sanitiser
    steps: Steps

    @property
    def place(self) -> Place:
        """The repository."""
        return Place(self.lease.claim.key.installation_id, self.spot.repo_id, self.spot.full_name)

    @property
    def topic(self) -> Topic:
        """One pull request of documentation for each branch."""
        return Topic(TOPIC, self.spot.base_ref)

    def tell(self, read: Told, done: int) -> None:
        """So many of the modules whose pages are behind are through."""
        stale = len(read.request.sources)
        self.steps.tell(
            f"{count(read.modules, 'module')} read",
            f"{done:,} of {count(stale, 'page')} done",
            *([f"{read.rest:,} more wait for another run"] if read.rest else []),
        )
        if stale > AT_ONCE_MAX:
            self.steps.hasten()


def pages_made(visit: Visit, read: Told, documented: Documented) -> PagesMade:
    """Every module accounted for: written now, up to date, without a page, or waiting."""
    rows = tuple(
        PageRow(
            page.path,
            page.source,
            page.outcome,
            page.path not in read.request.pages,
            page.score,
            page.doubts,
        )
        for page in documented.pages
        if page.text != read.request.pages.get(page.path)
    )
    written = {row.path for row in rows}
    unchanged = sum(page.outcome == "unchanged" and page.path not in written for page in read.standing.pages)
    return PagesMade(
        visit.spot.base_ref,
        visit.spot.base_sha,
        rows,
        unchanged,
        {one.source: one.why for one in (*read.standing.skipped, *documented.skipped)},
        read.standing.orphans,
        read.rest + (read.unsaid if documented.calls else 0),
        tuple(path for path in read.offered if path not in written),
        (*read.notices, *documented.notices),
        documented.calls,
        documented.quality,
        documented.passed,
    )
