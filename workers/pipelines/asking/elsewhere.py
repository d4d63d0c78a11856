"""Code of the head beside the change that a question names: around its thread, files, definitions and their uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from workers.domain.question import Thread
from workers.experts.surroundings_files import Around, is_typed
from workers.experts.surroundings_lines import Mention, Use, around_use, excerpt, mentions
from workers.pipelines.asking.words import Name, Place

NEAR_LINES = 30
HEAD_LINES = 150
DEFINITION_LINES = 40
MENTIONS_MAX = 50
DEFINITIONS_MAX = 3
PLACE_MAX_CHARS = 8_000
USES = (Use.CALL, Use.OTHER)


def of_head(
    around: Around,
    thread: Thread | None,
    named: Sequence[Place],
    names: Sequence[Name],
    places_per_name_max: int,
    max_chars: int,
) -> str:
    """Excerpts with numbered lines, the most telling first, as many as fit. Reads megabytes: not for the event loop."""
    found = [*_near(around, thread), *_files(around, named)]
    searched = [one for name in names for one in _of_name(around, name, places_per_name_max)]
    found += [text for is_use, text in sorted(searched, key=lambda one: one[0])]
    kept: list[str] = []
    left = max_chars
    for text in dict.fromkeys(found):
        if len(text) + 2 <= left:
            kept.append(text)
            left -= len(text) + 2
    return "\n\n".join(kept)


def _near(around: Around, thread: Thread | None) -> Iterator[str]:
    if thread is not None and thread.line is not None and around.is_readable(thread.path):
        yield _lines(
            around,
            thread.path,
            thread.line - NEAR_LINES,
            thread.line + NEAR_LINES,
            f"around line {thread.line}",
        )


def _files(around: Around, named: Iterable[Place]) -> Iterator[str]:
    for one in named:
        if around.text(one.path) and around.is_readable(one.path):
            first = max(1, (one.line or 1) - NEAR_LINES)
            yield _lines(around, one.path, first, first + HEAD_LINES, "named in the question")


def _of_name(around: Around, name: Name, places_max: int) -> Iterator[tuple[bool, str]]:
    """Whether it is a use, and its excerpt: one a file. Of words that may be prose, definitions alone."""
    definitions = uses = 0
    for path, text in around.view.snapshot.files.items():
        if definitions >= DEFINITIONS_MAX:
            return
        if name.text not in text or not around.text(path) or not around.is_readable(path):
            continue
        mention = _best(text, name, typed=is_typed(path))
        if mention is None:
            continue
        if mention.use is Use.DEFINITION:
            definitions += 1
            last = mention.line + DEFINITION_LINES
            yield False, _lines(around, path, mention.line, last, f"where `{name.text}` is defined")
        elif name.is_code and uses < places_max:
            uses += 1
            near = around_use(around.lines(path), mention.line, around.hidden(path))
            yield True, f"=== {path}, a use of `{name.text}`\n{near}"


def _best(text: str, name: Name, *, typed: bool) -> Mention | None:
    """Its definition, or else its first use."""
    found = list(islice(mentions(text, name.text, typed=typed), MENTIONS_MAX))
    defining = (one for one in found if one.use is Use.DEFINITION)
    using = (one for one in found if one.use in USES)
    return next(defining, None) or next(using, None)


def _lines(around: Around, path: str, first: int, last: int, why: str) -> str:
    shown = excerpt(around.lines(path), first, last, around.hidden(path))
    whole = shown[:PLACE_MAX_CHARS].rpartition("\n")[0] if len(shown) > PLACE_MAX_CHARS else shown
    return f"=== {path}, {why}\n{whole}"
