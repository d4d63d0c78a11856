"""What an arena stands on: a repository's history, a database, a way through a proxy."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

from tests.chaos.proxy import Dial, Proxy, proxied
from tests.chaos.shifting import Clock
from tests.databases import Postgres
from tests.fakes.repository import GitRepository

HEADS = 40
PARSED_EVERY = 8
"""One head of so many is code, which takes several processes in the sandbox; of the others one looks for secrets."""
CODE = '"""Runs {number}."""\nimport os\n\n\ndef run_{number}(name):\n    os.system("x " + name)\n'


def history(folder: Path) -> tuple[GitRepository, list[str]]:
    """A small repository, and commits that each bring something to be said."""
    git = GitRepository.create(folder / "git")
    git.commit({"README.md": "# Shop\n"}, "Open the shop")
    heads = []
    for number in range(HEADS):
        git.checkout("main")
        git.branch(f"head-{number}")
        heads.append(git.commit(dict([_file(number)])))
    git.checkout("main")
    return git, heads


def _file(number: int) -> tuple[str, str]:
    """A path, and a text with one thing in it that is always found."""
    if number % PARSED_EVERY == 0:
        return f"shop/run_{number}.py", CODE.format(number=number)
    token = "ghp_" + hashlib.sha256(str(number).encode()).hexdigest()[:36]
    return f"deploy/run_{number}.conf", f"# Run {number}\ntoken = {token}\n"


async def open_database(
    database: str, folder: Path, clock: Clock, stack: AsyncExitStack
) -> tuple[str, Proxy | None]:
    """The URL of a new database, and the proxy before it; nobody can stand before a file, and it has no clock."""
    if database == "sqlite":
        return f"sqlite+aiosqlite:///{folder / 'quorum.db'}", None
    with clock.inherited():
        server = await asyncio.to_thread(Postgres, folder / "postgres")
    stack.callback(server.stop)
    url = await asyncio.to_thread(server.empty)
    host = socket_of(url)
    return url, await stack.enter_async_context(proxied(lambda: asyncio.open_unix_connection(host)))


def dial_tcp(port: int) -> Dial:
    """The way to a port of this machine."""
    return lambda: asyncio.open_connection("127.0.0.1", port)


def socket_of(url: str) -> str:
    """The socket's path in a URL like postgresql+asyncpg://user:@/name?host=/folder."""
    return f"{urlsplit(url).query.removeprefix('host=')}/.s.PGSQL.5432"


def through(url: str, proxy: Proxy | None) -> str:
    """The database's URL by way of its proxy."""
    if proxy is None:
        return url
    parts = urlsplit(url)
    user = parts.username or "postgres"
    return f"{parts.scheme}://{user}@127.0.0.1:{proxy.port}{parts.path}"
