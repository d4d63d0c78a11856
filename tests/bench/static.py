"""The analysers on pairs of weak and sound code, beside ruff, bandit and semgrep; and on planted secrets.

A pair counts for a tool when it says anything about security in the weak file (hit) and in the sound one (false alarm).
Youden's index is the share of hits minus the share of false alarms. Pairs and rules are by the same hand; the part
"held" was written before the rules, but it is no stranger's code: read its figures so. "hard" was written after them to
show what rules inside one function can't see: other functions, fields, containers, wrong checks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from tests.bench._planted import Planted, planted
from tests.bench._scanners import bandit, ours, ruff, semgrep
from tests.bench._twins import Twin, twins
from tests.bench.result import Result
from workers.analysis.cwe import weakness
from workers.domain.finding import Finding

RECALL_GOAL, PRECISION_GOAL = 0.80, 0.90
FAMILIES: Mapping[str, frozenset[str]] = {
    "CWE-327": frozenset({"CWE-327", "CWE-328"}),
    "CWE-502": frozenset({"CWE-502", "CWE-95"}),
}
"""Weaknesses whose names overlap."""


async def run(_: str | None) -> list[Result]:
    """Twins by tool, language and part; then secrets."""
    return [*await _twins(twins()), *await _secrets(planted())]


async def _twins(pairs: Sequence[Twin]) -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="quorum-bench-") as made:
        folder = Path(made)
        for pair in pairs:
            for name, text in pair.files.items():
                (folder / name).write_text(text, encoding="utf-8")
        found = await ours(folder)
        flagged: dict[str, frozenset[str] | None] = {
            "ours": frozenset(finding.path for finding in found),
            "ruff S": await ruff(folder),
            "bandit": await bandit(folder),
            "semgrep": await semgrep(folder),
        }
    return [*_by_tool(pairs, flagged), *_by_language(pairs, flagged["ours"] or ()), _named(pairs, found)]


def _by_tool(pairs: Sequence[Twin], flagged: Mapping[str, Collection[str] | None]) -> list[Result]:
    """All four languages, and Python alone, where every tool can read; on held pairs, with the goal."""
    results = []
    for scope in ("python", "all languages"):
        chosen = [pair for pair in pairs if pair.part == "held" and scope in (pair.language, "all languages")]
        indices = {tool: youden(chosen, files) for tool, files in flagged.items() if files is not None}
        best = max(value for tool, value in indices.items() if tool != "ours")
        for tool, files in flagged.items():
            if files is None:
                results.append(Result(f"held, {scope}, {tool}", "not installed here", ""))
                continue
            results += _figures(f"held, {scope}, {tool}", chosen, files)
        name = f"held, {scope}, ours against the best single tool"
        results.append(Result(name, indices["ours"], "Youden", f"> {best:.2f}", indices["ours"] > best))
    return results


def _by_language(pairs: Sequence[Twin], files: Collection[str]) -> list[Result]:
    results = []
    for part in ("tuned", "held", "hard"):
        for language in dict.fromkeys(pair.language for pair in pairs):
            chosen = [pair for pair in pairs if (pair.part, pair.language) == (part, language)]
            results += _figures(f"{part}, {language}, ours", chosen, files)
    return results


def _figures(name: str, pairs: Sequence[Twin], files: Collection[str]) -> list[Result]:
    hits, alarms = _hits(pairs, files), _alarms(pairs, files)
    return [
        Result(f"{name}: found", f"{hits} of {len(pairs)}", "pairs"),
        Result(f"{name}: false alarms", alarms, "pairs"),
        Result(f"{name}: Youden's index", youden(pairs, files), "-1 to 1"),
    ]


def _named(pairs: Sequence[Twin], found: Sequence[Finding]) -> Result:
    """How often the weakness is also called by its right name."""
    named = {(finding.path, weakness(finding)) for finding in found}
    held = [pair for pair in pairs if pair.part == "held"]
    right = sum(
        any(
            (f"{pair.name}_bad.{pair.suffix}", cwe) in named
            for cwe in FAMILIES.get(pair.weakness, {pair.weakness})
        )
        for pair in held
    )
    return Result("held, all languages, ours: found with the right CWE", f"{right} of {len(held)}", "pairs")


def youden(pairs: Sequence[Twin], files: Collection[str]) -> float:
    """Share of weak files that are flagged minus share of sound ones."""
    return round((_hits(pairs, files) - _alarms(pairs, files)) / len(pairs), 3)


def _hits(pairs: Sequence[Twin], files: Collection[str]) -> int:
    return sum(f"{pair.name}_bad.{pair.suffix}" in files for pair in pairs)


def _alarms(pairs: Sequence[Twin], files: Collection[str]) -> int:
    return sum(f"{pair.name}_good.{pair.suffix}" in files for pair in pairs)


async def _secrets(lines: Sequence[Planted]) -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="quorum-bench-") as made:
        for one in lines:
            place = Path(made) / one.name
            place.parent.mkdir(exist_ok=True)
            place.write_text(one.line + "\n", encoding="utf-8")
        found = {finding.path for finding in await ours(Path(made)) if finding.rule.startswith("secrets/")}
    right = sum(one.is_secret and one.name in found for one in lines)
    recall = round(right / sum(one.is_secret for one in lines), 3)
    precision = round(right / len(found), 3) if found else 0.0
    return [
        Result("secrets, labelled lines", len(lines), "lines"),
        Result("secrets, recall", recall, "", f">= {RECALL_GOAL}", recall >= RECALL_GOAL),
        Result("secrets, precision", precision, "", f">= {PRECISION_GOAL}", precision >= PRECISION_GOAL),
        Result("secrets, missed", _names(lines, found, secret=True), ""),
        Result("secrets, false alarms", _names(lines, found, secret=False), ""),
    ]


def _names(lines: Sequence[Planted], found: Collection[str], *, secret: bool) -> str:
    wrong = [one.name for one in lines if one.is_secret is secret and (one.name in found) is not secret]
    return ", ".join(wrong) or "none"
