"""A Review as SARIF 2.1.0, for code hosts and editors."""

from __future__ import annotations

from dataclasses import replace

from bot.cli.formats.gaps import gaps
from bot.cli.formats.written import written
from workers.analysis.cwe import weakness
from workers.domain.review import Review
from workers.github.prose import parted
from workers.github.render.sarif import Writer


def sarif(review: Review, version: str) -> str:
    """A log with one run; `version` is the program's. SARIF has no coverage: gaps stand among the notifications."""
    told = replace(review, notices=(*review.notices, *gaps(review.coverage)))
    return written(Writer(version, parted, weakness).log(told))
