"""The jailed child by itself: what it loads for a job, and what a job that nobody knows does to it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

IMPORTED = "import time:"


def child(folder: Path, tool: str, text: str) -> subprocess.CompletedProcess[str]:
    """Its answer to one job on a file of two touched lines; stderr says what was imported."""
    (folder / "f.conf").write_text(text)
    request = {
        "files": [{"name": "f.conf", "language": "", "touched": [1, 2]}],
        "jobs": [{"tool": tool, "name": "f.conf"}],
    }
    return subprocess.run(
        [sys.executable, "-I", "-X", "importtime", "-m", "workers.analysis.tools.child", str(folder)],
        cwd=folder, input=json.dumps(request), capture_output=True, text=True, check=False,
    )  # fmt: skip


def imported(ended: subprocess.CompletedProcess[str]) -> set[str]:
    """Names of modules."""
    return {
        line.rpartition("|")[2].strip() for line in ended.stderr.splitlines() if line.startswith(IMPORTED)
    }


def test_a_search_for_secrets_loads_neither_an_http_client_nor_another_tool(tmp_path: Path) -> None:
    ended = child(tmp_path, "detect-secrets", "# Run\ntoken = ghp_" + "0a1b2c3d4e5f" * 3 + "\n")
    answer = json.loads(ended.stdout.splitlines()[-1])["answer"]
    assert [(seen["line"], seen["rule"]) for seen in answer["seen"]] == [(2, "github-token")]
    assert "detect_secrets" in imported(ended)
    assert not imported(ended) & {"requests", "urllib3", "ast_grep_py", "lizard"}


def test_a_tool_that_nobody_knows_is_no_module(tmp_path: Path) -> None:
    ended = child(tmp_path, "protocol", "")
    assert ended.returncode
    assert "KeyError: 'protocol'" in ended.stderr
