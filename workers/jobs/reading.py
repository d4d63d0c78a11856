"""What a review reads of a pull request, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.errors import ConfigError
from config.loader import load
from config.repository import RepositoryConfig
from config.settings import Settings
from workers.domain.change import Change, Hunk, PullRequest
from workers.domain.errors import UserError
from workers.github.archive import SnapshotLimits
from workers.github.changes import read_files, unlisted_count
from workers.github.client import InstallationClient
from workers.github.contents import fill_texts, read_snapshot, read_text
from workers.pipelines.review import ReviewRequest

CONFIG_PATHS = (".github/quorum.yml", ".quorum.yml")
PROBLEMS_MAX = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """The configuration in force: where it came from, and what is wrong with the file that is not."""

    config: RepositoryConfig
    origin: str
    notices: tuple[str, ...] = ()


async def read_rules(client: InstallationClient, pull: PullRequest) -> Rules:
    """The repository's configuration at the *base* commit: a pull request is judged by the rules it found.

    A file that can't be used is said in a notice, line by line; the defaults stay in force.
    """
    for path in CONFIG_PATHS:
        origin = f"{path}@{pull.base_sha[:7]}"
        try:
            text = await read_text(client, pull.full_name, path, pull.base_sha)
            if text is not None:
                return Rules(load(text, origin), origin)
        except ConfigError as error:
            return Rules(RepositoryConfig(), "defaults", _said(origin, error, "The defaults stay in force."))
        except UserError as error:
            notice = f"`{origin}` can't be read: {error} The defaults stay in force."
            return Rules(RepositoryConfig(), "defaults", (notice,))
    return Rules(RepositoryConfig(), "defaults")


async def read_request(
    client: InstallationClient,
    pull: PullRequest,
    rules: Rules,
    settings: Settings,
    parse_patch: Callable[[str], tuple[Hunk, ...]],
) -> ReviewRequest:
    """Everything the pipeline needs of `pull`; every changed file is in it, read or with the reason why not."""
    files = await read_files(client, pull, settings.files_max, parse_patch)
    snapshot = await read_snapshot(client, pull.full_name, pull.head_sha, files, snapshot_limits(settings))
    files = fill_texts(files, snapshot)
    unlisted = unlisted_count(pull, files)
    change = Change(
        base_sha=pull.base_sha,
        head_sha=pull.head_sha,
        files=files,
        title=pull.title,
        body=pull.body,
        author=pull.author,
        attributes=await read_attributes(client, pull),
        notices=(f"GitHub lists no more than {len(files)} files; {unlisted} more were not read.",)
        if unlisted
        else (),
        unlisted=unlisted,
    )
    notices = (*rules.notices, *proposed_problems(change))
    return ReviewRequest(change, snapshot, rules.config, rules.origin, notices)


async def read_attributes(client: InstallationClient, pull: PullRequest) -> str:
    """The text of the base's .gitattributes; "" if there is none that can be read."""
    try:
        return await read_text(client, pull.full_name, ".gitattributes", pull.base_sha) or ""
    except UserError:  # a folder of that name, or no text: then it says nothing
        return ""


def snapshot_limits(settings: Settings) -> SnapshotLimits:
    """The operator's limits of reading a repository."""
    return SnapshotLimits(file_max_bytes=settings.file_max_bytes, text_max_bytes=settings.snapshot_max_bytes)


def proposed_problems(change: Change) -> tuple[str, ...]:
    """Mistakes in a configuration file that this change adds or edits: validated here, never applied here."""
    found: list[str] = []
    for path in CONFIG_PATHS:
        file = change.file(path)
        if file is None or file.text is None:
            continue
        try:
            load(file.text, path)
        except ConfigError as error:
            found.extend(_said(path, error, "Merged like this, the defaults would be in force."))
    return tuple(found)


def _said(origin: str, error: ConfigError, consequence: str) -> tuple[str, ...]:
    shown = "; ".join(str(problem) for problem in error.problems[:PROBLEMS_MAX])
    more = len(error.problems) - PROBLEMS_MAX
    rest = f"; and {more} more" if more > 0 else ""
    return (f"`{origin}` can't be used: {shown}{rest}. {consequence}".replace("..", "."),)
