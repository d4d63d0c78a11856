"""How Quorum, PR-Agent and Probot are started: as their documents say, with a fake GitHub for the real one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.bench import _peers_install as install
from tests.bench._peers_servers import Plan
from tests.bot.payloads import APP_ID, SECRET
from tests.fakes.github.app import generated_key
from tests.journeys.stack import ROOT, base_environment, free_port

APP = "pr_agent.servers.github_app:app"


def quorum(redis_url: str, github: str, folder: Path) -> Plan:
    """Receiver and worker over SQLite: the work is part of what the machine does."""
    port = free_port()
    settings = {
        "QUORUM_PORT": str(port),
        "QUORUM_APP_ID": str(APP_ID),
        "QUORUM_PRIVATE_KEY": generated_key(),
        "QUORUM_WEBHOOK_SECRET": SECRET.decode(),
        "QUORUM_GITHUB_API_URL": github,
        "QUORUM_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'quorum.db'}",
        "QUORUM_REDIS_URL": redis_url,
        "QUORUM_DATA_DIR": str(folder / "data"),
        "QUORUM_LEASE_S": "6",
    }
    environment = base_environment(settings)
    migrate, *commands = ([sys.executable, "-m", "bot", name] for name in ("migrate", "web", "worker"))
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True, capture_output=True)
    return Plan("Quorum", port, "/webhook", commands, environment)


def pr_agent(github: str, folder: Path) -> Plan:
    """Its GitHub App server under gunicorn with the configuration that it ships, which starts several workers."""
    python, port = install.pr_agent(), free_port()
    settings = {
        **install.QUIET,
        "HOME": str(folder),
        "GITHUB__BASE_URL": github,
        "GITHUB__APP_ID": str(APP_ID),
        "GITHUB__PRIVATE_KEY": generated_key(),
        "GITHUB__WEBHOOK_SECRET": SECRET.decode(),
        "OPENAI__KEY": "benchmark",
        "OPENAI__API_BASE": f"{github}/v1",
    }
    shipped = next(python.parents[1].glob("lib/python3*/site-packages/pr_agent/servers/gunicorn_config.py"))
    words = ["-k", "uvicorn.workers.UvicornWorker", "-c", str(shipped), "--bind", f"127.0.0.1:{port}", APP]
    command = [str(python), "-m", "gunicorn", *words]
    return Plan("PR-Agent", port, "/api/v1/github_webhooks", [command], base_environment(settings))


def probot(github: str, _: Path) -> Plan:
    """An app of a few lines in production mode."""
    (node, script), port = install.probot(), free_port()
    settings = {
        "NODE_ENV": "production",
        "LOG_LEVEL": "warn",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "APP_ID": str(APP_ID),
        "PRIVATE_KEY": generated_key(),
        "WEBHOOK_SECRET": SECRET.decode(),
        "GHE_HOST": github.removeprefix("http://"),
        "GHE_PROTOCOL": "http",
    }
    command = [str(node), str(script)]
    return Plan("Probot", port, "/api/github/webhooks", [command], base_environment(settings))


def idle_pr_agent(github: str, folder: Path) -> Plan:
    """PR-Agent that is told to act on no action of a pull request."""
    return _with(pr_agent(github, folder), "GITHUB_APP__HANDLE_PR_ACTIONS", "[]")


def idle_probot(github: str, folder: Path) -> Plan:
    """The same app without its one call."""
    return _with(probot(github, folder), "APP_IS_IDLE", "1")


def _with(plan: Plan, name: str, value: str) -> Plan:
    return replace(plan, environment={**plan.environment, name: value})
