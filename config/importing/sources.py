"""The reviewers whose files can be imported, one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.importing.coderabbit import import_coderabbit
from config.importing.pr_agent import import_pr_agent
from config.importing.result import Imported

SOURCES: Mapping[str, Callable[[str], Imported]] = {
    "coderabbit": import_coderabbit,
    "pr-agent": import_pr_agent,
}
