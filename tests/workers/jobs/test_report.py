"""Given-up work is told on the pull request, once and truthfully."""

from __future__ import annotations

import pytest

from tests.fakes.github import CheckRun, Fault
from tests.workers.github.octo import NAME
from tests.workers.jobs.desk import Desk
from workers.domain.errors import TransientError
from workers.github.leaks import LiveSecrets
from workers.jobs.answering import Answering
from workers.jobs.asked import Asked
from workers.jobs.report import DeadReport
from workers.storage.commands import CommandStore
from workers.storage.work import Dead


def _dead(desk: Desk, generation: int = 1) -> Dead:
    return Dead(desk.key, generation, NAME, "", "KeyError: 'secret detail'")


def _report(desk: Desk) -> DeadReport:
    asked = Asked(CommandStore(desk.database, desk.clock), Answering(desk.octo.clients, LiveSecrets.of(())))
    return DeadReport(desk.octo.clients, desk.octo.github.app.app_id, asked)


def _checks(desk: Desk) -> list[CheckRun]:
    return list(desk.octo.github.check_runs(desk.octo.sha))


async def test_it_is_neither_green_nor_neutral(desk: Desk) -> None:
    """GitHub counts neutral as passing, and nothing was reviewed."""
    await _report(desk)(_dead(desk))
    (run,) = _checks(desk)
    assert (run.status, run.conclusion) == ("completed", "action_required")


async def test_the_check_that_the_failed_run_began_is_ended(desk: Desk) -> None:
    check_id = await (await desk.posting(await desk.lease())).start_check()
    await _report(desk)(_dead(desk))
    (run,) = _checks(desk)
    assert (run.id, run.conclusion) == (check_id, "action_required")


async def test_reporting_twice_changes_nothing(desk: Desk) -> None:
    for _ in range(2):
        await _report(desk)(_dead(desk))
    assert len(_checks(desk)) == 1


async def test_the_error_is_for_the_operator_alone(desk: Desk) -> None:
    await _report(desk)(_dead(desk))
    (run,) = _checks(desk)
    assert "secret detail" not in str(run.output)


async def test_a_repository_that_is_gone_needs_no_report(desk: Desk) -> None:
    desk.octo.github.uninstall(desk.octo.github.world.installations[desk.key.installation_id])
    await _report(desk)(_dead(desk))
    assert desk.writes() == []


async def test_a_github_that_is_away_is_told_to_the_caller(desk: Desk) -> None:
    """So that the sweep reports it again later."""
    desk.octo.github.faults.add(Fault(("GET", "/repos/.*/pulls/.*"), "status", times=100))
    with pytest.raises(TransientError):
        await _report(desk)(_dead(desk))
