"""`/metrics`: what this process counts, and what the store and Valkey say, in Prometheus' text format."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import fields

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import Response

from bot.metrics.guards import NOTHING, Guards
from workers.domain.errors import TransientError
from workers.domain.health import Figures
from workers.storage.outlook import Counts

SIZES = (1, 2, 4, 8, 16, 32, 64)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

WORK = {
    "wanted": ("quorum_work_wanted", "Work whose newest generation is not done."),
    "ready": ("quorum_work_ready", "Work that could be claimed now."),
    "running": ("quorum_work_running", "Work under a live lease."),
    "dead": ("quorum_work_dead", "Work given up on its newest generation."),
    "parked_installations": ("quorum_installations_parked", "Installations that GitHub makes wait."),
    "oldest_s": ("quorum_work_oldest_seconds", "Age of the oldest ready work."),
    "outcomes_right": (
        "quorum_outcomes_right",
        "Findings that people fixed or accepted, and that models learned of.",
    ),
    "outcomes_wrong": (
        "quorum_outcomes_wrong",
        "Findings that people said no to, and that models learned of.",
    ),
}


class Metrics:
    """Counters of one process. `counts` reads the store: every process and every scrape sees the same truth. `figures`
    reads what guards the models; both raise TransientError when they can't.

    Label values come from the registry of events and from constants, never from a request.
    """

    def __init__(
        self,
        counts: Callable[[], Awaitable[Counts]],
        figures: Callable[[], Awaitable[Figures]] | None = None,
    ) -> None:
        self._counts = counts
        self._figures = figures
        self._registry = CollectorRegistry()
        self._guards = Guards()
        self._registry.register(self._guards)
        ProcessCollector(registry=self._registry)
        self._deliveries = Counter(
            "quorum_deliveries", "Verified deliveries.", ("event", "outcome"), registry=self._registry
        )
        self._refused = Counter(
            "quorum_deliveries_refused", "Requests turned away.", ("reason",), registry=self._registry
        )
        self._sizes = Histogram(
            "quorum_commit_deliveries", "Deliveries in one commit.", buckets=SIZES, registry=self._registry
        )
        self._seconds = Histogram(
            "quorum_commit_seconds", "Time of one commit.", buckets=SECONDS, registry=self._registry
        )
        self._up = Gauge("quorum_database_up", "Whether the store answered.", registry=self._registry)
        self._work = {
            field.name: Gauge(*WORK[field.name], registry=self._registry) for field in fields(Counts)
        }

    def delivered(self, event: str, outcome: str) -> None:
        """Count a verified delivery that was answered with 202."""
        self._deliveries.labels(event, outcome).inc()

    def refused(self, reason: str) -> None:
        """Count a request that was turned away."""
        self._refused.labels(reason).inc()

    def committed(self, deliveries: int, seconds: float) -> None:
        """Count one commit."""
        self._sizes.observe(deliveries)
        self._seconds.observe(seconds)

    async def page(self, _: Request) -> Response:
        """The metrics page; figures of the store are NaN while it is away."""
        await asyncio.gather(self._refresh(), self._refresh_guards())
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    async def _refresh(self) -> None:
        try:
            counts = await self._counts()
        except TransientError:
            counts = None
        self._up.set(counts is not None)
        for name, gauge in self._work.items():
            gauge.set(float("nan") if counts is None else getattr(counts, name))

    async def _refresh_guards(self) -> None:
        if self._figures is None:
            return
        try:
            self._guards.figures = await self._figures()
        except TransientError:
            self._guards.figures = NOTHING
