"""What a review reads of a pull request, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.operator import OperatorRules
from config.settings import Settings
from workers.domain.change import Change, ChangedFile, Hunk, PullRequest, Snapshot
from workers.domain.errors import UserError
from workers.experts.guidelines import GuidelineLimits
from workers.github.archive import SnapshotLimits
from workers.github.changes import read_files, unlisted_count
from workers.github.client import InstallationClient
from workers.github.contents import fill_texts, read_snapshot, read_text
from workers.jobs.background import read_background
from workers.jobs.guidelines import read_guidelines
from workers.jobs.proposing import Proposal
from workers.jobs.rules import Rules
from workers.pipelines.review import ReviewRequest


async def read_request(
    client: InstallationClient,
    issues: InstallationClient,
    pull: PullRequest,
    rules: Rules,
    settings: Settings,
    parse_patch: Callable[[str], tuple[Hunk, ...]],
    operator: OperatorRules,
    dismissed: Mapping[str, str],
) -> ReviewRequest:
    """Everything the pipeline needs of `pull`; every changed file is in it, read or with the reason why not.

    `issues` is a client that may read issues.
    """
    change, snapshot = await read_change(client, issues, pull, settings, parse_patch)
    read = await read_guidelines(client, pull, rules.config, change, snapshot, GuidelineLimits())
    proposed = Proposal(rules, pull.full_name, change, operator).told()
    notices = (*rules.notices, *proposed, *read.notices)
    return ReviewRequest(
        change, snapshot, rules.config, rules.origin, notices, dismissed, guidelines=read.guidelines
    )


async def read_change(
    client: InstallationClient,
    issues: InstallationClient,
    pull: PullRequest,
    settings: Settings,
    parse_patch: Callable[[str], tuple[Hunk, ...]],
) -> tuple[Change, Snapshot]:
    """The change with what it says it is for, and the repository at its head. `issues` may read issues."""
    files, snapshot = await read_code(client, pull, settings, parse_patch)
    unlisted = unlisted_count(pull, files)
    background = await read_background(client, issues, pull)
    change = Change(
        base_sha=pull.base_sha,
        head_sha=pull.head_sha,
        files=files,
        title=pull.title,
        body=pull.body,
        author=pull.author,
        attributes=await read_attributes(client, pull),
        notices=(*_unlisted(len(files), unlisted), *background.notices),
        unlisted=unlisted,
        commits=background.commits,
        linked=background.linked,
    )
    return change, snapshot


async def read_code(
    client: InstallationClient,
    pull: PullRequest,
    settings: Settings,
    parse_patch: Callable[[str], tuple[Hunk, ...]],
) -> tuple[tuple[ChangedFile, ...], Snapshot]:
    """The changed files, each with its text at the head or the reason why not, and the repository around them."""
    files = await read_files(client, pull, settings.files_max, parse_patch)
    snapshot = await read_snapshot(client, pull.full_name, pull.head_sha, files, snapshot_limits(settings))
    return fill_texts(files, snapshot), snapshot


def _unlisted(listed: int, unlisted: int) -> tuple[str, ...]:
    if not unlisted:
        return ()
    return (f"GitHub lists no more than {listed} files; {unlisted} more were not read.",)


async def read_attributes(client: InstallationClient, pull: PullRequest) -> str:
    """The text of the base's .gitattributes; "" if there is none that can be read."""
    try:
        return await read_text(client, pull.full_name, ".gitattributes", pull.base_sha) or ""
    except UserError:  # a folder of that name, or no text: then it says nothing
        return ""


def snapshot_limits(settings: Settings) -> SnapshotLimits:
    """The operator's limits of reading a repository."""
    return SnapshotLimits(file_max_bytes=settings.file_max_bytes, text_max_bytes=settings.snapshot_max_bytes)


def needed(snapshot: Snapshot) -> Snapshot:
    """`snapshot`, for what can't be done without a file. Raises UserError when there is none."""
    if snapshot.files:
        return snapshot
    if snapshot.complete:
        raise UserError("The branch holds no file that can be read.")
    raise UserError(f"The code can't be read. {snapshot.detail}".rstrip())
