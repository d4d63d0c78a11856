"""The summary comment: what counts in at most 25 visible lines, the rest folded."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.review import Review
from workers.github.fences import cap
from workers.github.render.blocks import count, fold, paragraphs
from workers.github.render.counted import with_thread, without_thread
from workers.github.render.doubts import doubts_fold
from workers.github.render.findings import Table, findings_list, findings_table
from workers.github.render.headline import SHORT_SHA_CHARS, coverage, headline, how_to_ask
from workers.github.render.in_full import findings_fold
from workers.github.render.ledger import coverage_fold
from workers.github.render.notices import shown_notices
from workers.github.render.receipt import cost_fold, tools_table
from workers.github.render.rendering import Rendering
from workers.github.render.rounds import fixed_fold, since_last_round
from workers.github.render.width import lines_of

VISIBLE_LINES_MAX = 25
BEYOND = "Beyond the cap of threads, or GitHub took no comment there."
WALKTHROUGH_MAX_BYTES = 5_000
FILES_BYTES = 9_000
"""What is kept for the list of files: the unread ones, and counts. In a comment it takes what else is left, too."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The blocks in their order: what is seen, the folds before the list of files, and those behind it."""

    top: str
    rows: int
    before: str
    after: str

    def with_others(self, others: str, files: str) -> str:
        """All of it; `others` is about the findings that may have no row."""
        return paragraphs(self.top, others, self.before, files, self.after)

    def room(self, others: str, max_bytes: int) -> int:
        """What is left for the list of files."""
        return max_bytes - len(self.with_others(others, "").encode()) - 4


def report(review: Review, rendering: Rendering, max_bytes: int) -> str:
    """Verdict and what changed, findings, notices; folded: walkthrough, every file, what it cost, whose rules.

    Of the lines the table of findings takes what the others leave, of the bytes the list of files.
    """
    parts = _parts(review, rendering)
    more = _more(review, parts.rows, rendering, parts.room("", max_bytes) - FILES_BYTES)
    more = paragraphs(more, _beyond(review, rendering, parts.room(more, max_bytes) - FILES_BYTES))
    return parts.with_others(more, _coverage(review, rendering, parts.room(more, max_bytes)))


def full_report(review: Review, rendering: Rendering, max_bytes: int) -> str:
    """The same for a check run, which has room for every finding in full; its list of files stands elsewhere."""
    parts = _parts(review, rendering)
    whole = findings_fold(review, rendering, parts.room("", max_bytes) - FILES_BYTES)
    files = _coverage(review, rendering, min(FILES_BYTES, parts.room(whole, max_bytes)))
    return parts.with_others(whole, files)


def _parts(review: Review, rendering: Rendering) -> _Parts:
    head = [headline(review, rendering), since_last_round(review, rendering), how_to_ask(review)]
    notices = shown_notices(review.notices, rendering)
    folds = [doubts_fold(review, rendering), fixed_fold(review, rendering), _walkthrough(review, rendering)]
    before = [one for one in folds if one]
    after = [cost_fold(review, rendering), _origin(review, rendering)]
    taken = sum(lines_of(text) for text in head if text) + notices.lines + len(before) + len(after)
    taken += bool(review.coverage or review.tools) + bool(without_thread(review.findings, rendering))
    findings = _findings(review, rendering, VISIBLE_LINES_MAX - taken)
    top = paragraphs(*head, findings.text, notices.text)
    return _Parts(top, findings.rows, paragraphs(*before), paragraphs(*after))


def _findings(review: Review, rendering: Rendering, lines_max: int) -> Table:
    """As many as fit; a line is kept for the fold of the others."""
    return findings_table(with_thread(review.findings, rendering), review.head_sha, rendering, lines_max - 1)


def _coverage(review: Review, rendering: Rendering, max_bytes: int) -> str:
    tools = tools_table(review.tools, rendering)
    return coverage_fold(review.coverage, coverage(review), rendering, max_bytes, tools)


def _more(review: Review, rows: int, rendering: Rendering, max_bytes: int) -> str:
    rest = with_thread(review.findings, rendering)[rows:]
    if not rest:
        return ""
    listed = findings_list(rest, review.head_sha, rendering, max_bytes)
    return fold(f"{count(len(rest), 'more finding')}", listed)


def _beyond(review: Review, rendering: Rendering, max_bytes: int) -> str:
    """What isn't counted, because nobody can answer it in a thread."""
    rest = without_thread(review.findings, rendering)
    if not rest:
        return ""
    listed = findings_list(rest, review.head_sha, rendering, max_bytes - len(BEYOND))
    return fold(f"{len(rest):,} more, without a thread", paragraphs(BEYOND, listed))


def _walkthrough(review: Review, rendering: Rendering) -> str:
    if not review.walkthrough.strip():
        return ""
    told = cap(rendering.sanitiser.clean(review.walkthrough), WALKTHROUGH_MAX_BYTES, "*Shortened.*")
    return fold("Walkthrough", told)


def _origin(review: Review, rendering: Rendering) -> str:
    kept = (
        f" · {count(review.suppressed, 'finding')} below the floor or beyond the cap"
        if review.suppressed
        else ""
    )
    base = f" Base `{review.base_sha[:SHORT_SHA_CHARS]}`." if review.base_sha else ""
    origin = rendering.sanitiser.line(review.config_origin, 200)
    return fold(f"Configuration · {review.seconds:.1f} s{kept}", f"In force: {origin}.{base}")
