"""What guards the models, as all workers share it: probes, health, and waits for a key's rate."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from workers.domain.health import Figures

NOTHING = Figures()


class Guards(Collector):
    """The figures last read; nothing while they can't be: a gap is no zero."""

    def __init__(self) -> None:
        self.figures = NOTHING

    def collect(self) -> Iterator[Metric]:
        """A family each, also when it is empty."""
        checks = CounterMetricFamily(
            "provider_health_checks", "Probes of models.", labels=("model", "result")
        )
        for (model, result), count in self.figures.checks.items():
            checks.add_metric((model, result), count)
        health = GaugeMetricFamily("model_health", "1: may be asked, 0: is asked no more.", labels=("model",))
        for model, healthy in self.figures.healthy.items():
            health.add_metric((model,), float(healthy))
        yield from (checks, health)
        yield from self._waits()

    def _waits(self) -> Iterator[Metric]:
        waits = CounterMetricFamily("quorum_rate_limit_waits", "Requests told to wait.", labels=("bucket",))
        seconds = CounterMetricFamily(
            "quorum_rate_limit_wait_seconds", "Time that they were told to wait.", labels=("bucket",)
        )
        for bucket, (count, waited_s) in self.figures.waits.items():
            waits.add_metric((bucket,), count)
            seconds.add_metric((bucket,), waited_s)
        yield from (waits, seconds)
