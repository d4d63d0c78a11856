"""The tests job: read a pull request, have tests written and proved, deliver them as a pull request of our own.

It is stacked on the pull request's own branch where that is in this repository: the tests need what it changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import structlog

from config.settings import Settings
from workers.analysis.sandbox import Sandbox
from workers.analysis.testing.proving import Verdict
from workers.analysis.testing.toolchains.registry import Toolchains
from workers.bootstrap.models import RunModels
from workers.domain.change import Hunk, PullRequest
from workers.domain.delivery import BARRED, Delivered, Proposal, Topic
from workers.domain.errors import UserError
from workers.domain.receipt import receipt_of
from workers.github.client import Clients, InstallationClient
from workers.github.leaks import LiveSecrets
from workers.github.permissions import COMMAND
from workers.github.pull_requests import read_claimed
from workers.github.render.blocks import count
from workers.github.render.tested import (
    Left,
    TestRow,
    TestsMade,
    answer_text,
    proposal_text,
    says_not_executed,
    title_of,
)
from workers.github.sanitise import Sanitiser
from workers.jobs.asked import Asked
from workers.jobs.budgets import run_limit_micros
from workers.jobs.delivering import Delivering, Place, Standing
from workers.jobs.rules import RuleBook, Rules
from workers.jobs.showing import Errand, Showing, Steps
from workers.jobs.tests_reading import Ground, TestsRead, read_ground, read_tests
from workers.pipelines.testing import Proving, Tested, TestsLimits, write_tests
from workers.pipelines.testing_parts.values import Kept
from workers.storage.lease import Lease
from workers.storage.receipts import ReceiptBook
from workers.telemetry import phase

log = structlog.get_logger()

TOPIC = "tests"
HASH_CHARS = 12
ANYWHERE = ("",)


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of the job, once it is known what is to be done.

    `named` are the paths of whoever asked, `steps` hears how far it is.
    """

    lease: Lease
    client: InstallationClient
    pull: PullRequest
    ground: Ground
    named: tuple[str, ...]
    rules: Rules
    sanitiser: Sanitiser
    steps: Steps

    @property
    def place(self) -> Place:
        """The repository."""
        return Place(self.lease.claim.key.installation_id, self.pull.repo_id, self.pull.full_name)

    @property
    def topic(self) -> Topic:
        """One pull request of tests for each pull request, and one for each choice of paths."""
        paths = "\0".join(sorted(self.named)).encode("utf-8", "replace")
        what = sha256(paths).hexdigest()[:HASH_CHARS] if self.named else str(self.pull.number)
        return Topic(f"{TOPIC}:{what}", self.ground.ref)


@dataclass(frozen=True, slots=True)
class Workbench:
    """What tests are read and run with; `find_toolchains` takes the operator's settings, one a toolchain."""

    sandbox: Sandbox
    find_toolchains: Callable[[str, str], Awaitable[Toolchains]]
    new_word: Callable[[], str]
    new_seed: Callable[[], int]


@dataclass(frozen=True, slots=True)
class TestsJob:
    """Writes tests for what a pull request changes, or for named paths; `now` in epoch seconds."""

    __test__ = False

    clients: Clients
    delivering: Delivering
    models: RunModels
    receipts: ReceiptBook
    rulebook: RuleBook
    asked: Asked
    showing: Showing
    settings: Settings
    secrets: LiveSecrets
    workbench: Workbench
    parse_patch: Callable[[str], tuple[Hunk, ...]]
    new_boundary: Callable[[], str]
    now: Callable[[], float]

    async def __call__(self, lease: Lease) -> str:
        """Do the claimed generation; returns the sha that the tests are for. Raises UserError."""
        key, generation = lease.claim.key, lease.claim.generation
        client = self.clients.client(key.installation_id, key.repo_id, COMMAND)
        pull = await read_claimed(client, lease.claim)
        waiting = await self.asked.waiting(key, generation)
        errand = Errand(client, lease, pull, waiting[0]) if waiting else None
        try:
            async with self.showing.shown(errand) as steps:
                visit = await self._visit(lease, client, pull, steps)
                text = await self._bring(visit)
        except UserError as error:
            clean = Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets).clean(str(error))
            await self.asked.refuse(client, key, generation, pull, clean)
            raise
        await self.asked.fulfil(client, key, generation, pull, text)
        return visit.ground.sha

    async def _visit(
        self, lease: Lease, client: InstallationClient, pull: PullRequest, steps: Steps
    ) -> Visit:
        waiting = await self.asked.waiting(lease.claim.key, lease.claim.generation)
        some = [one.seen.arguments.split() for one in waiting]
        named = tuple(dict.fromkeys(path for paths in some for path in paths)) if all(some) else ()
        ground = await read_ground(client, pull, named)
        rules = await self.rulebook.read(client, lease.claim.key.installation_id, pull)
        sanitiser = Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets)
        steps.limit_micros = run_limit_micros(self.settings, rules.config.orchestration.cost_tracking)
        return Visit(lease, client, pull, ground, named, rules, sanitiser, steps)

    async def _bring(self, visit: Visit) -> str:
        """Bring the tests; what to answer. What people have stopped costs nothing."""
        standing = await self.delivering.standing(visit.place, visit.topic)
        if standing.outcome in BARRED:
            async with visit.lease.writing():
                told = await self.delivering.bar(visit.lease, visit.place, visit.topic, standing)
            return answer_text(told, None, visit.sanitiser)
        with phase("read"):
            read = await self._read(visit)
        with phase("think"):
            tested = await self._thought(visit, read)
        with phase("write"):
            made = await self._made(visit, standing, read, tested)
            if not tested.kept:
                return answer_text(None, made, visit.sanitiser)
            async with visit.lease.writing():
                told = await self._deliver(visit, tested, made)
        log.info("tested", outcome=str(told.outcome), files=len(tested.kept), number=told.number)
        return answer_text(told, made, visit.sanitiser)

    async def _read(self, visit: Visit) -> TestsRead:
        return await read_tests(
            visit.client,
            visit.pull,
            visit.ground,
            visit.named,
            visit.rules.config,
            self.settings,
            self.parse_patch,
            urgent=True,
        )

    async def _thought(self, visit: Visit, read: TestsRead) -> Tested:
        """Tests in the name of whoever asked; what they cost is kept, whatever comes of it."""
        claim, config, bench = visit.lease.claim, visit.rules.config, self.workbench
        toolchains = await bench.find_toolchains(self.settings.tests_python, self.settings.tests_node)
        proving = Proving(bench.sandbox, toolchains, bench.new_word, bench.new_seed())
        limits, boundary = TestsLimits(), self.new_boundary()
        tell = _telling(visit.steps, read)
        if not config.orchestration.enabled:
            return await write_tests(
                read.request, None, proving, boundary=boundary, limits=limits, progress=tell
            )
        user_id = await self.asked.first_of(claim.key, claim.generation)
        async with self.models.open(claim, visit.ground.sha, config, user_id) as models:
            made = await write_tests(
                read.request, models, proving, boundary=boundary, limits=limits, progress=tell
            )
        receipt = receipt_of(
            claim, TOPIC, made.calls, quality=made.quality, validated=made.validated, at=self.now()
        )
        await self.receipts.keep(claim.key.installation_id, receipt)
        return made

    async def _made(self, visit: Visit, standing: Standing, read: TestsRead, tested: Tested) -> TestsMade:
        earlier = await self._earlier(visit, standing, tested)
        doubted = standing.pull is not None and says_not_executed(standing.pull.title)
        return TestsMade(
            visit.ground.ref,
            visit.ground.sha,
            visit.ground.word,
            tuple(map(_row, tested.kept)),
            tuple(Left(one.subject, one.targets, one.why) for one in tested.dropped),
            earlier,
            doubted and bool(earlier),
            (*visit.rules.notices, *read.notices, *tested.notices),
            tested.calls,
            tested.quality,
        )

    async def _earlier(self, visit: Visit, standing: Standing, tested: Tested) -> tuple[str, ...]:
        """Files that our branch offers already and that this run does not write."""
        if standing.tip is None:
            return ()
        overlay = await self.delivering.overlay(visit.place, visit.ground.sha, standing, ANYWHERE)
        offered: Sequence[str] = [path for path, sha in overlay.offered.items() if sha is not None]
        return tuple(path for path in offered if path not in tested.files)

    async def _deliver(self, visit: Visit, tested: Tested, made: TestsMade) -> Delivered:
        title = visit.sanitiser.line(title_of(made))
        proposal = Proposal(
            visit.topic,
            visit.ground.sha,
            title,
            proposal_text(made, visit.sanitiser),
            title,
            {path: self.secrets.redact(text) for path, text in tested.files.items()},
            ANYWHERE,
        )
        return await self.delivering.deliver(visit.lease, visit.place, proposal)


def _row(kept: Kept) -> TestRow:
    proof = kept.proof
    why = proof.why if proof.verdict is Verdict.NOT_EXECUTED else ""
    return TestRow(
        kept.path,
        kept.subject,
        kept.targets,
        proof.tests,
        proof.killed,
        proof.mutants,
        why,
        proof.survived,
    )


def _telling(steps: Steps, read: TestsRead) -> Callable[[str], None]:
    """Counts answers: each is a test that is written, or mended."""
    modules, answers = f"{count(len(read.request.sources), 'module')} looked at", itertools.count(1)
    steps.tell(modules)

    def tell(step: str) -> None:
        log.info("tests progress", step=step)
        steps.tell(modules, f"{count(next(answers), 'test file')} written or mended by models")

    return tell
