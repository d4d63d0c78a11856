"""Documentation quality, in percent: the README, what public code says of itself, guides, licence and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from workers.analysis.languages import is_test_path
from workers.analysis.structure.model import Function, Module, Type, public
from workers.domain.audit import Criterion, Place, Score
from workers.pipelines.auditing.looking import PLACES_MAX, at, first_line
from workers.pipelines.auditing.values import Audited

OUT_OF = 100.0
README_MIN_CHARS = 1_000
GUIDES_ENOUGH = 3

_README = re.compile(r"readme(?:\.(?:md|rst|txt|markdown|adoc|org))?", re.IGNORECASE)
_HOW_TO = re.compile(
    r"^(?:#{1,6}\s.{0,60}|[A-Za-z ]{0,40}|=+ .{0,60})\b(?:install|usage|getting started|quick ?start"
    r"|set ?up|how to|running|run it|try it|start(?:ing)?\b)",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"^\s{0,3}(?:```|~~~)|^\.\. code|::\s*$|^ {4}\S|^\[source")
_GUIDE = re.compile(r"(?:docs?|documentation|guides?)/.{1,300}\.(?:md|mdx|rst|adoc|txt|html)", re.IGNORECASE)
_NAMED = {
    "LICENSE": (10.0, re.compile(r"(?:licen[cs]e|copying|unlicense)(?:[.-].{1,20})?", re.IGNORECASE)),
    "CHANGELOG": (
        5.0,
        re.compile(r"(?:changelog|changes|history|news|releases)(?:\..{1,10})?", re.IGNORECASE),
    ),
    "CONTRIBUTING": (5.0, re.compile(r"(?:contributing|hacking|development)(?:\..{1,10})?", re.IGNORECASE)),
}


def documentation_score(audited: Audited) -> Score:
    """The score and its reasons."""
    criteria = (*_readme(audited), _symbols(audited), _guides(audited), *_named(audited))
    return Score("documentation quality", OUT_OF, criteria)


def _readme(audited: Audited) -> Iterator[Criterion]:
    path = next((one for one in sorted(audited.files) if _README.fullmatch(one)), None)
    text = audited.files[path] if path is not None else ""
    here = (Place(path),) if path is not None else ()
    yield Criterion("README", 10.0 if path else 0.0, 10.0, "a README at the root", path or "none found", here)
    size = len(text.strip())
    enough = size >= README_MIN_CHARS
    yield Criterion(
        "README says enough",
        5.0 if enough else 0.0,
        5.0,
        f"{README_MIN_CHARS:,} characters of it",
        f"{size:,} characters",
        here,
    )
    for name, looked_at, words in (
        ("README says how", "headings about installing and using", _HOW_TO),
        ("README has examples", "blocks of code", _EXAMPLE),
    ):
        line = first_line(text, words) if path else None
        places = (Place(path, line),) if path and line else here
        yield Criterion(name, 5.0 if line else 0.0, 5.0, looked_at, "found" if line else "none found", places)


def _symbols(audited: Audited) -> Criterion:
    looked_at = "documentation of public functions and types"
    modules = [one for one in audited.modules if not is_test_path(one.path)]
    every = [(module, place, told) for module in modules for place, told in _public(module)]
    if not every:
        return Criterion("public symbols", 0.0, 0.0, looked_at, "no public symbols were found")
    told = sum(one for _, _, one in every)
    silent = tuple(place for _, place, one in every if not one)[:PLACES_MAX]
    found = f"{told:,} of {len(every):,} are documented ({told / len(every):.0%})"
    return Criterion("public symbols", 40.0 * told / len(every), 40.0, looked_at, found, silent)


def _public(module: Module) -> Iterator[tuple[Place, bool]]:
    """Functions and types that others may use, and whether they say what they are for; what is agreed elsewhere, or
    stands in the head of its type, is told there."""
    for one in public(module):
        member = one.member
        if isinstance(member, Function) and (member.overrides or member.kind == "primary constructor"):
            continue
        if isinstance(member, Function | Type) and not member.name.startswith("_"):
            yield Place(module.path, member.start), bool(member.docs.strip())


def _guides(audited: Audited) -> Criterion:
    guides = [path for path in audited.paths if _GUIDE.fullmatch(path)]
    points = 15.0 * min(1.0, len(guides) / GUIDES_ENOUGH)
    return Criterion("guides", points, 15.0, "documents below docs", f"{len(guides):,} found", at(guides))


def _named(audited: Audited) -> Iterator[Criterion]:
    names = {path: PurePosixPath(path).name for path in audited.paths}
    for name, (most, words) in _NAMED.items():
        there = [path for path in names if path.count("/") <= 1 and words.fullmatch(names[path])]
        found = "found" if there else "none found"
        yield Criterion(name, most if there else 0.0, most, f"a file {name}", found, at(there))
