"""`quorum report`: what choosing models has saved, at which quality, beside what was promised of it."""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.admin.shape import Shape, dollars
from bot.cli.columns import table, usd
from bot.cli.ledger import open_ledger
from config.settings import Settings
from workers.domain.errors import UserError
from workers.storage.receipts import ReceiptBook, Saving
from workers.storage.reports import Line, Reports

DAY_S = 86_400.0
SPAN_DAYS = 30
NOTHING = "-"
NO_DAY = "--since is a day, e.g. 2026-11-01, or a number of days, e.g. 30d."

_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_DAYS = re.compile(r"(\d{1,4})d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Promise:
    """Shares from 0 to 1: of the all-premium cost that is saved, of quality, of runs that pass their validation."""

    saved: float
    quality: float
    passed: float


PROMISED: Mapping[str, Promise] = {
    "review": Promise(0.85, 0.90, 0.95),
    "docs": Promise(0.90, 0.92, 0.96),
    "tests": Promise(0.98, 0.95, 0.98),
}
"""What the design of these workflows says of them; nothing here was measured."""


class Promised(Shape):
    """What was promised; each is 0 to 1."""

    saved: float
    quality: float
    passed: float


class WorkflowReport(Shape):
    """One workflow: of the `compared` runs whose cost, premium cost and quality are all known, the sums in US dollars,
    and shares from 0 to 1. null: nothing to measure.
    """

    workflow: str
    runs: int
    compared: int
    cost: float | None
    premium_cost: float | None
    saved: float | None
    quality: float | None
    passed: float | None
    validations: int
    promised: Promised | None


class Report(Shape):
    """A span of time (ISO 8601, UTC); `spend` is of all calls whose cost is known, in US dollars."""

    since: str
    until: str
    spend: float
    calls: int
    calls_of_unknown_cost: int
    workflows: list[WorkflowReport]


def run(settings: Settings, parsed: argparse.Namespace) -> int:
    """Print the report. Raises UserError for what is no day, TransientError for a database that is away."""
    now = time.time()
    found = asyncio.run(_read(settings, since_of(parsed.since, now), now))
    print(found.model_dump_json(indent=2) if parsed.json else text(found))
    return 0


def since_of(said: str | None, now: float) -> float:
    """The epoch second that `said` begins with: a day in UTC, or so many days before `now`. Raises UserError."""
    if said is None:
        return now - SPAN_DAYS * DAY_S
    if days := _DAYS.fullmatch(said):
        return now - int(days[1]) * DAY_S
    try:
        if _DAY.fullmatch(said):
            return datetime.fromisoformat(said).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise UserError(NO_DAY) from None
    raise UserError(NO_DAY)


async def _read(settings: Settings, since: float, until: float) -> Report:
    async with open_ledger(settings) as database:
        return await report_of(Reports(database), ReceiptBook(database), since, until)


async def report_of(reports: Reports, book: ReceiptBook, since: float, until: float) -> Report:
    """The report of a span, in epoch seconds."""
    return shown(await reports.total(since, until), await book.savings(since, until), since, until)


def shown(total: Line, savings: Sequence[Saving], since: float, until: float) -> Report:
    """Every workflow that ran, and every one of which something was promised."""
    ran = {one.workflow: one for one in savings}
    names = [*PROMISED, *sorted(ran.keys() - PROMISED.keys())]
    none = Saving("", 0, 0, 0, 0, None, 0, 0)
    return Report(
        since=_moment(since),
        until=_moment(until),
        spend=dollars(total.known_micros),
        calls=total.calls,
        calls_of_unknown_cost=total.unpriced,
        workflows=[_row(name, ran.get(name, none)) for name in names],
    )


def _row(name: str, one: Saving) -> WorkflowReport:
    promise = PROMISED.get(name)
    return WorkflowReport(
        workflow=name,
        runs=one.runs,
        compared=one.compared,
        cost=dollars(one.cost_micros) if one.compared else None,
        premium_cost=dollars(one.premium_micros) if one.compared else None,
        saved=one.share,
        quality=one.quality,
        passed=one.passed / one.checked if one.checked else None,
        validations=one.checked,
        promised=Promised(saved=promise.saved, quality=promise.quality, passed=promise.passed)
        if promise
        else None,
    )


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(found: Report) -> str:
    """As it is read on a terminal: measured, and in brackets promised."""
    unknown = f", and {found.calls_of_unknown_cost:,} of unknown cost" if found.calls_of_unknown_cost else ""
    head = f"{found.since} to {found.until}: {usd(found.spend)} for {found.calls:,} calls{unknown}"
    titles = ("workflow", "runs", "compared", "cost", "all premium", "saved", "quality", "passed")
    rows = [titles, *map(_cells, found.workflows)]
    return "\n\n".join((head, table(rows), "\n".join(_words(found))))


def _cells(one: WorkflowReport) -> tuple[str, ...]:
    names = ("saved", "quality", "passed")
    shares = [_share(getattr(one, name), getattr(one.promised, name, None)) for name in names]
    sums = [NOTHING if value is None else usd(value) for value in (one.cost, one.premium_cost)]
    return (one.workflow, f"{one.runs:,}", f"{one.compared:,}", *sums, *shares)


def _share(value: float | None, promised: float | None) -> str:
    said = NOTHING if value is None else f"{value:.0%}"
    return said if promised is None else f"{said} ({promised:.0%})"


def _words(found: Report) -> Iterator[str]:
    yield "Costs, savings, quality and passed validations are of the compared runs alone: those of which all is known."
    yield "All premium: the same tokens on the strongest model. In brackets: what was promised, which nobody measured."
    below = [name for one in found.workflows for name in _below(one)]
    if below:
        yield f"Below what was promised: {', '.join(below)}."


def _below(one: WorkflowReport) -> Iterator[str]:
    if one.promised is None:
        return
    for name in ("saved", "quality", "passed"):
        measured = getattr(one, name)
        if measured is not None and measured < getattr(one.promised, name):
            yield f"{one.workflow} {name}"
