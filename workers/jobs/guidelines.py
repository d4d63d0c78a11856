"""A repository's guidelines, read at the base of a pull request: a change has no say in how it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from config.repository import RepositoryConfig
from workers.domain.change import Change, PullRequest, Snapshot
from workers.domain.errors import RateLimitedError, TransientError, UserError
from workers.domain.guidelines import Guidelines, Place, places
from workers.experts.guidelines import GuidelineLimits, gathered
from workers.github.client import InstallationClient
from workers.github.contents import read_file
from workers.github.papers import read_ahead

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Read:
    """The guidelines, and sentences about those that could not be read."""

    guidelines: Guidelines
    notices: tuple[str, ...] = ()


async def read_guidelines(
    client: InstallationClient,
    pull: PullRequest,
    config: RepositoryConfig,
    change: Change,
    snapshot: Snapshot,
    limits: GuidelineLimits,
) -> Read:
    """What the base says: the files named at the root, and those that the head has near `change`.

    A file that isn't there is fine; one that can't be read is said. Nothing is read when no model is asked.
    Raises RateLimitedError, since what comes next would be refused too.
    """
    if not config.orchestration.enabled:
        return Read(Guidelines())
    wanted = places(config.review.guidelines, _paths(change), {*snapshot.files, *_paths(change)})
    await read_ahead(
        client, pull.full_name, pull.base_sha, [place.path for place in wanted[: limits.reads_max]]
    )
    found: list[tuple[Place, str]] = []
    notices: list[str] = []
    seen: set[str] = set()
    for place in wanted[: limits.reads_max]:
        try:
            blob = await read_file(client, pull.full_name, place.path, pull.base_sha)
        except RateLimitedError:
            raise
        except (UserError, TransientError) as error:
            log.info("a guideline could not be read", path=place.path, error=str(error))
            notices.append(f"The guidelines in `{place.path}` of the base could not be read: {error}")
            continue
        if blob is not None and blob.sha not in seen:  # often one is a link to another
            seen.add(blob.sha)
            found.append((place, blob.text))
    return Read(
        gathered(found, config.review.path_instructions, limits), (*notices, *_left_out(wanted, limits))
    )


def _paths(change: Change) -> list[str]:
    """Where its files are and were."""
    return [path for file in change.files for path in (file.path, file.old_path) if path]


def _left_out(wanted: Sequence[Place], limits: GuidelineLimits) -> tuple[str, ...]:
    more = len(wanted) - limits.reads_max
    if more < 1:
        return ()
    return (f"{more} more files of guidelines were not looked for: at most {limits.reads_max} are.",)
