"""The summary comment: what counts in at most 25 visible lines, the rest folded."""

from __future__ import annotations

from workers.domain.review import Review
from workers.github.fences import cap
from workers.github.render.blocks import count, fold, paragraphs
from workers.github.render.doubts import doubts_fold
from workers.github.render.findings import Table, findings_list, findings_table
from workers.github.render.headline import SHORT_SHA_CHARS, coverage, headline, how_to_ask
from workers.github.render.ledger import coverage_fold
from workers.github.render.notices import shown_notices
from workers.github.render.receipt import cost_fold, tools_table
from workers.github.render.rendering import Rendering
from workers.github.render.rounds import fixed_fold, since_last_round
from workers.github.render.width import lines_of

VISIBLE_LINES_MAX = 25
WALKTHROUGH_MAX_BYTES = 5_000


def report(review: Review, rendering: Rendering, max_bytes: int) -> str:
    """Verdict and what changed, findings, notices; folded: walkthrough, every file, what it cost, whose rules.

    Of the lines the table of findings takes what the others leave, of the bytes the list of files.
    """
    head = [headline(review, rendering), since_last_round(review, rendering), how_to_ask(review)]
    notices = shown_notices(review.notices, rendering)
    before = [
        one
        for one in (
            doubts_fold(review, rendering),
            fixed_fold(review, rendering),
            _walkthrough(review, rendering),
        )
        if one
    ]
    after = [cost_fold(review, rendering), _origin(review, rendering)]
    taken = sum(lines_of(text) for text in head if text) + notices.lines + len(before) + len(after)
    findings = _findings(review, rendering, VISIBLE_LINES_MAX - taken - bool(review.coverage or review.tools))
    top = paragraphs(*head, findings.text, notices.text, _more(review, findings.rows, rendering), *before)
    end = paragraphs(*after)
    room = max_bytes - len(top.encode()) - len(end.encode()) - 4
    return paragraphs(top, _coverage(review, rendering, room), end)


def _findings(review: Review, rendering: Rendering, lines_max: int) -> Table:
    """All of them where they fit, else one line less: the fold of the others takes it."""
    whole = findings_table(review.findings, review.head_sha, rendering, lines_max)
    if whole.rows == len(review.findings):
        return whole
    return findings_table(review.findings, review.head_sha, rendering, lines_max - 1)


def _coverage(review: Review, rendering: Rendering, max_bytes: int) -> str:
    tools = tools_table(review.tools, rendering)
    return coverage_fold(review.coverage, coverage(review), rendering, max_bytes, tools)


def _more(review: Review, rows: int, rendering: Rendering) -> str:
    rest = review.findings[rows:]
    if not rest:
        return ""
    return fold(f"{count(len(rest), 'more finding')}", findings_list(rest, review.head_sha, rendering))


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
