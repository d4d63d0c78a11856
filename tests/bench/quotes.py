"""Quotes: lines of real changes written down as models write them; where the finding stands that quotes them.

The history's even commits are for looking at what goes wrong; every figure here is of the odd ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.bench._quotes_places import Quotable, quotables
from tests.bench._quotes_suggestions import suggestion_results
from tests.bench._quotes_writings import LEFT_OUT, SHORTENED, WRITINGS
from tests.bench.result import Result
from workers.domain.change import ChangedFile
from workers.domain.finding import Aspect
from workers.experts.evidence import Rejected, checked
from workers.experts.statements import ModelFinding

REPOSITORY = Path(__file__).parents[2]
MEASURED = range(1, 160, 2)
EXACT, WITHIN, ON_FILE, LOST, WRONG = "exactly", "within", "on the file", "lost", "elsewhere"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one quote. `named`: the file says it in this place alone."""

    writing: str
    named: bool
    became: str
    quotable: Quotable
    quote: str


async def run(_: str | None) -> list[Result]:
    """This project's own history; nothing is measured outside a clone."""
    if not (REPOSITORY / ".git").exists():
        print("skipped: there is no history here")
        return []
    places = list(quotables(REPOSITORY, MEASURED))
    strange = Counter(_strange(places))
    believed = strange.total() - strange[LOST]
    return [
        *_results(list(outcomes(places))),
        Result("quotes of other files", strange.total(), "quotes"),
        Result("of those, believed", believed, "quotes", "0", believed == 0),
        *await suggestion_results(places),
    ]


def outcomes(places: Iterable[Quotable]) -> Iterator[Outcome]:
    """Every place in every writing."""
    for one in places:
        shown = list(_shown(one.file))
        alone = _stands_alone(one, shown)
        for name, write in WRITINGS.items():
            quote = write(one.place)
            named = alone and (name not in SHORTENED or _tells_alone(quote, shown))
            yield Outcome(name, named, _became(one, quote), one, quote)


def _results(seen: list[Outcome]) -> list[Result]:
    named = [one for one in seen if one.named]
    became = Counter(one.became for one in named)
    exact = became[EXACT] / len(named)
    wrong = sum(one.became == WRONG for one in seen)
    return [
        Result("quotes", len(seen), "quotes"),
        Result("quotes that name one place", len(named), "quotes"),
        Result("of those, exactly there", round(exact, 4), "share", "1", exact == 1),
        *(Result(f"of those, {name}", became[name], "quotes") for name in (WITHIN, ON_FILE, LOST)),
        Result("mislocated, of all", wrong, "quotes", "0", wrong == 0),
        *_by_writing(named),
    ]


def _by_writing(named: list[Outcome]) -> Iterator[Result]:
    for name in WRITINGS:
        mine = [one.became == EXACT for one in named if one.writing == name]
        yield Result(f"exactly there, {name}", round(sum(mine) / len(mine), 4), "share")


def _became(one: Quotable, quote: str) -> str:
    finding = checked(_statement(one.file.path, quote), {one.file.path: one.file}, {Aspect.QUALITY}, "m")
    if isinstance(finding, Rejected):
        return LOST
    if finding.line is None:
        return ON_FILE
    first, last = finding.start_line or finding.line, finding.line
    if (first, last) == (one.place.first, one.last):
        return EXACT
    return WITHIN if one.place.first <= first and last <= one.last else WRONG


def _statement(path: str, quote: str) -> ModelFinding:
    return ModelFinding.model_validate(
        {
            "aspect": "quality",
            "severity": "medium",
            "path": path,
            "quote": quote,
            "title": "A defect",
            "description": "It goes wrong.",
            "confidence": 0.9,
            "rule": "defect",
        }
    )


def _stands_alone(one: Quotable, shown: list[str]) -> bool:
    """Whether no other lines that the hunks show read the same, white space aside."""
    wanted = [flat for line in one.place.lines if (flat := _flat(line))]
    return sum(shown[at : at + len(wanted)] == wanted for at in range(len(shown))) == 1


def _tells_alone(quote: str, shown: list[str]) -> bool:
    """Whether each part that is left of a shortened quote stands in one place only of what the hunks show."""
    parts = (_flat(part) for part in LEFT_OUT.split(quote))
    return all("".join(shown).count(part) == 1 and re.search(r"\w", part) for part in parts)


def _strange(places: Sequence[Quotable]) -> Iterator[str]:
    """What becomes of lines of another file, none of which this one says."""
    for one, other in pairwise(places):
        lines = set(map(_flat, (one.file.text or "").split("\n")))
        if lines.isdisjoint(map(_flat, filter(str.strip, other.place.lines))):
            yield _became(one, "\n".join(other.place.lines))


def _shown(file: ChangedFile) -> Iterator[str]:
    """The lines that are not blank, hunk by hunk, flat; hunks are parted."""
    text = (file.text or "").split("\n")
    for hunk in file.hunks:
        yield from filter(None, (_flat(text[number - 1]) for number in hunk.right))
        yield "\n"


def _flat(line: str) -> str:
    return "".join(line.split())
