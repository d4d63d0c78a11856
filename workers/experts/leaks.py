"""Secrets that a change adds: what two scanners saw, one finding a line, and never the value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from workers.analysis.languages import is_test_path
from workers.analysis.source import Observation
from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.domain.secrets import redact
from workers.experts.base import View

SCANNERS = frozenset({"detect-secrets", "secret-patterns"})
GUESSED = frozenset(
    {
        "secret-keyword",
        "password",
        "secret",
        "token",
        "api-key",
        "credential",
        "url-password",
        "basic-auth-credentials",
    }
)
"""Kinds that go by the name of a variable, not by the shape of the value."""

WEAK_ALONE = frozenset({("detect-secrets", "secret-keyword"), ("detect-secrets", "private-key")})
"""A name without a look at its value, a key's first line without a key: they count beside another scanner only."""

EXAMPLE = re.compile(
    r"(^|/)(docs?|examples?|samples?|fixtures?)/|\.(md|rst|adoc)$|\.(example|sample|template|dist)$"
)


def leaks(view: View) -> tuple[Finding, ...]:
    """One finding for each added line with a secret; guesses in tests, documents and examples are left out."""
    groups: dict[tuple[str, int], list[Observation]] = defaultdict(list)
    for one in view.analysis.observations:
        if one.tool in SCANNERS:
            groups[one.path, one.line].append(one)
    return tuple(
        _finding(group, view) for group in groups.values() if not (_is_weak(group) or _is_example(group))
    )


def _is_weak(group: Sequence[Observation]) -> bool:
    return all((one.tool, one.rule) in WEAK_ALONE for one in group)


def _is_example(group: Sequence[Observation]) -> bool:
    path = group[0].path
    return _is_guess(group) and (is_test_path(path) or EXAMPLE.search(path) is not None)


def _is_guess(group: Sequence[Observation]) -> bool:
    return all(one.rule in GUESSED for one in group)


def _finding(group: Sequence[Observation], view: View) -> Finding:
    told = min(group, key=lambda one: (one.rule in GUESSED, one.tool))
    tools = {one.tool for one in group}
    guess = _is_guess(group)
    return Finding(
        aspect=Aspect.SECURITY,
        severity=Severity.MEDIUM if guess or is_test_path(told.path) else Severity.HIGH,
        rule=f"secrets/{told.rule}",
        path=told.path,
        title="Password or key in the code" if guess else f"Secret in the code: {told.message}",
        description=(
            "Everybody who can read the repository, now or later, has this value, and it stays in the history after "
            "it is deleted (CWE-798)."
        ),
        recommendation="Revoke the value, then read its successor from the environment or a secret store.",
        line=told.line,
        evidence=masked(view.quote(told.path, told.line)),
        confidence=(0.5 if guess else 0.8) + 0.15 * (len(tools) - 1),
        sources=tuple(dict.fromkeys(Source("tool", one.tool, one.rule) for one in group)),
        state=State.CONFIRMED if len(tools) > 1 else State.SINGLE,
    )


ASSIGNED = re.compile(r"(?P<name>[^=:]*(?::=|=>|[=:]))")
LONG = re.compile(r"[A-Za-z0-9+/_\-]{20,}")


def masked(line: str) -> str:
    """`line` with what may be the value left out: all after the first "=" or ":", long tokens, and known shapes."""
    found = ASSIGNED.match(line)
    return LONG.sub("[redacted]", redact(found["name"]).text) + " [redacted]" if found else "[redacted]"
