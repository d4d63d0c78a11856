"""What the docs job reads of a branch, as values: its modules, the pages that stand, and those that are behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import structlog

from config.patterns import Predicate, compile_globs
from config.repository import RepositoryConfig
from workers.analysis.languages import is_test_path, language_of
from workers.analysis.pages.found import root_of
from workers.analysis.source import SourceFile
from workers.analysis.structure.model import Module
from workers.analysis.structure.read import READERS
from workers.domain.change import ChangedFile, FileStatus, Snapshot
from workers.domain.delivery_paths import FILES_MAX, objection
from workers.domain.task import Models
from workers.experts.voice import voice_of
from workers.github.contents import read_blob
from workers.github.overlay import Overlay
from workers.github.rest import RestClient
from workers.jobs.meant import lost, meant
from workers.pipelines.coverage import classified, without_ignored
from workers.pipelines.docs import DocsLimits, DocsRequest, Documented, Source, document
from workers.pipelines.house import Patterns

log = structlog.get_logger()

MODULES_MAX = 2_000
"""So many modules are read in one run; the rest is said."""
PAGE_MAX_BYTES = 1_000_000
AT_ONCE_MAX = 10
"""Modules that are written together: what is begun is ended, so few."""

Structure = Callable[[Sequence[SourceFile]], Awaitable[tuple[Module, ...]]]
"""What the files offer, one module each, in their order; see `workers.analysis.structure.jailed`."""


WhyNot = Callable[[str], str]
"""Path → why nothing may be written there, as the end of a sentence; "" when it may."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be documented. `paths`: files, folders and globs that somebody named; (): all that the rules say."""

    config: RepositoryConfig
    attributes: str
    file_max_bytes: int
    paths: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What is behind the code, to be written next, and what stands. `rest` counts modules that must wait for a later run,
    `unsaid` those of which a page stands that no model has written yet, where somebody asked.

    `offered` are the pages that our open pull request holds already. `notices` are sentences: paths that match nothing,
    modules beyond a limit, files that nobody may write.
    """

    request: DocsRequest
    standing: Documented
    rest: int = 0
    unsaid: int = 0
    offered: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def modules(self) -> int:
        """How many modules were read."""
        return len(self.standing.pages) + len(self.standing.skipped)


async def read_pages(
    client: RestClient, full_name: str, snapshot: Snapshot, overlay: Overlay, folder: str
) -> Mapping[str, str]:
    """The Markdown below `folder` as the next commit finds it: the base's, and over it what our branch offers."""
    start = f"{folder}/" if folder else ""
    pages = {
        path: text for path, text in snapshot.files.items() if path.startswith(start) and path.endswith(".md")
    }
    for path, sha in overlay.offered.items():
        text = await read_blob(client, full_name, sha, PAGE_MAX_BYTES) if sha is not None else None
        if text is not None:
            pages[path] = text
        else:
            pages.pop(path, None)
    return pages


async def read_sources(
    snapshot: Snapshot,
    pages: Mapping[str, str],
    wanted: Wanted,
    structure: Structure,
    why_not: WhyNot = lambda _: "",
) -> Told:
    """The modules whose pages are missing or behind, as many as one delivery takes. Nobody is asked for that."""
    every = await asyncio.to_thread(_modules, snapshot, wanted)
    is_chosen = _chosen(wanted)
    chosen = [file for file in every if is_chosen(file.path)]
    sources = [
        SourceFile(file.path, file.text or "", language_of(file.path), frozenset())
        for file in chosen[:MODULES_MAX]
    ]
    modules = await structure(sources)
    rules = wanted.config.write.docs
    request = DocsRequest(
        tuple(Source(module, source.text) for module, source in zip(modules, sources, strict=True)),
        pages,
        rules.format,
        folder_of(wanted.config),
        tuple(path for path in snapshot.files if is_module(path)),
        wanted.config.review.risky_paths,
        wanted.urgent,
        voice_of(wanted.config),
        rules.rules,
    )
    told = await _behind(request, _notices(wanted, every, len(chosen) - len(sources)), why_not)
    # What was not read may be there: no page is called an orphan then.
    return told if snapshot.complete else replace(told, standing=replace(told.standing, orphans=()))


async def _behind(request: DocsRequest, notices: tuple[str, ...], why_not: WhyNot) -> Told:
    """What documenting without a model would change is what is behind."""
    standing = await document(request, None, boundary="", limits=DocsLimits(), progress=_tell)
    changed = [page for page in standing.pages if page.outcome != "unchanged"]
    folders = (request.folder,)
    barred = {
        page.source: why for page in changed if (why := objection(page.path, folders) or why_not(page.path))
    }
    stale = [page.source for page in changed if page.source not in barred]
    bare = [page.source for page in standing.pages if page.outcome == "unchanged" and page.bare]
    bare = bare if request.urgent else []
    next_ones = set([*stale, *bare][:FILES_MAX])
    sources = tuple(one for one in request.sources if one.module.path in next_ones)
    refused = tuple(f"`{path}` has no page: {why}." for path, why in barred.items())
    return Told(
        replace(request, sources=sources),
        standing,
        max(0, len(stale) - len(sources)),
        len(bare) - max(0, len(sources) - len(stale)),
        notices=(*notices, *refused),
    )


async def write_pages(
    told: Told,
    models: Models,
    *,
    patterns: Patterns,
    new_boundary: Callable[[], str],
    now: Callable[[], float],
    until: float,
    told_of: Callable[[Told, int], None],
) -> tuple[Told, Documented]:
    """The pages, a few modules at a time; none is begun after `until` (as `now` tells): those wait for a later run.

    `told_of` hears how many modules are through.
    """
    sources, parts = told.request.sources, list[Documented]()
    told_of(told, 0)
    while len(parts) * AT_ONCE_MAX < len(sources) and (not parts or now() < until):
        start = len(parts) * AT_ONCE_MAX
        request = replace(told.request, sources=sources[start : start + AT_ONCE_MAX])
        parts.append(
            await document(
                request,
                models,
                boundary=new_boundary(),
                limits=DocsLimits(),
                progress=_tell,
                patterns=patterns,
            )
        )
        told_of(told, min(len(sources), len(parts) * AT_ONCE_MAX))
    left = max(0, len(sources) - len(parts) * AT_ONCE_MAX)
    return replace(told, rest=told.rest + left), joined(parts)


def joined(parts: Sequence[Documented]) -> Documented:
    """Several runs as one."""
    pages = tuple(page for part in parts for page in part.pages)
    scores = [page.score for page in pages if page.score is not None]
    written = [page for page in pages if page.outcome == "written"]
    return Documented(
        pages,
        tuple(one for part in parts for one in part.skipped),
        tuple(dict.fromkeys(path for part in parts for path in part.orphans)),
        tuple(call for part in parts for call in part.calls),
        tuple(one for part in parts for one in part.planned),
        tuple(dict.fromkeys(one for part in parts for one in part.notices)),
        fmean(scores) if scores else None,
        fmean(not page.doubts for page in written) if written else None,
    )


def _tell(step: str) -> None:
    log.info("docs progress", step=step)


def folder_of(config: RepositoryConfig) -> str:
    """The folder of the pages, as paths begin with it; "": the repository's root."""
    return root_of(config.write.docs.folder)


def is_module(path: str) -> bool:
    """Whether a file of this name may have a page."""
    return language_of(path) in READERS and not is_test_path(path)


def _modules(snapshot: Snapshot, wanted: Wanted) -> list[ChangedFile]:
    """The modules that are worth a page: neither vendored, generated, too large nor ignored."""
    files = [
        ChangedFile(path, FileStatus.ADDED, text=text)
        for path, text in sorted(snapshot.files.items())
        if is_module(path)
    ]
    marked = classified(files, wanted.attributes, wanted.file_max_bytes)
    kept = without_ignored(marked, wanted.config.ignore.path_filter())
    return [file for file in kept if file.omitted is None]


def _chosen(wanted: Wanted) -> Predicate:
    """Whether a module is to be documented: by the rules, and by what somebody named."""
    rules = wanted.config.write.docs.paths
    allowed, named = compile_globs(rules), [meant(one) for one in wanted.paths]
    return lambda path: (not rules or allowed(path)) and (not named or any(one(path) for one in named))


def _notices(wanted: Wanted, every: Sequence[ChangedFile], beyond: int) -> tuple[str, ...]:
    unknown = lost(wanted.paths, [file.path for file in every])
    said = [f"Nothing that can be documented is called `{named}`." for named in unknown]
    if beyond > 0:
        said.append(f"{beyond} more modules were not read: at most {MODULES_MAX} are in one run.")
    return tuple(said)
