"""The tools that are compared: each reads the same folder once and names the files in which it sees a weakness."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from config.repository import RepositoryConfig
from workers.analysis.analyse import analyse
from workers.analysis.sandbox import JailLimits, probe
from workers.domain.finding import Aspect, Finding
from workers.git.tree import TreeLimits, batches, list_tree
from workers.pipelines.scan import ScanRules, examine, summed_up

TIMEOUT_S = 300.0


async def ours(folder: Path) -> tuple[Finding, ...]:
    """What `quorum scan` says of `folder` about security."""
    limits, rules = TreeLimits(), ScanRules(RepositoryConfig())
    run = partial(analyse, sandbox=await probe(), limits=JailLimits())
    tree = await list_tree(folder, limits)
    parts = [await examine(batch, rules, analyse=run) for batch in batches(tree, limits)]
    review = summed_up(parts, rules, 0.0)
    return tuple(finding for finding in review.findings if finding.aspect is Aspect.SECURITY)


async def ruff(folder: Path) -> frozenset[str]:
    """Files with any of ruff's S rules."""
    options = ("check", "--isolated", "--no-cache", "--quiet", "--exit-zero", "--select", "S")
    out = await _output([find_ruff_bin(), *options, "--output-format", "json", str(folder)])
    return frozenset(Path(row["filename"]).name for row in json.loads(out))


async def bandit(folder: Path) -> frozenset[str]:
    """Files with any of bandit's tests, at every severity."""
    out = await _output(
        [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", "--exit-zero", str(folder)]
    )
    return frozenset(Path(row["filename"]).name for row in json.loads(out)["results"])


async def semgrep(folder: Path) -> frozenset[str] | None:
    """Files with any finding of semgrep's default security rules; None where it is not installed."""
    program = shutil.which("semgrep")
    if program is None:
        return None
    out = await _output(
        [program, "--config", "p/default", "--json", "--quiet", "--metrics", "off", str(folder)]
    )
    return frozenset(Path(row["path"]).name for row in json.loads(out)["results"])


async def _output(command: Sequence[str]) -> bytes:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(TIMEOUT_S):
        out, _ = await process.communicate()
    return out
