"""What the documentation pipeline is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from config.rules.writing import TextRules
from workers.analysis.pages.compose import link_word
from workers.analysis.pages.document import Existing
from workers.analysis.pages.formats import Format
from workers.analysis.pages.slugs import Name
from workers.analysis.structure.model import Module
from workers.domain.review import Planned
from workers.domain.usage import Call
from workers.domain.voice import Voice


@dataclass(frozen=True, slots=True)
class Source:
    """A module and the text that it was read from."""

    module: Module
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DocsRequest:
    """`pages` holds the repository's files below `folder` by path. `others` are modules that need no page now, whose
    names must stay told apart from these. Files that match `risky_paths` (globs) are for strong models only."""

    sources: tuple[Source, ...]
    pages: Mapping[str, str] = field(default_factory=dict)
    format: str = "markdown"
    folder: str = "docs"
    others: tuple[str, ...] = ()
    risky_paths: tuple[str, ...] = ()
    urgent: bool = False
    voice: Voice = field(default_factory=Voice)
    rules: TextRules = field(default_factory=TextRules)

    @property
    def headings(self) -> tuple[str, ...]:
        """The sections that each page has besides, as they may stand on one."""
        return tuple(dict.fromkeys(filter(None, map(link_word, self.rules.sections))))


@dataclass(frozen=True, slots=True)
class DocsLimits:
    """Limits of one run."""

    planned_at_once_max: int = 30
    topics_at_once_max: int = 25
    asked_at_once_max: int = 4
    source_max_chars: int = 24_000
    outline_max_chars: int = 12_000
    names_shown_max: int = 40
    left_out_share_max: float = 0.25
    plan_output_max_tokens: int = 2_000
    write_output_max_tokens: int = 6_000
    validate_output_max_tokens: int = 1_500
    timeout_s: float = 300.0
    score_min: float = 0.5


CHARS_PER_TOKEN = 3.0
"""Rather few: what is sent must fit."""
AROUND_CHARS = 6_000
"""Of instructions and schema."""
LISTED_CHARS = 1_500
"""Of a module, as it is planned."""


def for_window(limits: DocsLimits, window_tokens: int) -> DocsLimits:
    """`limits` as far as a window of so many tokens goes: at most a quarter of it is for the answer."""
    quarter = window_tokens // 4
    room = max(0, int((window_tokens - quarter) * CHARS_PER_TOKEN) - AROUND_CHARS)
    return replace(
        limits,
        planned_at_once_max=max(1, min(limits.planned_at_once_max, room // LISTED_CHARS)),
        outline_max_chars=min(limits.outline_max_chars, room // 3),
        source_max_chars=min(limits.source_max_chars, room * 2 // 5),
        plan_output_max_tokens=min(limits.plan_output_max_tokens, quarter),
        write_output_max_tokens=min(limits.write_output_max_tokens, quarter),
        validate_output_max_tokens=min(limits.validate_output_max_tokens, quarter),
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One page to be made: `source`'s, called `name`, at `path`; `before` is what stands there."""

    source: Source
    name: Name
    path: str
    before: Existing
    form: Format
    old: str = ""
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page's file. `outcome` is one of "written" (by a model), "skeleton" (from the code alone), "unchanged".

    `score` (0 to 1) is the validator's, None where nobody validated; `doubts` are sentences about what was taken back.
    `bare`: some of it says nothing but what the code says.
    """

    path: str
    text: str
    source: str
    outcome: str
    score: float | None = None
    doubts: tuple[str, ...] = ()
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A module without a page, or whose page stays as it is, and why."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Documented:
    """Everything that came of a run. `orphans` are pages whose module is gone.

    `quality` is the mean of the pages' scores; `passed` the share of written pages of which nothing was taken back; both
    None where nobody wrote.
    """

    pages: tuple[Page, ...]
    skipped: tuple[Skipped, ...] = ()
    orphans: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    planned: tuple[Planned, ...] = ()
    notices: tuple[str, ...] = ()
    quality: float | None = None
    passed: float | None = None
