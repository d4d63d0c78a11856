"""Planted secrets reach nothing: not GitHub, not a model, no log, no store, no other process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sqlite3
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import redis

from tests.databases import Valkey
from tests.fakes.github.faults import Fault
from tests.fakes.models import Failure
from tests.journeys.asking import asked, introduce
from tests.journeys.brokered import broker_of, keyless
from tests.journeys.shared_world import SINK, Services, propose, small_repository
from tests.journeys.stack import Process, base_environment, free_port
from tests.journeys.test_keys import forms, in_valkey
from tests.journeys.world import NOTHING_FOUND, UNHURRIED, World, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

IN_CODE = "ghp_Kx82mPq0Zr4Tv6Wy1Bn3Dc5Fg7Hj9Lk2Ms4Q"  # no canary by its looks: those are told from real ones
ENVIRONMENT = {
    "QUORUM_STORAGE_KEY": "canary-storage-key/Oz6+Er3=Yt0",
    "QUORUM_ADMIN_TOKEN": "canary-admin-token/Vb4+Xn7=Ce1",
    "MASCOT": "canary-under-another-name/Hq2+Lw8=Zs5",
}
VALKEY_USER, VALKEY_PASSWORD = "canary", "canary-valkey-password-Pd7Kf3"
DATABASE_PASSWORD = "canary-database-password-Rm9Tj4"
PROC = Path("/proc")
LOOK_EVERY_S = 0.02
CHUNK_BYTES = 1024 * 1024
ALLOWED = {
    "authorization": "the door's key is shown to the door: GitHub's token to GitHub, a model's key to the model",
}
"""Headers that carry a secret, and why."""


@dataclass
class Cage:
    """A running Quorum full of planted secrets, and what was seen of its processes."""

    world: World
    broker: Process
    children: set[str] = field(default_factory=set)

    @property
    def planted(self) -> dict[str, str]:
        """Every secret by what it is."""
        settings = self.world.stack.settings
        key = [one for one in self.world.github.app.private_key.splitlines() if not one.startswith("-----")]
        minted = enumerate(self.world.github.world.tokens)
        return {
            **ENVIRONMENT,
            **{f"line {number} of the private key": line for number, line in enumerate(key[:3])},
            **{f"token {number}": text for number, text in minted},
            "webhook secret": settings["QUORUM_WEBHOOK_SECRET"],
            "model key": settings["QUORUM_MODEL_API_KEY"],
            "Valkey's password": VALKEY_PASSWORD,
            "database's password": DATABASE_PASSWORD,
            "in the code": IN_CODE,
        }

    def leaks(self, places: Mapping[str, str]) -> dict[str, list[str]]:
        """Which place holds which secrets."""
        wanted = {name: tuple(forms(secret)) for name, secret in self.planted.items()}
        found = {
            place: [name for name, shapes in wanted.items() if any(one in text for one in shapes)]
            for place, text in places.items()
        }
        return {place: names for place, names in found.items() if names}

    async def watch(self) -> None:
        """Note environment and command line of whatever the worker starts, until cancelled."""
        ours = {self.world.stack.web.pid, self.world.stack.worker.pid}
        while True:
            for pid in descendants(self.world.stack.worker.pid) - ours:
                self.children.add(f"{shown(pid, 'cmdline')}\n{shown(pid, 'environ')}")
            await asyncio.sleep(LOOK_EVERY_S)


def descendants(pid: int) -> set[int]:
    """Children, and their children."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            found |= {int(one) for one in (task / "children").read_text().split()}
    return found.union(*map(descendants, found))


def shown(pid: int, what: str) -> str:
    """A file of /proc as text; "" when the process is gone."""
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / what).read_bytes().replace(b"\0", b"\n").decode(errors="replace")
    return ""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cage(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: Valkey
) -> AsyncIterator[Cage]:
    folder = tmp_path_factory.mktemp("canary")
    with redis.Redis.from_url(valkey_server.url) as client:
        client.flushall()
        client.acl_setuser(
            VALKEY_USER, enabled=True, passwords=[f"+{VALKEY_PASSWORD}"], categories=["+@all"], keys=["*"],
            channels=["*"],
        )  # fmt: skip
    address = valkey_server.url.replace("redis://", f"redis://{VALKEY_USER}:{VALKEY_PASSWORD}@")
    async with opened(
        folder,
        small_repository(folder),
        database_url=Services(sqlite_template, valkey_server.url).database(folder),
        redis_url=address,
        settings={
            **UNHURRIED,
            **ENVIRONMENT,
            **keyless(folder),
            "QUORUM_LOG_LEVEL": "DEBUG",
            "QUORUM_MODEL_ATTEMPTS_MAX": "1",
        },
    ) as world:
        introduce(world)
        async with broker_of(world) as broker:
            yield Cage(world, broker)


def in_memory(pid: int, wanted: bytes) -> bool | None:
    """Whether a process's memory holds `wanted`; None where we may not look."""
    try:
        with (PROC / str(pid) / "mem").open("rb", 0) as memory:
            lines = (PROC / str(pid) / "maps").read_text().splitlines()
            places = [line.split()[0].split("-") for line in lines if " rw" in line]
            return any(_between(memory, int(start, 16), int(end, 16), wanted) for start, end in places)
    except PermissionError:
        return None


def _between(memory: FileIO, start: int, end: int, wanted: bytes) -> bool:
    for at in range(start, end, CHUNK_BYTES):
        with contextlib.suppress(OSError):  # a page that is gone by now
            memory.seek(at)
            if wanted in memory.read(min(CHUNK_BYTES + len(wanted), end - at)):
                return True
    return False


def stored(url: str) -> dict[str, str]:
    """The database's files as they lie, and the deliveries' bodies unpacked."""
    path = Path(url.partition("///")[2])
    raw = {one.name: one.read_bytes().decode("latin-1") for one in path.parent.glob(f"{path.name}*")}
    with contextlib.closing(sqlite3.connect(path)) as connection:
        bodies = [
            row[0] for row in connection.execute("SELECT body_zlib FROM delivery WHERE body_zlib IS NOT NULL")
        ]
    assert bodies
    return {**raw, "deliveries": "\n".join(zlib.decompress(one).decode() for one in bodies)}


def headers(given: Mapping[str, str]) -> str:
    """Without those that may carry a secret."""
    return json.dumps({name: value for name, value in given.items() if name.lower() not in ALLOWED})


def sent(cage: Cage) -> dict[str, str]:
    """Everything that left for GitHub and for the model."""
    to_github: Iterable[str] = (
        f"{one.method} {one.path} {json.dumps(one.body, default=str)} {headers(one.headers)}"
        for one in cage.world.github.requests
    )
    to_model = (f"{json.dumps(one.body)} {headers(one.headers)}" for one in cage.world.models.requests)
    return {"GitHub": "\n".join(to_github), "model": "\n".join(to_model)}


async def pages(cage: Cage) -> dict[str, str]:
    """What anybody who asks the receiver is told, also when it goes wrong."""
    async with httpx.AsyncClient(base_url=cage.world.stack.url) as client:
        found = {
            path: (await client.get(path)).text for path in ("/metrics", "/readyz", "/livez", "/no-such-page")
        }
        found["refused delivery"] = (await client.post("/webhook", content=b"{", headers={"x": "y"})).text
    return found


async def test_no_planted_secret_reaches_anything(cage: Cage) -> None:
    world = cage.world
    watching = asyncio.create_task(cage.watch())
    code = SINK + f'\nTOKEN = "{IN_CODE}"\n'
    pull = propose(world, "holds-a-secret", {"shop/run.py": code})
    assert (await world.reviewed(pull)).status == "completed"
    token = next(iter(world.github.world.tokens))
    told = f"{token} is no token, {ENVIRONMENT['MASCOT']}"
    world.github.faults.add(Fault(("GET", r".*/pulls/\d+/files"), "status", status=502, message=told))
    world.models.script += [
        Failure(401, f"Incorrect API key provided: {world.models.key}.", "invalid_api_key")
    ] * 4
    failing = propose(world, "fails", {"shop/more.py": code})
    await world.reviewed(failing)
    world.models.script.clear()
    world.models.default = json.dumps(
        {"answer": f"It is {world.models.key}, or {ENVIRONMENT['QUORUM_STORAGE_KEY']}."}
    )
    await asked(world, pull, "/quorum ask Which token is in the code?")
    world.models.default = NOTHING_FOUND
    watching.cancel()
    assert [one.times for one in world.github.faults.planned] == [0], "GitHub failed once"
    assert any("Which token is in the code?" in json.dumps(one.body) for one in world.models.requests)
    alive = {"web": world.stack.web.pid, "worker": world.stack.worker.pid, "broker": cage.broker.pid}
    line = world.github.app.private_key.splitlines()[3].encode()
    holders = [name for name, pid in alive.items() if in_memory(pid, line) is not False]
    assert holders in (["broker"], [*alive]), "nobody else has the key, or we may not look"
    processes = {
        f"{name}'s {what}": shown(pid, what) for name, pid in alive.items() for what in ("cmdline", "environ")
    }
    places = {
        **sent(cage), **await pages(cage), **processes,
        "children": "\n".join(cage.children),
        "Valkey": in_valkey(world.stack.settings["QUORUM_REDIS_URL"]),
    }  # fmt: skip
    world.stack.worker.signal(signal.SIGABRT)
    assert await world.stack.worker.wait() == -signal.SIGABRT
    places |= stored(world.stack.settings["QUORUM_DATABASE_URL"])
    places |= {"web log": world.stack.web.text(), "worker log": world.stack.worker.text()}
    places |= {"broker log": cage.broker.text()}
    assert cage.leaks(places) == {}
    assert "QUORUM_STORAGE_KEY" in processes["worker's environ"], "the name stands there, its value is wiped"
    assert any("bwrap" in one or "python" in one for one in cage.children), "the sandbox was seen"
    assert not list(Path.cwd().glob("core*"))


async def test_the_search_sees_what_it_looks_for(cage: Cage) -> None:
    told = {"a": f"x{IN_CODE}y", "b": f"Bearer {ENVIRONMENT['MASCOT']}", "c": "nothing"}
    assert cage.leaks(told) == {"a": ["in the code"], "b": ["MASCOT"]}


@pytest.mark.parametrize("command", ["migrate", "doctor"])
async def test_a_database_that_is_away_costs_no_password(cage: Cage, tmp_path: Path, command: str) -> None:
    url = f"postgresql+asyncpg://quorum:{DATABASE_PASSWORD}@127.0.0.1:{free_port()}/quorum"
    settings = {**cage.world.stack.settings, "QUORUM_DATABASE_URL": url}
    process = Process(command, base_environment(settings), tmp_path / "log")
    await process.start()
    assert await process.wait() != 0
    assert cage.leaks({"log": process.text()}) == {}
    assert "database" in process.text()
