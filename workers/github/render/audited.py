"""An audit as a comment: three scores and what to do next in sight, everything else folded. Models' words are inert."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from workers.domain.audit import Audit, Criterion, Place, Score, called
from workers.domain.receipt import compared, summed
from workers.domain.review import Planned
from workers.github.fences import cap, code_span
from workers.github.render.blocks import bounded, bounded_table, cell, count, fold, paragraphs, table
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.render.receipt import money
from workers.github.sanitise import Sanitiser, blob_url

BODY_MAX_BYTES = 59_500
"""A mark of ours follows."""
JSON_MAX_BYTES = 24_000
REASONS_MAX_BYTES = 6_000
PART_MAX_BYTES = 6_000
QUOTES_MAX_BYTES = 6_000
LINE_MAX_CHARS = 300
TEXT_MAX_CHARS = 1_200
PRIORITIES_MAX = 5
NOTICES_MAX = 2
LIST_MAX = 40
PARTS: Mapping[str, tuple[str, str]] = {
    "architect": ("Architecture", "architect_analysis"),
    "deployment": ("Deployment", "deployment_analysis"),
    "business": ("Business", "business_analysis"),
}


def audit_text(audit: Audit, head_sha: str, document: str, sanitiser: Sanitiser) -> str:
    """The whole comment, at most 59,500 bytes; `document` is the audit as JSON, which is left out if it does not fit."""
    shown = _Shown(audit, head_sha, sanitiser)
    told = paragraphs(
        shown.head(),
        shown.scores(),
        shown.insights(),
        *shown.warnings(),
        "\n".join(shown.folds()),
    )
    told = cap(told, BODY_MAX_BYTES)
    whole = fold("JSON", sanitiser.code(document, "json", JSON_MAX_BYTES))
    fits = len(document.encode()) <= JSON_MAX_BYTES and len(f"{told}\n{whole}".encode()) <= BODY_MAX_BYTES
    return f"{told}\n{whole}" if fits else told


class _Shown:
    """The pieces of one comment."""

    def __init__(self, audit: Audit, head_sha: str, sanitiser: Sanitiser) -> None:
        self._audit, self._sha, self._clean = audit, head_sha, sanitiser
        scores = audit.scores
        self._scores = (scores.code, scores.deployment, scores.documentation)
        self._results: Mapping[str, Any] = audit.results or {}

    def head(self) -> str:
        at = f" at `{self._sha[:SHORT_SHA_CHARS]}`" if self._sha else ""
        return f"## Audit of this repository{at}"

    def scores(self) -> str:
        rows = [[one.name.capitalize(), _value(one), self._least(one)] for one in self._scores]
        return table(["", "Score", "Lost most on"], rows)

    def _least(self, score: Score) -> str:
        lost = sorted((one for one in score.criteria if one.most), key=lambda one: one.points - one.most)
        worst = [one.name for one in lost[:3] if one.most - one.points >= 0.05]
        return cell(self._line(", ".join(worst) or "nothing"))

    def insights(self) -> str:
        """What the aggregator says."""
        found: Mapping[str, Any] = self._results.get("aggregated_insights") or {}
        if not found:
            return ""
        priorities = [f"{number}. {self._line(one)}" for number, one in enumerate(found["top_priorities"], 1)]
        fits = (
            f"Fit for work with an assistant: {found['vibecodibility_score']:g} of 10. "
            f"Fit for a kit of small tools: {found['borg_tools_fit']:g} of 10."
        )
        return paragraphs(
            self._text(found["overall_assessment"]), "\n".join(priorities[:PRIORITIES_MAX]), fits
        )

    def warnings(self) -> Iterator[str]:
        """Who gave no answer, and what was not seen: the first in sight, the rest folded."""
        failed = [
            f"The {called(name)} gave no answer: {self._line(why)}."
            for name, why in self._audit.failed.items()
        ]
        said = [*failed, *map(self._line, self._audit.notices)]
        if said:
            yield "\n".join(f"> {one}" for one in said[:NOTICES_MAX])

    def folds(self) -> Iterator[str]:
        rest = [*self._audit.failed, *self._audit.notices]
        if len(rest) > NOTICES_MAX:
            lines = [
                f"- The {called(name)} gave no answer: {self._line(why)}."
                for name, why in self._audit.failed.items()
            ]
            lines += [f"- {self._line(one)}" for one in self._audit.notices]
            yield fold(count(len(lines), "notice"), bounded(lines, count_max=LIST_MAX, max_bytes=3_000))
        for score in self._scores:
            yield fold(f"Why {score.name} is {_value(score)}", self._reasons(score.criteria))
        for name, (title, key) in PARTS.items():
            if part := self._results.get(key):
                yield fold(title, self._part(name, part))
        yield fold(*self._cost())

    def _reasons(self, criteria: Iterable[Criterion]) -> str:
        rows = (
            [
                cell(self._line(one.name)),
                f"{one.points:.1f} of {one.most:.1f}" if one.most else "does not count",
                cell(self._line(one.looked_at)),
                cell(self._line(one.found)),
                cell(", ".join(map(self._place, one.places))),
            ]
            for one in criteria
        )
        head = ["", "Points", "Looked at", "Found", "Where"]
        return bounded_table(head, rows, count_max=LIST_MAX, max_bytes=REASONS_MAX_BYTES)

    def _place(self, one: Place) -> str:
        span = code_span(self._clean.path(str(one)))
        if not self._clean.repository_url or not self._sha:
            return span
        return f"[{span}]({blob_url(self._clean.repository_url, self._sha, one.path, one.line)})"

    def _part(self, name: str, part: Mapping[str, Any]) -> str:
        lines = [line for key, value in part.items() for line in self._field(key, value)]
        text = bounded(lines, count_max=LIST_MAX, max_bytes=PART_MAX_BYTES)
        return paragraphs(text, self._proof(name))

    def _field(self, key: str, value: object) -> Iterator[str]:
        title = f"**{key.replace('_', ' ').capitalize()}**"
        if isinstance(value, list | tuple):
            yield f"- {title}" if value else f"- {title}: none"
            yield from (f"  - {self._item(one)}" for one in value)
        else:
            yield f"- {title}: {self._text(_word(value))}"

    def _item(self, one: object) -> str:
        if isinstance(one, Mapping):
            return f"{one['severity']}: {self._line(str(one['issue']))}"
        return self._line(str(one))

    def _proof(self, name: str) -> str:
        proof = self._audit.proofs.get(name)
        if proof is None:
            return ""
        left_out = f" {count(proof.dropped, 'quote')} left out: not in the code." if proof.dropped else ""
        if not proof.evidence:
            return f"*No code was named that shows this: take it as an opinion.*{left_out}"
        lines = [
            f"- {self._place(Place(one.path, one.start_line or one.line))}: {self._line(one.why)}"
            for one in proof.evidence
        ]
        rests_on = bounded(lines, count_max=LIST_MAX, max_bytes=QUOTES_MAX_BYTES)
        return f"It rests on:\n{rests_on}\n\n{left_out.strip()}".rstrip()

    def _cost(self) -> tuple[str, str]:
        audit = self._audit
        seen = f"{count(audit.read, 'file')} read; models saw the starts of {len(audit.shown):,} of them."
        if audit.planned:
            return "Dry run", f"{seen} {_planned(audit.planned)}"
        if not audit.calls:
            return "Cost: static only, $0", f"{count(audit.read, 'file')} read. No model was asked."
        sums = compared(audit.calls)
        beside = (
            f" The same tokens on the strongest model: {money(sums.premium_micros)}."
            if sums.premium_model
            else ""
        )
        quality = "unknown" if audit.quality is None else f"{audit.quality:.0%} of the quotes are in the code"
        names = bounded(
            [f"- {code_span(self._clean.path(one))}" for one in audit.shown],
            count_max=LIST_MAX,
            max_bytes=3_000,
        )
        summary = f"Cost: {money(sums.cost_micros)}, {count(sums.calls, 'call')}"
        return summary, f"{seen}{beside} Quality: {quality}.\n\n{names}"

    def _line(self, text: str) -> str:
        return self._clean.line(text, LINE_MAX_CHARS)

    def _text(self, text: str) -> str:
        return self._clean.line(text, TEXT_MAX_CHARS)


def _value(score: Score) -> str:
    if score.value is None:
        return "nothing to score"
    return f"{score.value:g} %" if score.out_of == 100 else f"{score.value:g} of {score.out_of:g}"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g} of 10" if isinstance(value, int | float) else str(value)


def _planned(planned: Sequence[Planned]) -> str:
    worst = summed(one.call.estimated_micros for one in planned)
    return f"{count(len(planned), 'question')} would be asked first, for at most {money(worst)}."
