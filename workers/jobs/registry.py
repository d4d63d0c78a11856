"""Which job does the work of which pipeline."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version

from workers.analysis.diff import parse_patch
from workers.analysis.house.jailed import patterns
from workers.analysis.sandbox import JailLimits
from workers.analysis.structure.jailed import structures
from workers.analysis.testing.toolchains.registry import find_toolchains
from workers.bootstrap import Services
from workers.github.collaborators import Permissions
from workers.jobs.answering import Answering
from workers.jobs.asked import Asked
from workers.jobs.audit import AuditJob
from workers.jobs.budget_notes import BudgetNotes
from workers.jobs.budgets import RepositoryBudgets
from workers.jobs.closer import Closer
from workers.jobs.closing import CloseThreads
from workers.jobs.code_scanning import CodeScanning
from workers.jobs.command import CommandJob
from workers.jobs.commands.act import Stores, Thinking
from workers.jobs.delivering import Delivering
from workers.jobs.denials import Denials
from workers.jobs.describe import DescribeJob
from workers.jobs.describing import WantDescription
from workers.jobs.docs import DocsJob
from workers.jobs.hearing import Hearing
from workers.jobs.improve import ImproveJob
from workers.jobs.labelling import Labelling, Unlabelling
from workers.jobs.outcomes import LastHearing, RoundOutcomes
from workers.jobs.refusals import Refusals
from workers.jobs.requesting import Requesting
from workers.jobs.review import ReviewJob
from workers.jobs.review_run import Memory
from workers.jobs.rules import RuleBook
from workers.jobs.runner import Job
from workers.jobs.showing import Showing
from workers.jobs.tests import TestsJob, Workbench

BOUNDARY_BYTES = 16
SEED_BITS = 32


def jobs(services: Services) -> Mapping[str, Job]:
    """Pipeline → job; a row for each pipeline that handlers and commands may want."""
    rulebook = RuleBook(
        services.clients, services.configurations, services.operator, services.models.catalogue
    )
    hearing = _hearing(services)
    closer = Closer(services.clients, services.touches, Denials(services.now))
    return {
        "review": _review(services, rulebook, closer, hearing),
        "command": _command(services, rulebook, closer),
        "describe": _describe(services, rulebook),
        "improve": _improve(services, rulebook),
        "docs": _docs(services, rulebook),
        "tests": _tests(services, rulebook),
        "audit": _audit(services, rulebook),
        "outcomes": LastHearing(services.clients, rulebook, hearing),
    }


def asked(services: Services) -> Asked:
    """Who tells people what became of the reviews they asked for."""
    return Asked(services.commands, Answering(services.clients, services.secrets))


def _showing(services: Services) -> Showing:
    settings = services.settings
    return Showing(
        services.clients,
        services.ledger,
        services.leftovers,
        services.calls,
        services.now,
        after_s=settings.progress_after_s,
        interval_s=settings.progress_interval_s,
    )


def _hearing(services: Services) -> Hearing:
    permissions = Permissions(time.monotonic)
    return Hearing(services.outcomes, services.findings, services.dismissals, permissions, services.now)


def _review(services: Services, rulebook: RuleBook, closer: Closer, hearing: Hearing) -> ReviewJob:
    refusals = Refusals()
    return ReviewJob(
        services.clients,
        services.ledger,
        services.leftovers,
        services.reviewer,
        services.models,
        BudgetNotes(_budgets(services), services.alerts, services.now),
        services.work.want,
        rulebook,
        Memory(services.pulls, services.receipts, services.dismissals, services.findings),
        asked(services),
        services.settings,
        services.secrets,
        parse_patch,
        services.now,
        afterwards=(
            CloseThreads(closer),
            Labelling(refusals),
            Requesting(refusals),
            CodeScanning(services.clients, version("quorum"), refusals),
            RoundOutcomes(hearing),
            WantDescription(services.work.want),
        ),
        hearing=hearing,
        beforehand=(Unlabelling(refusals),),
    )


def _command(services: Services, rulebook: RuleBook, closer: Closer) -> CommandJob:
    return CommandJob(
        services.clients,
        rulebook,
        Permissions(time.monotonic),
        Stores(
            services.commands,
            services.pulls,
            services.calls,
            services.dismissals,
            services.findings,
            _budgets(services),
        ),
        Thinking(
            services.models,
            services.receipts,
            services.settings,
            parse_patch,
            partial(secrets.token_hex, BOUNDARY_BYTES),
        ),
        closer,
        Answering(services.clients, services.secrets),
        services.now,
    )


def _describe(services: Services, rulebook: RuleBook) -> DescribeJob:
    return DescribeJob(
        services.clients,
        services.ledger,
        services.models,
        services.receipts,
        rulebook,
        asked(services),
        services.settings,
        services.secrets,
        parse_patch,
        partial(secrets.token_hex, BOUNDARY_BYTES),
        services.now,
    )


def _docs(services: Services, rulebook: RuleBook) -> DocsJob:
    return DocsJob(
        services.clients,
        Delivering(services.clients, services.ledger, services.topics),
        services.models,
        services.receipts,
        rulebook,
        asked(services),
        _showing(services),
        services.settings,
        services.secrets,
        partial(structures, sandbox=services.sandbox, limits=JailLimits()),
        partial(patterns, sandbox=services.sandbox),
        partial(secrets.token_hex, BOUNDARY_BYTES),
        services.now,
    )


def _improve(services: Services, rulebook: RuleBook) -> ImproveJob:
    return ImproveJob(
        services.clients,
        services.ledger,
        services.models,
        services.reviewer.objections,
        services.receipts,
        services.findings,
        rulebook,
        asked(services),
        services.settings,
        services.secrets,
        parse_patch,
        partial(secrets.token_hex, BOUNDARY_BYTES),
        services.now,
    )


def _tests(services: Services, rulebook: RuleBook) -> TestsJob:
    new_word = partial(secrets.token_hex, BOUNDARY_BYTES)
    return TestsJob(
        services.clients,
        Delivering(services.clients, services.ledger, services.topics),
        services.models,
        services.receipts,
        rulebook,
        asked(services),
        _showing(services),
        services.settings,
        services.secrets,
        Workbench(services.sandbox, find_toolchains, new_word, partial(secrets.randbits, SEED_BITS)),
        parse_patch,
        new_word,
        services.now,
    )


def _audit(services: Services, rulebook: RuleBook) -> AuditJob:
    return AuditJob(
        services.clients,
        services.ledger,
        services.models,
        services.receipts,
        rulebook,
        asked(services),
        _showing(services),
        services.settings,
        services.secrets,
        services.reviewer.analyse,
        partial(structures, sandbox=services.sandbox, limits=JailLimits()),
        partial(secrets.token_hex, BOUNDARY_BYTES),
        services.now,
        time.monotonic,
    )


def _budgets(services: Services) -> RepositoryBudgets:
    return RepositoryBudgets(services.spend, services.settings)
