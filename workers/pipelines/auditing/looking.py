"""Where a repository says something: words of files by line, all bounded, none of it able to take long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from workers.analysis.languages import is_test_path, language_of
from workers.domain.audit import Place
from workers.experts.batching import PROSE_AND_DATA

PLACES_MAX = 5
LINES_MAX = 20_000
LINE_MAX_CHARS = 400
SETTINGS = frozenset({"yaml", "html", "hcl", "nix"})


def is_code(path: str, text: str = "") -> bool:
    """Whether a file is code of the product, and no test, prose, data or setting."""
    language = language_of(path, text)
    return language not in PROSE_AND_DATA and str(language) not in SETTINGS and not is_test_path(path)


def is_test_code(path: str, text: str = "") -> bool:
    """Whether a file is a test's code."""
    return is_test_path(path) and language_of(path, text) not in PROSE_AND_DATA


def lines_of(texts: Iterable[str]) -> int:
    """Lines that hold something."""
    return sum(1 for text in texts for line in text.split("\n") if line.strip())


def said(
    files: Mapping[str, str],
    is_meant: Callable[[str], bool],
    words: re.Pattern[str],
    places_max: int = PLACES_MAX,
) -> tuple[Place, ...]:
    """The first lines of the files that `is_meant` which hold `words`, one a file."""
    return tuple(islice(_said(files, is_meant, words), places_max))


def _said(
    files: Mapping[str, str], is_meant: Callable[[str], bool], words: re.Pattern[str]
) -> Iterator[Place]:
    for path in sorted(files):
        if is_meant(path) and (line := first_line(files[path], words)):
            yield Place(path, line)


def first_line(text: str, words: re.Pattern[str]) -> int | None:
    """The number, from 1, of the first line that holds `words`."""
    lines = islice(enumerate(text.split("\n"), start=1), LINES_MAX)
    return next((number for number, line in lines if words.search(line[:LINE_MAX_CHARS])), None)


def at(paths: Iterable[str]) -> tuple[Place, ...]:
    """The first of `paths` as places."""
    return tuple(Place(path) for path in islice(sorted(paths), PLACES_MAX))
