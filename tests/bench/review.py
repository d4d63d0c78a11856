"""A whole review by a council of models beside the critical path: the same questions asked by bare httpx, in turns."""

from __future__ import annotations

import itertools
import os
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx2

from config.repository import RepositoryConfig
from tests.bench._models import claim
from tests.bench._review_change import Analysed, the_change, the_snapshot
from tests.bench._review_models import WINDOW_TOKENS, Request, council
from tests.bench._review_peer import Peer
from tests.bench._review_server import WIRES
from tests.bench.result import Result
from workers.bootstrap.models import RunModels
from workers.domain.review import Review
from workers.experts.question_writer import prepared
from workers.experts.questions import AskLimits, Inquiry
from workers.experts.registry import EXPERTS
from workers.pipelines.review import ReviewLimits, ReviewRequest, review
from workers.telemetry import configure_logging

ROUNDS = 5
RATIO_MAX = 1.1
BATCHES = 10
ASKED = len(EXPERTS) * len(WIRES) * BATCHES
CONFIG = RepositoryConfig.model_validate(
    {"orchestration": {"tier": "premium", "consensus": {"models_max": len(WIRES), "refute": True}}}
)
LIMITS = ReviewLimits(asking=AskLimits(batches_max=BATCHES))


@dataclass(frozen=True)
class Took:
    """Seconds of time, and of this process's processor."""

    wall_s: float
    cpu_s: float


class Reviewing:
    """Reviews changes that differ in a few letters, one at a time."""

    def __init__(self, models: RunModels) -> None:
        self._models = models
        self._numbers = itertools.count()
        self._analysed = Analysed(the_change(0))

    def request(self) -> ReviewRequest:
        """The next change."""
        change = the_change(next(self._numbers))
        return ReviewRequest(change, the_snapshot(change), CONFIG)

    async def review(self, request: ReviewRequest) -> Review:
        """A review in the name of a run of its own."""
        async with self._models.open(claim(secrets.token_hex(8)), "sha", CONFIG) as opened:
            return await review(
                request,
                analyse=self._analysed.analyse,
                models=opened,
                progress=lambda sentence: None,
                new_boundary=lambda: secrets.token_hex(8),
                clock=time.monotonic,
                limits=LIMITS,
            )


async def run(_: str | None) -> list[Result]:
    """Medians of rounds in which the review and its peer take turns; the analysers' time is in neither."""
    configure_logging("WARNING")
    async with (
        council() as families,
        families.opened() as models,
        httpx2.AsyncClient(trust_env=False) as client,
    ):
        reviewing = Reviewing(models)
        await reviewing.review(reviewing.request())  # imports, connections
        await families.asked()
        said = await reviewing.review(reviewing.request())
        asked = await families.asked()
        peer = Peer.of(client, families, asked)
        await peer.ask_all()
        pairs = [await _round(reviewing, peer) for _ in range(ROUNDS)]
        return [*_counted(asked, said), *_compared(pairs), _writing(), _busy()]


async def _round(reviewing: Reviewing, peer: Peer) -> tuple[Took, Took]:
    request = reviewing.request()
    return await _taken(lambda: reviewing.review(request)), await _taken(peer.ask_all)


async def _taken(do: Callable[[], Awaitable[object]]) -> Took:
    started, cpu = time.perf_counter(), time.process_time()
    await do()
    return Took(time.perf_counter() - started, time.process_time() - cpu)


def _counted(asked: Sequence[Request], said: Review) -> list[Result]:
    """What the servers say they were asked, beside what was to be asked."""
    kinds = Counter(one.kind for one in asked)
    good = [call for call in said.calls if call.outcome == "ok"]
    return [
        Result(
            "questions about the change", kinds["review"], "calls", f"= {ASKED}", kinds["review"] == ASKED
        ),
        Result("to plan it", kinds["plan"], "calls", "= 1", kinds["plan"] == 1),
        Result("to disprove findings", kinds["refute"], "calls", ">= 1", kinds["refute"] >= 1),
        Result(
            "calls in the ledger's account", len(good), "calls", f"= {len(asked)}", len(good) == len(asked)
        ),
        Result("findings", len(said.findings), "findings"),
        Result("body of a question", round(sum(len(one.raw) for one in asked) / len(asked) / 1_000), "kB"),
    ]


def _compared(pairs: Sequence[tuple[Took, Took]]) -> list[Result]:
    ratio = round(statistics.median(ours.wall_s / peer.wall_s for ours, peer in pairs), 3)
    return [
        Result("a whole review", _median([ours.wall_s for ours, _ in pairs]), "s"),
        Result("critical path: the peer", _median([peer.wall_s for _, peer in pairs]), "s"),
        Result("review beside the critical path", ratio, "times", f"<= {RATIO_MAX}", ratio <= RATIO_MAX),
        Result("a whole review: CPU", _median([ours.cpu_s for ours, _ in pairs]), "s"),
        Result("the peer: CPU", _median([peer.cpu_s for _, peer in pairs]), "s"),
    ]


def _writing() -> Result:
    """How fast questions are written, with nothing else going on."""
    change = the_change(0)
    inquiry = Inquiry(change, change.files, {expert.aspect: expert.focus for expert in EXPERTS})
    speeds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ready = prepared(inquiry, secrets.token_hex(8), LIMITS.asking, WINDOW_TOKENS)
        speeds.append(len(ready.questions) / (time.perf_counter() - started))
    return Result("questions prepared", round(statistics.median(speeds)), "a second")


def _busy() -> Result:
    """Above 1, whoever needs more of a processor waits for it longer: the ratio is then the machine's, too."""
    return Result(
        "processes that want a processor", round(os.getloadavg()[0] / (os.cpu_count() or 1), 1), "each"
    )


def _median(seconds: Sequence[float]) -> float:
    return round(statistics.median(seconds), 3)
