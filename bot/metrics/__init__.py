"""`/metrics`."""

from bot.metrics.page import Metrics

__all__ = ["Metrics"]
