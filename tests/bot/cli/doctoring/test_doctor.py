"""`quorum doctor`: one thing is broken, and exactly its check says so and what to do."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio
import redis
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from bot.cli.doctor import diagnosed
from bot.cli.doctoring import disk, sandbox
from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.registry import CHECKS
from bot.cli.doctoring.sandbox import judged
from bot.cli.doctoring.verdict import Check, Grade, Verdict
from tests.bot.brokering import brokering
from tests.databases import Postgres
from tests.docs.reading import table
from tests.fakes.github import FakeGitHub
from tests.fakes.github.webhooks import Delivery
from tests.fakes.models import Failure, FakeOpenAI
from tests.fakes.repository import GitRepository
from tests.journeys.world import app_settings, model_settings
from workers.analysis.sandbox import ReducedSandbox
from workers.analysis.testing.toolchains.node import NONE_HERE, Node
from workers.github.tokens import AppIdentity

pytestmark = pytest.mark.asyncio(loop_scope="module")

OK, WARNING, FAILED = Grade.OK, Grade.WARNING, Grade.FAILED
HOUR_S = 3600.0
HOST_DECIDES = {"sandbox", "test tools", "disk"}
"""What they say depends on the machine of the tests."""
LOCAL_STATE = {"database", "schema", "disk", "queue", "clock"}
AT_GITHUB = {one.name for one in CHECKS if one.asks} - {"models"}


@dataclass
class Clinic:
    """A whole installation that nothing is wrong with, until a test breaks something."""

    github: FakeGitHub
    models: FakeOpenAI
    folder: Path
    environ: dict[str, str]
    ahead_s: float = 0.0
    checks: tuple[Check, ...] = tuple(one for one in CHECKS if one.name not in ("sandbox", "test tools"))
    undo: list[Callable[[], object]] = field(default_factory=list)

    async def found(self) -> Mapping[str, Verdict]:
        """What the doctor says of it."""
        return await diagnosed(self.environ, lambda: time.time() + self.ahead_s, self.checks)

    def set(self, **variables: str) -> None:
        """Other variables."""
        self.environ.update({f"QUORUM_{name.upper()}": value for name, value in variables.items()})

    def app(self, **changes: object) -> None:
        """Another registration at GitHub, until the test ends."""
        world, before = self.github.world, self.github.world.app
        world.app = replace(before, **changes)  # type: ignore[arg-type] # of the test's table
        self.undo.append(lambda: setattr(world, "app", before))

    def hook(self, target: str | None) -> None:
        """Another webhook URL."""
        self.github.webhook_target = target

    def attempts(self, *codes: int, status: str = "?") -> None:
        """More rows in the log of deliveries."""
        for number, code in enumerate(codes, len(self.github.deliveries) + 1):
            one = Delivery(number, f"{number:032x}", "push", "", None, None, b"{}", time.time())
            self.github.deliveries.append(replace(one, status_code=code, status=status))

    def file(self, name: str, text: str, mode: int, age_s: float = 0.0) -> str:
        """A file with these rights."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        os.utime(path, (time.time() - age_s,) * 2)
        return str(path)

    def sql(self, statement: str, **values: object) -> None:
        """Change the database."""
        with sqlite3.connect(self.folder / "quorum.db") as connection:
            connection.execute(statement, values)
        connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[FakeGitHub, FakeOpenAI]]:
    async with FakeGitHub.serve() as github, FakeOpenAI.serve(default='{"ok": true}') as models:
        github.add_repository("octo", "shop", GitRepository.create(tmp_path_factory.mktemp("shop")).path)
        yield github, models


@pytest.fixture
def clinic(
    servers: tuple[FakeGitHub, FakeOpenAI], sqlite_url: str, valkey: str, tmp_path: Path
) -> Iterator[Clinic]:
    github, models = servers
    environ = {
        **app_settings(github),
        **model_settings(models),
        "QUORUM_MODEL_CONTEXT_TOKENS": "32000",
        "QUORUM_MODEL_INPUT_USD_PER_MILLION": "1",
        "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "1",
        "QUORUM_APP_SLUG": "quorum",
        "QUORUM_DATABASE_URL": sqlite_url,
        "QUORUM_REDIS_URL": valkey,
        "QUORUM_DATA_DIR": str(tmp_path),
        "QUORUM_STORAGE_KEY": "a storage key of its own",
        "QUORUM_BUDGET_MONTH_USD": "20",
    }
    found = Clinic(github, models, tmp_path, environ)
    found.hook("https://quorum.example/webhook")
    found.app(permissions={**github.app.permissions})
    found.attempts(202)
    yield found
    github.faults.clear()
    github.deliveries.clear()
    models.script.clear()
    for step in reversed(found.undo):
        step()


def ill(found: Mapping[str, Verdict]) -> dict[str, Grade]:
    """What is not well, without what was not looked at, and without what the host decides."""
    return {
        name: one.grade
        for name, one in found.items()
        if one.grade is not OK and name not in HOST_DECIDES and not one.said.startswith("Not looked at")
    }


def another_key() -> str:
    return (
        rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def without(clinic: Clinic, permission: str) -> dict[str, str]:
    return {name: level for name, level in clinic.github.app.permissions.items() if name != permission}


def wait_for_long(clinic: Clinic) -> None:
    clinic.sql(
        "INSERT INTO work (key, installation_id, repo_id, number, pipeline, full_name, wanted_gen, done_gen, "
        "dead_gen, not_before, first_wanted_at, priority) "
        "VALUES ('1:2:3:review', 1, 2, 3, 'review', 'octo/shop', 1, 0, 0, 0, :at, 1)",
        at=time.time() - HOUR_S,
    )


def given_up(clinic: Clinic) -> None:
    wait_for_long(clinic)
    clinic.sql("UPDATE work SET dead_gen = 1")


def suspended(clinic: Clinic) -> None:
    (one,) = clinic.github.world.installations.values()
    one.suspended_at = time.time()
    clinic.undo.append(lambda: setattr(one, "suspended_at", None))


def not_accepted(clinic: Clinic) -> None:
    (one,) = clinic.github.world.installations.values()
    before = dict(one.permissions)
    one.permissions.pop("checks")
    clinic.undo.append(lambda: one.permissions.update(before))


def full_memory(clinic: Clinic) -> None:
    client = redis.Redis.from_url(clinic.environ["QUORUM_REDIS_URL"])
    client.config_set("maxmemory", "1gb")
    client.config_set("maxmemory-policy", "allkeys-lru")
    clinic.undo += [client.close, lambda: client.config_set("maxmemory", "0")]


@dataclass(frozen=True)
class Case:
    """`breaks` one thing; `check` then has this grade and these words, all others are well."""

    breaks: Callable[[Clinic], object]
    check: str
    grade: Grade
    words: str


CASES = {
    "no secret": Case(lambda c: c.set(webhook_secret=""), "settings", FAILED, "QUORUM_WEBHOOK_SECRET"),
    "misspelt": Case(lambda c: c.set(webhok_secret="a misspelt variable"), "settings", WARNING, "QUORUM_WEBHOK_SECRET"),
    "no number": Case(lambda c: c.set(app_id="mine"), "settings", FAILED, "QUORUM_APP_ID"),
    "override": Case(lambda c: c.set(review_required="maybe"), "settings", FAILED, "QUORUM_REVIEW_REQUIRED"),
    "readable key": Case(
        lambda c: c.set(webhook_secret_file=c.file("s", c.github.app.webhook_secret, 0o644)),
        "files", FAILED, "chmod 600",
    ),
    "readable folder": Case(lambda c: c.folder.chmod(0o755), "files", FAILED, "chmod 700"),
    "old key": Case(
        lambda c: c.set(webhook_secret_file=c.file("s", c.github.app.webhook_secret, 0o600, 400 * 24 * HOUR_S)),
        "age of secrets", WARNING, "400 days",
    ),
    "no broker": Case(
        lambda c: c.set(private_key="", broker_socket=str(c.folder / "none.sock")), "broker", FAILED, "quorum broker"
    ),
    "open broker": Case(
        lambda c: c.set(private_key="", broker_socket=c.file("broker.sock", "", 0o660)), "broker", FAILED, "mode 600"
    ),
    "no key": Case(lambda c: c.set(private_key="QUFB"), "private key", FAILED, "QUORUM_PRIVATE_KEY_FILE"),
    "torn key": Case(
        lambda c: c.set(private_key=c.github.app.private_key[:300]), "private key", FAILED, "PEM"
    ),
    "another App's key": Case(lambda c: c.set(private_key=another_key()), "app", FAILED, "of one App"),
    "another id": Case(lambda c: c.set(app_id="1"), "app", FAILED, "4242"),
    "another slug": Case(lambda c: c.set(app_slug="quorun"), "app", FAILED, "`quorum`"),
    "GitHub away": Case(
        lambda c: c.set(github_api_url="http://127.0.0.1:9"), "github", FAILED, "QUORUM_GITHUB_API_URL"
    ),
    "permission": Case(
        lambda c: c.app(permissions=without(c, "checks")), "permissions", FAILED, "checks: write"
    ),
    "too much": Case(
        lambda c: c.app(permissions={**c.github.app.permissions, "administration": "write"}),
        "permissions", WARNING, "administration: write",
    ),
    "only reads": Case(
        lambda c: c.app(permissions={**c.github.app.permissions, "contents": "read"}),
        "permissions", WARNING, "threads are not resolved",
    ),
    "event": Case(lambda c: c.app(events=("push", "repository")), "events", FAILED, "pull_request"),
    "no hook": Case(lambda c: c.hook(None), "webhook", FAILED, "no webhook URL"),
    "another path": Case(lambda c: c.hook("https://quorum.example/"), "webhook", FAILED, "/webhook"),
    "plain hook": Case(lambda c: c.hook("http://quorum.example/webhook"), "webhook", WARNING, "https"),
    "unsigned": Case(lambda c: c.app(webhook_secret=""), "webhook", FAILED, "no webhook secret"),
    "another secret": Case(
        lambda c: c.attempts(401), "deliveries", FAILED, "QUORUM_WEBHOOK_SECRET"
    ),
    "unreached": Case(
        lambda c: c.attempts(502, status="failed to connect to host"), "deliveries", FAILED, "quorum web"
    ),
    "once failed": Case(lambda c: c.attempts(500, 202), "deliveries", WARNING, "1 of the last 3"),
    "nothing sent": Case(lambda c: c.github.deliveries.clear(), "deliveries", WARNING, "nothing within a day"),
    "suspended": Case(suspended, "installations", WARNING, "octo"),
    "not accepted": Case(not_accepted, "installations", WARNING, "octo (checks: write)"),
    "clock": Case(lambda c: setattr(c, "ahead_s", 31.6), "clock", FAILED, "NTP"),
    "no Valkey": Case(lambda c: c.set(redis_url="redis://127.0.0.1:9"), "valkey", FAILED, "QUORUM_REDIS_URL"),
    "forgetful": Case(full_memory, "valkey", WARNING, "noeviction"),
    "no file": Case(
        lambda c: c.set(database_url="sqlite+aiosqlite:////nowhere/q.db"), "database", FAILED, "quorum migrate"
    ),
    "no database": Case(
        lambda c: c.set(database_url="postgresql+asyncpg://me:hidden-password@127.0.0.1:9/q"),
        "database", FAILED, "QUORUM_DATABASE_URL",
    ),
    "older tables": Case(
        lambda c: c.sql("UPDATE alembic_version SET version_num = '0001'"), "schema", FAILED, "0001"
    ),
    "nobody works": Case(wait_for_long, "queue", FAILED, "quorum worker"),
    "given up": Case(given_up, "queue", WARNING, "/quorum review"),
    "refused key": Case(
        lambda c: c.models.script.append(Failure(401, "no")), "models", FAILED, "QUORUM_MODEL_API_KEY"
    ),
    "no model": Case(lambda c: c.set(model=""), "models", WARNING, "QUORUM_MODEL"),
    "no price": Case(
        lambda c: c.set(model_input_usd_per_million="", model_output_usd_per_million=""), "models", FAILED, "price"
    ),
    "one secret twice": Case(
        lambda c: c.set(admin_token="a storage key of its own"), "storage key", FAILED, "QUORUM_ADMIN_TOKEN"
    ),
    "no storage key": Case(lambda c: c.set(storage_key=""), "storage key", WARNING, "32 random"),
    "no budget": Case(lambda c: c.set(budget_month_usd=""), "budget", WARNING, "QUORUM_BUDGET_MONTH_USD"),
}  # fmt: skip


async def test_nothing_is_wrong_with_an_installation_in_order_and_nothing_is_written(clinic: Clinic) -> None:
    def state() -> dict[str, object]:
        return {one.name: (one.stat().st_mtime_ns, one.stat().st_size) for one in clinic.folder.iterdir()}

    before, asked = state(), len(clinic.github.world.requests)
    found = await clinic.found()
    assert ill(found) == {}, found
    assert state() == before
    assert {one.method for one in clinic.github.world.requests[asked:]} == {"GET"}
    with redis.Redis.from_url(clinic.environ["QUORUM_REDIS_URL"]) as client:
        assert client.keys() == []


async def test_with_a_broker_no_key_is_needed_and_a_second_one_is_too_many(clinic: Clinic) -> None:
    app, path = clinic.github.app, clinic.folder / "run" / "broker.sock"
    key = AppIdentity(app.app_id, app.client_id, SecretStr(app.private_key))
    clinic.set(broker_socket=str(path), private_key="")
    async with brokering(path, clinic.github.url, identity=key):
        assert ill(await clinic.found()) == {}
        clinic.set(private_key=app.private_key)
        assert ill(await clinic.found()) == {"private key": WARNING}


async def test_postgresql_is_looked_at_as_sqlite_is(clinic: Clinic, postgres: Postgres) -> None:
    clinic.checks = tuple(one for one in CHECKS if one.name in LOCAL_STATE)
    clinic.set(database_url=await asyncio.to_thread(postgres.migrated))
    found = await clinic.found()
    assert ill(found) == {}, found
    assert "PostgreSQL" in found["database"].said
    assert "database" in found["clock"].said
    clinic.set(database_url=await asyncio.to_thread(postgres.empty))
    found = await clinic.found()
    assert ill(found) == {"schema": FAILED}
    assert "quorum migrate" in found["schema"].said


async def test_a_check_that_hangs_is_ended_and_what_needs_it_is_not_looked_at(clinic: Clinic) -> None:
    async def hang(_: Patient) -> Verdict:
        await asyncio.Event().wait()
        raise AssertionError

    clinic.checks = (Check("hangs", hang, timeout_s=0.05), Check("needs it", hang, ("hangs",)))
    found = await clinic.found()
    assert found["hangs"].grade is FAILED
    assert found["needs it"] == Verdict(WARNING, "Not looked at: mend hangs first.")


async def test_every_check_is_in_the_operators_page() -> None:
    named = [name for cell, _ in table("operating.md", "checks") for name in re.findall(r"`([^`]+)`", cell)]
    assert sorted(named) == sorted(one.name for one in CHECKS)


@pytest.mark.parametrize(
    ("free", "log", "locked", "grade", "words"),
    [
        (5_000, 10, [], OK, "5,000 MiB are free"),
        (500, 10, [], WARNING, "make room"),
        (50, 10, [], FAILED, "nothing can be written"),
        (5_000, 300, [], WARNING, "log of writes"),
        (5_000, 10, [Path("/data/q.db")], FAILED, "may not write /data/q.db: `chown`"),
    ],
)
async def test_room_is_free_bytes_and_the_right_to_write(
    free: int, log: int, locked: list[Path], grade: Grade, words: str
) -> None:
    found = disk.judged(Path("/data"), free, log, locked)
    assert found.grade is grade
    assert words in found.said


async def test_without_anybody_to_ask_the_clock_is_not_said_to_be_right(clinic: Clinic) -> None:
    clinic.checks = tuple(one for one in CHECKS if one.name == "clock")
    clinic.set(github_api_url="http://127.0.0.1:9", redis_url="")
    assert ill(await clinic.found()) == {"clock": WARNING}


@pytest.mark.parametrize(
    ("found", "grade", "said"),
    [
        ((), OK, "run with nothing"),
        ((Node("/usr/bin/node", "20.1.0"),), OK, "run with Node.js 20.1.0."),
        ((Node("/usr/bin/node", "20.1.0"), NONE_HERE), OK, "there is no Node.js here: tests for it are"),
        (("/x is no Python that answers",), WARNING, "/x is no Python that answers: tests"),
    ],
)
async def test_what_runs_written_tests_is_told(
    found: tuple[Node | str, ...], grade: Grade, said: str
) -> None:
    verdict = sandbox.told(found)
    assert (verdict.grade, said in verdict.said) == (grade, True)


async def test_without_bubblewrap_isolation_is_said_to_be_reduced() -> None:
    assert judged(ReducedSandbox(sys.executable)).grade is WARNING


async def test_the_command_line_asks_nobody_prints_json_and_ends_with_1(tmp_path: Path) -> None:
    environ = {"QUORUM_DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "doctor", "--json", "--no-network", env=environ, stdout=asyncio.subprocess.PIPE
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    found = {row["check"]: row["grade"] for row in json.loads(output)}
    assert process.returncode == 1
    assert (found["settings"], found["database"]) == ("failed", "failed")
    assert not AT_GITHUB & found.keys()


@pytest.mark.parametrize("name", CASES)
async def test_what_is_broken_is_said_by_its_check_alone(clinic: Clinic, name: str) -> None:
    case = CASES[name]
    case.breaks(clinic)
    if case.check not in AT_GITHUB:  # a local matter: GitHub is not asked again each time
        clinic.checks = tuple(one for one in clinic.checks if one.name not in AT_GITHUB)
    found = await clinic.found()
    assert ill(found) == {case.check: case.grade}, found
    assert case.words in found[case.check].said
    told = json.dumps([one.said for one in found.values()])
    secret = [value for key, value in clinic.environ.items() if key.endswith(("_SECRET", "_KEY"))]
    assert not [one for one in (*secret, "hidden-password", clinic.models.key) if one and one in told]
