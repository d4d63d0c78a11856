"""Replacements of real lines, good and bad ones, as models propose them; and what Python itself says of those offered."""

from __future__ import annotations

import ast
import keyword
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.bench._quotes_places import Quotable
from tests.bench.result import Result
from workers.analysis.sandbox import JailLimits, probe
from workers.analysis.suggestions import DRAFTS_MAX, objections
from workers.domain.finding import Aspect, Finding
from workers.experts.evidence import checked
from workers.experts.proposals import offered
from workers.experts.statements import ModelFinding

PROPOSED_MAX = 600
MEANT_GOAL = 0.95


def _renamed(lines: Sequence[str]) -> str:
    """Every longer name another one."""
    return re.sub(r"\b[a-z_]{4,}\b", _other, "\n".join(lines))


def _other(name: re.Match[str]) -> str:
    return name[0] if keyword.iskeyword(name[0]) else f"{name[0]}_too"


def _first_stripped(lines: Sequence[str]) -> str:
    return _renamed(lines).lstrip()


def _tabbed(lines: Sequence[str]) -> str:
    return re.sub(r"^(?: {4})+", lambda blanks: "\t" * (len(blanks[0]) // 4), _renamed(lines), flags=re.M)


GOOD: Mapping[str, Callable[[Sequence[str]], str]] = {
    "as it should be": _renamed,
    "at the margin": lambda lines: textwrap.dedent(_renamed(lines)),
    "first line at the margin": _first_stripped,
    "with tabs": _tabbed,
    "fenced": lambda lines: f"```python\n{_renamed(lines)}\n```",
}
BAD: Mapping[str, Callable[[Sequence[str]], str]] = {
    "cut": lambda lines: _renamed(lines)[: -max(3, len(lines[-1].strip()) // 3)],
    "prose": lambda lines: "Use a parameterised query here instead.",
    "a bracket lost": lambda lines: _renamed(lines).replace(")", "", 1),
    "a bracket more": lambda lines: f"{_renamed(lines)})",
    "indented by three": lambda lines: "\n".join([f"   {_renamed(lines[:1])}", *lines[1:]]),
    "nothing new": "\n".join,
    "empty": lambda lines: "",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding with a suggestion; `meant` is the file that a careful reader would make of it."""

    kind: str
    quotable: Quotable
    finding: Finding
    meant: str


async def suggestion_results(places: Sequence[Quotable]) -> list[Result]:
    """Figures of what is offered: how much of it parses, and how much of the good is offered as it was meant."""
    given = list(_proposals([one for one in places if one.file.path.endswith(".py")]))[:PROPOSED_MAX]
    kept = [(one, finding.suggestion) for one, finding in await _offered(given) if finding.suggestion]
    after = [(one, _after(one, suggestion)) for one, suggestion in kept]
    parsed = sum(_parses(text) for _, text in after)
    good = sum(one.kind in GOOD for one in given)
    meant = sum(one.kind in GOOD and text == one.meant for one, text in after)
    share, left = meant / good, [one for one, _ in kept]
    return [
        Result("suggestions", len(given), "suggestions"),
        Result("of those, offered", len(kept), "suggestions"),
        Result("offered ones that parse", parsed / len(kept), "share", "1", parsed == len(kept)),
        Result("good ones offered as meant", round(share, 3), "share", f">= {MEANT_GOAL}", share >= MEANT_GOAL),
        *(Result(f"offered, {kind}", _share(kind, given, left), "share") for kind in (*GOOD, *BAD)),
    ]  # fmt: skip


def _share(kind: str, given: Sequence[Proposal], kept: Sequence[Proposal]) -> float:
    return round(sum(one.kind == kind for one in kept) / sum(one.kind == kind for one in given), 3)


def _proposals(places: Sequence[Quotable]) -> Iterator[Proposal]:
    """Every kind for every place whose good replacement is a change that Python takes."""
    for one in places:
        meant = _spliced(one, _renamed(one.place.lines))
        if meant == one.file.text or not _parses(meant) or not _parses(one.file.text or ""):
            continue
        for kind, write in {**GOOD, **BAD}.items():
            finding = checked(
                _statement(one, write(one.place.lines)), {one.file.path: one.file}, {Aspect.QUALITY}, "m"
            )
            if isinstance(finding, Finding) and finding.line is not None:
                yield Proposal(kind, one, finding, meant)


async def _offered(given: Sequence[Proposal]) -> list[tuple[Proposal, Finding]]:
    """What is left after the check; each has a path of its own, as one path may come from several commits."""
    sandbox = await probe()
    done: list[tuple[Proposal, Finding]] = []
    for start in range(0, len(given), DRAFTS_MAX):
        some = given[start : start + DRAFTS_MAX]
        files = {f"{at}.py": one.quotable.file for at, one in enumerate(some)}
        findings = [replace(one.finding, path=path) for path, one in zip(files, some, strict=True)]
        checked_ones = await offered(
            findings, files, lambda drafts: objections(drafts, sandbox, JailLimits())
        )
        done += zip(some, checked_ones, strict=True)
    return done


def _after(one: Proposal, suggestion: str) -> str:
    return _spliced(one.quotable, suggestion)


def _spliced(one: Quotable, replacement: str) -> str:
    lines = (one.file.text or "").split("\n")
    return "\n".join([*lines[: one.place.first - 1], replacement, *lines[one.last :]])


def _parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError:
            return False
    return True


def _statement(one: Quotable, suggestion: str) -> ModelFinding:
    values = {"aspect": "quality", "severity": "medium", "path": one.file.path, "title": "A defect"}
    quote = "\n".join(one.place.lines)
    more = {"description": "It goes wrong.", "confidence": 0.9, "rule": "defect"}
    return ModelFinding.model_validate({**values, **more, "quote": quote, "suggestion": suggestion})
