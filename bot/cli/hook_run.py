"""`quorum hook run`: what is staged is reviewed, and its pages are brought up to date, before it is committed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.cli import docs, docs_files
from bot.cli.formats.text import text
from bot.cli.hook_git import Hooked, here
from bot.cli.hook_script import FOUND
from bot.cli.local_config import DEFAULTS_ORIGIN, effective_config, local_layer, repository_root
from bot.cli.local_guidelines import local_guidelines
from bot.cli.redaction import redacted
from bot.cli.review import Progress, progress_on, write
from config.settings import Settings
from workers.analysis.diff import parse_diff
from workers.analysis.languages import is_test_path, language_of
from workers.analysis.structure.read import READERS
from workers.bootstrap.models import open_local_models
from workers.bootstrap.reviewer import open_reviewer
from workers.domain.hidden import revealed
from workers.domain.review import Review
from workers.domain.secrets import redact
from workers.git.local import LocalLimits, read_local
from workers.pipelines.review import ReviewRequest
from workers.telemetry import configure_logging

PAGES_MAX = 20
"""Modules of one commit whose pages are written; the rest is said."""
PARTIAL = "No pages are written for a commit of named files alone; commit what is staged, and they are."


def run(settings: Settings, options: tuple[str, ...]) -> int:
    """Say what was found in the staged files; FOUND for what stops a commit, else 0. Raises UserError."""
    configure_logging("WARNING", json=False)
    git = here(Path.cwd(), os.environ)
    if not git.staged():
        return 0
    with progress_on(sys.stderr) as progress:
        if "--docs" in options:
            lines = asyncio.run(documented(settings, git, os.environ, progress))
            write("".join(f"{redact(revealed(line)).text}\n" for line in lines), None, sys.stdout)
        ask = "--review" in options
        review = redacted(asyncio.run(reviewed(settings, git, os.environ, progress, ask=ask)))
    write(text(review, colour=False), None, sys.stdout)
    return FOUND if any(one.severity.blocks for one in review.findings) else 0


async def reviewed(
    settings: Settings, git: Hooked, environ: Mapping[str, str], progress: Progress, *, ask: bool
) -> Review:
    """The review of what the index changes, by the repository's own rules; `ask`: by models too."""
    found, own = effective_config(git.root, environ), local_layer(git.root)
    limits = LocalLimits(settings.files_max, settings.file_max_bytes, settings.snapshot_max_bytes)
    progress("reading what is staged")
    change, snapshot = await read_local(git.root, *git.ends(), limits, parse_diff)
    request = ReviewRequest(
        change,
        snapshot,
        found.config,
        own.origin if own else DEFAULTS_ORIGIN,
        found.notices,
        guidelines=await local_guidelines(git.root, change, found.config, limits),
    )
    reviewer = await open_reviewer(settings)
    if not ask:
        return await reviewer.review(request, None, progress)
    async with open_local_models(settings, environ, found.config) as models:
        return await reviewer.review(request, models, progress)


async def documented(
    settings: Settings, git: Hooked, environ: Mapping[str, str], progress: Progress
) -> list[str]:
    """Bring the pages of staged modules up to date and stage them; what is to be said.

    A module with changes that are not staged is left out: its page would tell of what is not committed. So are all
    where git commits named files alone.
    """
    if git.is_partial():
        return [PARTIAL]
    before = git.dirty()
    modules = [path for path in git.staged() if language_of(path) in READERS and not is_test_path(path)]
    chosen = [path for path in modules if path not in before]
    lines = [f"{path}: not documented, not all of it is staged" for path in modules if path in before]
    if len(chosen) > PAGES_MAX:
        lines.append(
            f"{len(chosen) - PAGES_MAX} more modules were not documented: at most {PAGES_MAX} a commit"
        )
    if not chosen:
        return lines
    files = tuple(str(git.root / path) for path in chosen[:PAGES_MAX])
    lines += await docs.written(settings, docs.DocsOptions(files, None, None, False), environ, progress)
    named = effective_config(git.root, environ).config.write.docs.folder
    folder = docs_files.folder_of(repository_root(git.root), named)
    ours = [
        path for path in sorted(git.dirty() - before) if (git.root.resolve() / path).is_relative_to(folder)
    ]
    if ours:
        git.add(ours)
    return lines
