"""What specialists are shown of a repository: its files by name, its scores, and the files that tell each most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from workers.analysis.languages import is_test_path, language_of, manifest_of
from workers.domain.audit import Score, Scores
from workers.pipelines.auditing.deployment_score import is_of_deployment
from workers.pipelines.auditing.looking import is_code
from workers.pipelines.auditing.values import Audited, AuditLimits

LEFT_MIN_CHARS = 200
ENTRIES = re.compile(
    r"(?:__main__|main|app|index|server|cli|manage|settings|config|routes|models|schema|core|api)\.\w{1,8}"
)
PROSE = re.compile(r"readme.{0,20}|.{1,200}\.(?:md|rst|adoc|txt)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sampled:
    """Excerpts, and the files that they are of."""

    text: str
    paths: tuple[str, ...]


def overview(audited: Audited, scores: Scores, limits: AuditLimits) -> str:
    """Languages, scores and files, in words."""
    languages = Counter(language_of(path, text) for path, text in audited.files.items())
    named = ", ".join(f"{one} {count}" for one, count in languages.most_common() if one is not None)
    listed = sorted(audited.paths, key=lambda path: (path.count("/"), path))
    more = [f"and {len(listed) - limits.paths_max} more"] if len(listed) > limits.paths_max else []
    paths = [" ".join(path.split()) for path in listed[: limits.paths_max]]
    reasons = [line for one in (scores.code, scores.deployment, scores.documentation) for line in _told(one)]
    return "\n".join([f"Files by language: {named or 'none'}", "", *reasons, "", "Files:", *paths, *more])


def _told(score: Score) -> Iterator[str]:
    value = "nothing to score" if score.value is None else f"{score.value:g} of {score.out_of:g}"
    yield f"Static score, {score.name}: {value}"
    yield from (
        f"  {one.name}: {one.points:.1f} of {one.most:.1f}; {one.found}" for one in score.criteria if one.most
    )


def sampled(audited: Audited, specialist: str, max_chars: int, excerpt_max_chars: int) -> Sampled:
    """As many excerpts as fit, the start of each file, those first that tell `specialist` most."""
    weight = WEIGHTS[specialist]
    ranked = sorted(audited.files, key=lambda path: (weight(path), path.count("/"), path))
    kept: dict[str, str] = {}
    left = max_chars
    for path in ranked:
        if left < LEFT_MIN_CHARS:
            break
        text = _excerpt(path, audited.files[path], min(excerpt_max_chars, left))
        if text:
            kept[path] = text
            left -= len(text) + 2
    return Sampled("\n\n".join(kept.values()), tuple(kept))


def _excerpt(path: str, text: str, max_chars: int) -> str:
    """The first whole lines that fit, numbered; "" where hardly anything would."""
    head = f"=== {' '.join(path.split())}"
    used, lines = len(head), list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        shown = f"{number:5} | {line[:400]}"
        used += len(shown) + 1
        if used > max_chars - 20:
            lines.append("  ... |")
            break
        lines.append(shown)
    return "\n".join([head, *lines]) if len(lines) > 1 or (lines and "..." not in lines[0]) else ""


def _architect(path: str) -> int:
    if manifest_of(path) is not None and not is_of_deployment(path):
        return 1
    if is_code(path):
        return 0 if ENTRIES.fullmatch(PurePosixPath(path).name) else 2
    return 4 if is_test_path(path) else 3


def _deployment(path: str) -> int:
    if is_of_deployment(path):
        return 0
    if manifest_of(path) is not None:
        return 1
    return 2 if ENTRIES.fullmatch(PurePosixPath(path).name) else 3 + is_test_path(path)


def _business(path: str) -> int:
    name = PurePosixPath(path).name
    if name.lower().startswith("readme"):
        return 0
    if PROSE.fullmatch(name) or manifest_of(path) is not None:
        return 1
    return 3 + is_test_path(path) if is_code(path) or is_test_path(path) else 2


WEIGHTS = {"architect": _architect, "deployment": _deployment, "business": _business}
"""Specialist → how far back a file stands."""
