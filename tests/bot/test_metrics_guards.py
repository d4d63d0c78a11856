"""What guards the models, on the metrics page."""

from __future__ import annotations

from typing import cast

import pytest
from starlette.requests import Request

from bot.metrics import Metrics
from workers.domain.errors import TransientError
from workers.domain.health import Figures
from workers.storage.outlook import Counts

FIGURES = Figures({("m", "ok"): 3, ("m", "failed"): 1}, {"m": False}, {"acme:KEY": (2, 0.4)})


async def _counts() -> Counts:
    raise TransientError("away")


async def _page(metrics: Metrics) -> list[str]:
    return bytes((await metrics.page(cast("Request", None))).body).decode().splitlines()


@pytest.mark.parametrize(
    "line",
    [
        'provider_health_checks_total{model="m",result="ok"} 3.0',
        'provider_health_checks_total{model="m",result="failed"} 1.0',
        'model_health{model="m"} 0.0',
        'quorum_rate_limit_waits_total{bucket="acme:KEY"} 2.0',
        'quorum_rate_limit_wait_seconds_total{bucket="acme:KEY"} 0.4',
    ],
)
async def test_each_figure_is_a_line(line: str) -> None:
    async def read() -> Figures:
        return FIGURES

    assert line in await _page(Metrics(_counts, read))


async def test_what_cannot_be_read_is_absent_not_zero() -> None:
    answers = iter([FIGURES])

    async def read() -> Figures:
        for answer in answers:
            return answer
        raise TransientError("away")

    metrics = Metrics(_counts, read)
    assert any(line.startswith("model_health{") for line in await _page(metrics))
    assert not any(line.startswith("model_health{") for line in await _page(metrics))
