"""`quorum review`: the pipeline of the App on a local repository, without a server."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from bot.cli.arguments import ReviewOptions
from bot.cli.formats.as_json import as_json
from bot.cli.formats.sarif import sarif
from bot.cli.formats.text import text
from bot.cli.local_config import DEFAULTS_ORIGIN, effective_config, local_layer
from bot.cli.local_guidelines import local_guidelines
from bot.cli.redaction import redacted
from config.settings import Settings
from workers.analysis.diff import parse_diff
from workers.bootstrap.models import open_local_models
from workers.bootstrap.reviewer import open_reviewer
from workers.domain.errors import UserError
from workers.domain.finding import Severity
from workers.domain.review import Review, Verdict
from workers.git.local import LocalLimits, read_local
from workers.pipelines.review import ReviewRequest
from workers.telemetry import configure_logging

EXIT_FOUND = 1

Progress = Callable[[str], None]
FORMATS: Mapping[str, Callable[[Review, bool], str]] = {
    "text": lambda review, colour: text(review, colour=colour),
    "json": lambda review, _: as_json(review),
    "sarif": lambda review, _: sarif(review, version("quorum")),
}


def run(settings: Settings, options: ReviewOptions) -> int:
    """Review, write the findings, and say by the exit code whether `--fail-on` was met. Raises UserError."""
    if options.dry_run and options.format == "sarif":
        raise UserError("SARIF has no place for what a dry run would ask; use --format text or json.")
    configure_logging(
        "WARNING", json=False
    )  # for a person: progress is shown apart, and only what is wrong is logged
    with progress_on(sys.stderr) as progress:
        review = redacted(asyncio.run(reviewed(settings, options, progress)))
    coloured = options.output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    write(FORMATS[options.format](review, coloured), options.output, sys.stdout)
    return exit_code(review, options.fail_on)


async def reviewed(settings: Settings, options: ReviewOptions, progress: Progress) -> Review:
    """Review the change between `--base` and `--head` by the repository's own rules."""
    path = Path(options.path)
    found = effective_config(path, os.environ)
    own = local_layer(path)
    limits = LocalLimits(settings.files_max, settings.file_max_bytes, settings.snapshot_max_bytes)
    progress("reading the change")
    change, snapshot = await read_local(path, options.base, options.head, limits, parse_diff)
    reviewer = await open_reviewer(settings)
    request = ReviewRequest(
        change,
        snapshot,
        found.config,
        own.origin if own else DEFAULTS_ORIGIN,
        found.notices,
        guidelines=await local_guidelines(path, change, found.config, limits),
    )
    async with open_local_models(settings, os.environ, found.config, rehearse=options.dry_run) as models:
        return await reviewer.review(request, models, progress)


def exit_code(review: Review, fail_on: str | None) -> int:
    """1 when a finding is as severe as `fail_on`, or when nothing was reviewed although a gate was asked for."""
    if fail_on is None:
        return 0
    met = any(finding.severity.rank <= Severity(fail_on).rank for finding in review.findings)
    return EXIT_FOUND if met or review.verdict is Verdict.FAILED else 0


def write(document: str, output: str | None, stdout: TextIO) -> None:
    """Write to the file `output`, or to `stdout`, whose reader may have left. Raises UserError."""
    if output is None:
        _print(document, stdout)
        return
    try:
        Path(output).write_text(document, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"Cannot write {output}: {error.strerror}.") from None


@contextmanager
def progress_on(stream: TextIO) -> Iterator[Progress]:
    """Show what is being done on a terminal; stay silent anywhere else."""
    if not stream.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.text import Text

    with Console(file=stream).status("reading") as status:
        yield lambda step: status.update(Text(step))


def _print(document: str, stdout: TextIO) -> None:
    encoding = stdout.encoding or "utf-8"
    try:
        stdout.write(document.encode(encoding, "replace").decode(encoding))
        stdout.flush()
    except BrokenPipeError:  # e.g. `quorum review … | head`: nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
    except OSError as error:  # e.g. a full disk
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        raise UserError(f"Cannot write the standard output: {error.strerror}.") from None


def _silent(_: str) -> None:
    """Nobody watches."""
