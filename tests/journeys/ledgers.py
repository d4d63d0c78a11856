"""A pull request with many findings: what blocks, what is minor, at lines and about whole files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FILES = 5
RULES = {".github/quorum.yml": "review: {inline_max: 8, findings_max: 40}\n"}
SHELL, PLAIN = '    subprocess.run(f"ls {folder}", shell=True)\n', "    return [folder]\n"
SORTED, LEAST = "    ordered = sorted(names)\n    return ordered[0]\n", "    return min(names)\n"
MODULE = f'''\
"""Ledger no. %d."""

import subprocess

SEEN = 0
SEEN += 1


def share(total, parts):
    """Each part's share."""
    return total / parts


def first(names):
    """The one that comes first."""
{SORTED}

def listed(folder):
    """What is in a folder."""
{SHELL}

SEEN += 1
'''


def ledgers() -> Mapping[str, str]:
    """Path → text; an analyser sees a shell in each, and that no test reaches it."""
    return {f"ledger_{number}.py": MODULE % number for number in range(FILES)}


def mended() -> Mapping[str, str]:
    """Path → text of what a push mends: two shells, and what nobody began a thread about."""
    first, second = ("ledger_0.py", "ledger_1.py")
    texts = {path: ledgers()[path].replace(SHELL, PLAIN) for path in (first, second)}
    return texts | {first: texts[first].replace(SORTED, LEAST)}


def is_mended(statement: Mapping[str, Any]) -> bool:
    """Whether the model has no reason to say it any more."""
    return (statement["path"], statement["rule"]) == ("ledger_0.py", "sorting")


def said() -> list[dict[str, Any]]:
    """What a model says of them."""
    return [one for number in range(FILES) for one in _said_of(f"ledger_{number}.py")]


def _said_of(path: str) -> list[dict[str, Any]]:
    return [
        _one(path, "low", "    return total / parts", "Division without parts ends in ZeroDivisionError"),
        _one(path, "low", "    ordered = sorted(names)", "Sorting everything where min would do"),
        # the quote stands there twice, so that it is about the whole file
        _one(path, "medium", "SEEN += 1", "Counter at import time is no use to anybody"),
    ]


def _one(path: str, severity: str, quote: str, title: str) -> dict[str, Any]:
    return {
        "aspect": "quality",
        "severity": severity,
        "path": path,
        "quote": quote,
        "title": title,
        "description": f"{title}: seen in `{path}`.",
        "recommendation": "Mend it.",
        "confidence": 0.9,
        "suggestion": None,
        "rule": title.split()[0].lower(),
    }
