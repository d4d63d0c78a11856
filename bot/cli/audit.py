"""`quorum audit`: a local repository scored and judged by the same pipeline as in a pull request, without a server."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.cli.formats.audited import text
from bot.cli.local_change import new_boundary
from bot.cli.local_config import DEFAULTS_ORIGIN, effective_config, local_layer, repository_root
from bot.cli.review import Progress, progress_on, write
from config.layers import Effective
from config.settings import Settings
from workers.analysis.sandbox import JailLimits, probe
from workers.analysis.structure.jailed import structures
from workers.bootstrap.models import open_local_models
from workers.bootstrap.reviewer import open_reviewer
from workers.domain.audit import Audit
from workers.domain.change import ChangedFile
from workers.domain.errors import UserError
from workers.domain.hidden import revealed
from workers.domain.secrets import redact
from workers.domain.task import Models
from workers.experts.voice import voice_of
from workers.git.tree import Tree, TreeLimits, batches, list_tree
from workers.github.render.audited import audit_text
from workers.github.sanitise import Sanitiser
from workers.pipelines.audit import Audited, AuditLimits, audit
from workers.pipelines.auditing.document import document, summary
from workers.pipelines.auditing.gathering import Gathering, gathered
from workers.pipelines.scan import ScanRules
from workers.telemetry import configure_logging

FILES_MAX = 20_000
ANALYSERS_MAX_S = 1_800.0


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What `quorum audit` was asked. `form` is "text", "json" or "markdown"; `out` None: the standard output."""

    path: str
    form: str = "text"
    out: str | None = None
    dry_run: bool = False


def options(parsed: argparse.Namespace) -> AuditOptions:
    """The parsed arguments of `quorum audit` as a value."""
    form = "json" if parsed.json else "markdown" if parsed.markdown else "text"
    return AuditOptions(parsed.path, form, parsed.out, parsed.dry_run)


def run(settings: Settings, asked: AuditOptions) -> int:
    """Audit, and write what was found. Raises UserError."""
    configure_logging("WARNING", json=False)
    with progress_on(sys.stderr) as progress:
        found = asyncio.run(audited(settings, asked, os.environ, progress))
    write(f"{shown(found, asked.form)}\n", asked.out, sys.stdout)
    return 0


def shown(found: Audit, form: str) -> str:
    """The audit as text, JSON or Markdown, without secrets and what hides."""
    if form == "markdown":
        return audit_text(found, "", summary(found), Sanitiser(""))
    said = document(found) if form == "json" else text(found)
    return redact("\n".join(map(revealed, said.split("\n")))).text


async def audited(
    settings: Settings, asked: AuditOptions, environ: Mapping[str, str], progress: Progress
) -> Audit:
    """Audit by the repository's own rules. Raises UserError."""
    path = Path(asked.path)
    found = effective_config(path, environ)
    ground = await _gathered(settings, path, found, progress)
    config = found.config
    if not config.orchestration.enabled:
        return await _judged(ground, None, found)
    progress("asking")
    async with open_local_models(settings, environ, config, rehearse=asked.dry_run) as models:
        return await _judged(ground, models, found)


async def _gathered(settings: Settings, path: Path, found: Effective, progress: Progress) -> Audited:
    progress("listing the files")
    limits = TreeLimits(files_max=FILES_MAX, file_max_bytes=settings.file_max_bytes)
    tree = await list_tree(_root(path), limits)
    if not tree.paths:
        raise UserError(f"There are no files in {tree.root}.")
    files, lost = await asyncio.to_thread(_read, tree, limits, settings.snapshot_max_bytes)
    own = local_layer(path)
    rules = ScanRules(
        found.config,
        own.origin if own else DEFAULTS_ORIGIN,
        found.notices,
        tree.attributes,
        settings.file_max_bytes,
    )
    gathering = Gathering(
        (await open_reviewer(settings)).analyse,
        partial(structures, sandbox=await probe(), limits=JailLimits()),
        time.monotonic,
        time.monotonic() + ANALYSERS_MAX_S,
        FILES_MAX,
    )
    return await gathered(files, rules, gathering, progress, lost)


def _root(path: Path) -> Path:
    """The whole repository around `path`; what is not there stays what was named."""
    return repository_root(path) if path.exists() else path


def _read(tree: Tree, limits: TreeLimits, max_bytes: int) -> tuple[list[ChangedFile], tuple[str, ...]]:
    """As many files as may be held at once, and a sentence about the others."""
    kept: list[ChangedFile] = []
    size = 0
    for batch in batches(tree, limits):
        size += sum(len(file.text or "") for file in batch)
        if size > max_bytes:
            lost = len(tree.paths) + len(tree.beyond) - len(kept)
            return kept, (f"{lost:,} files beyond {max_bytes:,} bytes were not read.",)
        kept += batch
    return kept, ()


async def _judged(ground: Audited, models: Models | None, found: Effective) -> Audit:
    return await audit(
        ground,
        models,
        boundary=new_boundary(),
        limits=AuditLimits(),
        voice=voice_of(found.config),
        clock=time.monotonic,
    )
