"""What an answer rests on: each quote is looked up in the head's files; what stands nowhere is no evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workers.analysis.anchors import sight
from workers.analysis.quoting import squeezed
from workers.domain.change import ChangedFile, FileStatus
from workers.domain.question import Evidence
from workers.pipelines.asking.task import Cited
from workers.pipelines.asking.values import AskRequest

QUOTE_MIN_CHARS = 3
SHOWN_MAX_LINES = 8
PLACES_MAX = 20


@dataclass(frozen=True, slots=True)
class Proven:
    """What was found, and how many quotes were not."""

    evidence: tuple[Evidence, ...]
    dropped: int


def proven(cited: Sequence[Cited], request: AskRequest, shown: Sequence[str]) -> Proven:
    """Each quote at its place, once; in the file that was named, or else in another one that was `shown`."""
    found = [_found(one, request, shown) for one in cited]
    kept = {(one.path, one.start_line, one.line, one.quote): one for one in found if one is not None}
    return Proven(tuple(kept.values()), sum(one is None for one in found))


def _found(cited: Cited, request: AskRequest, shown: Sequence[str]) -> Evidence | None:
    if len(squeezed(cited.quote)) < QUOTE_MIN_CHARS:
        return None
    for file in _candidates(cited.path, request, shown):
        if found := _in_file(cited, file):
            return found
    return None


def _candidates(path: str, request: AskRequest, shown: Sequence[str]) -> Iterator[ChangedFile]:
    """The file of that path, then changed ones that were shown, those whose path ends like that first."""
    path = path.strip().removeprefix("./")
    others = sorted(shown, key=lambda one: not one.endswith(f"/{path}"))
    for one in list(dict.fromkeys([path, *others]))[:PLACES_MAX]:
        if request.ignored(one):
            continue
        changed, text = request.change.file(one), request.snapshot.files.get(one)
        if changed is not None:
            yield changed
        elif text is not None:
            yield ChangedFile(one, FileStatus.MODIFIED, text=text)


def _in_file(cited: Cited, file: ChangedFile) -> Evidence | None:
    seen = sight(cited.quote, file, near=None)
    if not seen.said:
        return None
    why = cited.why.strip()
    if seen.anchor is None:
        gone = file.text is None or not sight(cited.quote, replace(file, hunks=()), near=None).said
        return Evidence(file.path, cited.quote, why, removed=gone)
    first = seen.anchor.start_line or seen.anchor.line
    quote = _lines(file, first, seen.anchor.line) or cited.quote
    return Evidence(file.path, quote, why, seen.anchor.line, first)


def _lines(file: ChangedFile, first: int, last: int) -> str:
    """The head's own lines, whatever the model made of them."""
    if file.text is None:
        return ""
    return "\n".join(file.text.split("\n")[first - 1 : min(last, first + SHOWN_MAX_LINES - 1)])
