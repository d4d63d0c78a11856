"""What the tests job reads of a repository, as values: what is to be tested, and on which branch the tests will stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.patterns import Predicate, compile_globs
from config.repository import RepositoryConfig
from config.settings import Settings
from workers.analysis.languages import language_of
from workers.analysis.source import SourceFile
from workers.analysis.testing.names import FAMILIES
from workers.domain.change import ChangedFile, FileStatus, Hunk, PullRequest, Snapshot
from workers.domain.errors import UserError
from workers.experts.base import is_product
from workers.github.branches import read_branch
from workers.github.client import InstallationClient
from workers.github.contents import read_snapshot
from workers.jobs.meant import lost, meant
from workers.jobs.reading import needed, read_code, snapshot_limits
from workers.pipelines.coverage import classified, without_ignored
from workers.pipelines.testing import TestsRequest

MODULES_MAX = 500
"""So many modules are looked at in one run; the rest is said."""
ELSEWHERE = (
    "The branch of this pull request is not in this repository, so tests for what it changes could stand nowhere. "
    "Ask again once it is merged, or name paths: then tests are written for what `{base}` holds."
)
STACKED = "These tests are for `{head}`: merge this into it, or merge it first."
OF_BASE = "The pull request's branch is not in this repository: these tests are for what `{base}` holds now."


@dataclass(frozen=True, slots=True)
class Ground:
    """The branch that the tests are for and go into, at `sha`. `word` is said wherever they are shown."""

    ref: str
    sha: str
    stacked: bool
    word: str


@dataclass(frozen=True, slots=True)
class TestsRead:
    """What the pipeline is given, and sentences about what was left out."""

    __test__ = False

    request: TestsRequest
    notices: tuple[str, ...] = ()


async def read_ground(client: InstallationClient, pull: PullRequest, named: Sequence[str]) -> Ground:
    """Where the tests will stand: on the pull request's own branch, if it is here. UserError when nowhere makes sense."""
    here = not pull.is_fork and await read_branch(client, pull.full_name, pull.head_ref) is not None
    if here:
        return Ground(pull.head_ref, pull.head_sha, True, STACKED.format(head=pull.head_ref))
    if not named:
        raise UserError(ELSEWHERE.format(base=pull.base_ref))
    sha = await read_branch(client, pull.full_name, pull.base_ref)
    if sha is None:
        raise UserError(f"The branch `{pull.base_ref}` is gone.")
    return Ground(pull.base_ref, sha, False, OF_BASE.format(base=pull.base_ref))


async def read_tests(
    client: InstallationClient,
    pull: PullRequest,
    ground: Ground,
    named: Sequence[str],
    config: RepositoryConfig,
    settings: Settings,
    parse_patch: Callable[[str], tuple[Hunk, ...]],
    *,
    urgent: bool,
) -> TestsRead:
    """What the pull request changes, or modules of the whole repository where some are named or the rules name some."""
    if named or config.write.tests.paths:
        limits = snapshot_limits(settings)
        snapshot = await read_snapshot(client, pull.full_name, ground.sha, (), limits)
        files = await asyncio.to_thread(every, snapshot)
    else:
        files, snapshot = await read_code(client, pull, settings, parse_patch)
    needed(snapshot)
    wanted = Wanted(config, settings.file_max_bytes, tuple(named), urgent)
    return await asyncio.to_thread(chosen, files, snapshot, wanted)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tested, by the rules and by whoever asked for `named`: files, folders, globs."""

    config: RepositoryConfig
    file_max_bytes: int
    named: tuple[str, ...] = ()
    urgent: bool = False

    def predicate(self) -> Predicate:
        """Whether a module is to be tested."""
        globs = self.config.write.tests.paths
        allowed, named = compile_globs(globs), [meant(one) for one in self.named]
        return lambda path: (not globs or allowed(path)) and (not named or any(one(path) for one in named))


def chosen(files: Iterable[ChangedFile], snapshot: Snapshot, wanted: Wanted) -> TestsRead:
    """Those of `files` that are worth a test and wanted. Takes a while: megabytes are looked through."""
    config, is_wanted = wanted.config, wanted.predicate()
    kept = _worth_reading(files, snapshot.files, config, wanted.file_max_bytes)
    modules = [one for one in kept if is_wanted(one.path)]
    request = TestsRequest(
        snapshot.files,
        snapshot.complete,
        tuple(map(_source, modules[:MODULES_MAX])),
        config.write.tests.run,
        config.review.risky_paths,
        wanted.urgent,
        config.write.tests.rules,
    )
    return TestsRead(request, tuple(_notices(snapshot, kept, len(modules), wanted.named)))


def every(snapshot: Snapshot) -> tuple[ChangedFile, ...]:
    """All modules of a repository, each as if it were new."""
    return tuple(
        ChangedFile(path, FileStatus.ADDED, text=text)
        for path, text in sorted(snapshot.files.items())
        if is_module(path)
    )


def is_module(path: str) -> bool:
    """Whether tests may be written for a file of this name."""
    language = language_of(path)
    return language is not None and language in FAMILIES and is_product(path)


def _worth_reading(
    files: Iterable[ChangedFile], texts: Mapping[str, str], config: RepositoryConfig, file_max_bytes: int
) -> list[ChangedFile]:
    marked = classified(files, texts.get(".gitattributes", ""), file_max_bytes)
    kept = without_ignored(marked, config.ignore.path_filter())
    return [one for one in kept if one.omitted is None and one.text is not None and is_module(one.path)]


def _source(file: ChangedFile) -> SourceFile:
    """What changed of it counts; of a file that is no part of a change, all."""
    text = file.text or ""
    touched = file.added_lines() if file.hunks else frozenset(range(1, text.count("\n") + 2))
    return SourceFile(file.path, text, language_of(file.path), touched)


def _notices(
    snapshot: Snapshot, kept: Sequence[ChangedFile], modules: int, named: Sequence[str]
) -> Iterable[str]:
    if not snapshot.complete:
        yield snapshot.detail
    missing = lost(named, [one.path for one in kept])
    yield from (f"Nothing that tests are written for is called `{one}`." for one in missing)
    if modules > MODULES_MAX:
        yield f"{modules - MODULES_MAX} more modules were not looked at: at most {MODULES_MAX} are in one run."
