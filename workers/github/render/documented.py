"""The pull request of documentation, and the answers to whoever asked for it: every page accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from workers.domain.delivery import Delivered, Outcome
from workers.domain.receipt import compared
from workers.domain.usage import Call
from workers.github.fences import code_span
from workers.github.render.blocks import bounded, bounded_table, cell, count, fold, paragraphs
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.render.receipt import money
from workers.github.sanitise import Sanitiser

T = TypeVar("T")

ROWS_MAX = 60
TABLE_MAX_BYTES = 16_000
LIST_MAX = 100
LIST_MAX_BYTES = 8_000
SENTENCE_MAX_CHARS = 300
OUTCOMES = {"written": "written", "skeleton": "from the code alone", "unchanged": "unchanged"}


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: its file, its module, "written" | "skeleton" | "unchanged", and whether it is new; `score` is 0 to 1."""

    path: str
    module: str
    outcome: str
    is_new: bool
    score: float | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PagesMade:
    """A run: `pages` that changed; `unchanged` counts the others. `skipped` maps modules without a page to the reason.

    `rest` counts modules that wait for another run, `orphans` are pages whose module is gone, `earlier` pages that the
    pull request held before.
    """

    base_ref: str
    base_sha: str
    pages: tuple[PageRow, ...]
    unchanged: int
    skipped: Mapping[str, str]
    orphans: tuple[str, ...]
    rest: int
    earlier: tuple[str, ...]
    notices: tuple[str, ...]
    calls: tuple[Call, ...]
    quality: float | None
    passed: float | None


def title_of(made: PagesMade) -> str:
    """The pull request's title, and its commit's first line."""
    pages = len(made.pages) + len(made.earlier)
    only = f" of {made.pages[0].module}" if pages == len(made.pages) == 1 else ""
    return f"docs: {count(pages, 'page')}{only}" if pages else "docs: pages"


def proposal_text(made: PagesMade, sanitiser: Sanitiser) -> str:
    """The pull request's description."""
    at = f"`{made.base_sha[:SHORT_SHA_CHARS]}` on {code_span(sanitiser.path(made.base_ref))}"
    return paragraphs(
        f"Documentation of the code at {at}. Signatures come from the code; texts were checked against it.",
        _report(made, sanitiser),
        "What stands between `<!-- hand-written -->` and `<!-- /hand-written -->` on a page is never changed. Commits of "
        "yours on this branch stop Quorum from adding more; closing this without merging it does, too.",
    )


def answer_text(told: Delivered, made: PagesMade | None, sanitiser: Sanitiser) -> str:
    """What became of it, for whoever asked."""
    first = _first(told, sanitiser)
    return first if made is None else paragraphs(first, _report(made, sanitiser))


def _first(told: Delivered, sanitiser: Sanitiser) -> str:
    place = f"#{told.number}"
    match told.outcome:
        case Outcome.OPENED:
            return f"Documentation is proposed in {place}."
        case Outcome.UPDATED:
            return f"Documentation in {place} is up to date again."
        case Outcome.UNCHANGED:
            return f"Nothing to write: {place} says it already."
        case Outcome.NOTHING:
            return "Nothing to write: the pages are up to date."
        case _:
            where = f" to {place}" if told.number else ""
            return f"Nothing was written{where}: {sanitiser.line(told.why, SENTENCE_MAX_CHARS)}"


def _report(made: PagesMade, sanitiser: Sanitiser) -> str:
    def path(one: str) -> str:
        return f"- {code_span(sanitiser.path(one))}"

    def because(one: tuple[str, str]) -> str:
        return f"{path(one[0])}: {sanitiser.line(one[1], SENTENCE_MAX_CHARS)}"

    doubts = [(page.path, doubt) for page in made.pages for doubt in page.doubts]
    skipped = sorted(made.skipped.items())
    return paragraphs(
        _table(made.pages, sanitiser),
        _listed(made.notices, lambda one: f"- {sanitiser.line(one, SENTENCE_MAX_CHARS)}"),
        " ".join(_sums(made)),
        _folded("Also here, from earlier runs", made.earlier, path),
        _folded("Taken back from models' texts", doubts, because),
        _folded(f"{count(len(skipped), 'module')} without a page", skipped, because),
        _folded("Pages whose module is gone; delete them if nobody needs them", made.orphans, path),
    )


def _table(pages: Sequence[PageRow], sanitiser: Sanitiser) -> str:
    if not pages:
        return ""
    rows = (
        [
            cell(code_span(sanitiser.path(page.path))),
            cell(code_span(sanitiser.path(page.module))),
            f"{'new' if page.is_new else 'updated'}, {OUTCOMES[page.outcome]}",
            "" if page.score is None else f"{page.score:.2f} of 1",
        ]
        for page in pages
    )
    head = ["Page", "Module", "", "Checked"]
    return bounded_table(head, rows, count_max=ROWS_MAX, max_bytes=TABLE_MAX_BYTES)


def _sums(made: PagesMade) -> Iterator[str]:
    if made.unchanged:
        yield f"{count(made.unchanged, 'page')} unchanged."
    if made.rest:
        yield f"{count(made.rest, 'module')} wait for the next run: ask again once this is merged, or now."
    if made.calls or made.quality is not None:  # no saving without it
        yield f"Quality: {'unknown' if made.quality is None else f'{made.quality:.0%}'}."
    if made.passed is not None:
        yield f"Passed the check whole: {made.passed:.0%}."
    if not made.calls:
        yield "No model was asked: $0."
        return
    sums = compared(made.calls)
    beside = f" (all on the strongest model: {money(sums.premium_micros)})" if sums.premium_model else ""
    yield f"Cost: {money(sums.cost_micros)}{beside}, {count(sums.calls, 'call')}."


def _folded(summary: str, items: Sequence[T], line: Callable[[T], str]) -> str:
    return fold(summary, _listed(items, line)) if items else ""


def _listed(items: Sequence[T], line: Callable[[T], str]) -> str:
    """As many lines as fit; what is not shown is counted, and not cleaned either."""
    shown = [line(one) for one in items[:LIST_MAX]]
    unseen = [""] * (len(items) - len(shown))
    return bounded([*shown, *unseen], count_max=LIST_MAX, max_bytes=LIST_MAX_BYTES)
