"""What an audit is of, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.analysis.structure.model import Module
from workers.domain.review import Review


@dataclass(frozen=True, slots=True)
class Audited:
    """A repository as it is audited.

    `files` are the texts that were read: neither generated, vendored, ignored nor too large; `paths` are all files but
    ignored ones. `review` is what the analysers say of `files`, `modules` what those offer whose language has a reader.
    `partial` are sentences about what was not read; () when all was.
    """

    files: Mapping[str, str] = field(repr=False)
    paths: tuple[str, ...]
    review: Review
    modules: tuple[Module, ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """Most characters of each text, within the shares that a window leaves; an answer's tokens and seconds: in all
    less than three minutes.
    """

    paths_max: int = 300
    overview_max_chars: int = 24_000
    excerpts_max_chars: int = 48_000
    excerpt_max_chars: int = 6_000
    reports_max_chars: int = 24_000
    output_max_tokens: int = 2_500
    timeout_s: float = 110.0
    last_timeout_s: float = 60.0
