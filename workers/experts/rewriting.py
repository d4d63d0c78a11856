"""Whether code only changed the names in it: as good as no change, unlike a call of something else."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.form import Form
from workers.analysis.page import Span

REGION_MAX_WORDS = 2_000
_NO_NAMES = frozenset(
    {
        "True",
        "False",
        "None",
        "true",
        "false",
        "null",
        "nil",
        "undefined",
        "self",
        "this",
        "and",
        "or",
        "not",
        "in",
    }
    | {"is", "if", "else", "for", "while", "return", "await", "const", "let", "var"}
)


def renamed(quote: Form, region: Form, *, old_words: frozenset[str], arrived: frozenset[str]) -> Span | None:
    """The lines of `region` that say `quote` with other names: new to the file, and neither called nor looked up.

    `old_words` are all words of the file before; `arrived` those on lines of it that are not as they were. An old
    name that is still used there was replaced, not renamed.
    """
    size = len(quote.words)
    if not size or len(region.words) > REGION_MAX_WORDS:
        return None
    for at in _starts(quote, region):
        if _is_renaming(list(_other(quote, region, at)), region, at, old_words, arrived):
            return region.lines[at], region.lines[at + size - 1]
    return None


def _starts(quote: Form, region: Form) -> Iterator[int]:
    """Where `quote` may begin: by its longest word that no renaming touches, if it has one."""
    last = len(region.words) - len(quote.words)
    fixed = [at for at, word in enumerate(quote.words) if not _is_name(word) or _used(quote, at)]
    if not fixed:
        yield from range(last + 1)
        return
    anchor = max(fixed, key=lambda at: len(quote.words[at]))
    for place, word in enumerate(region.words):
        if word == quote.words[anchor] and 0 <= place - anchor <= last:
            yield place - anchor


def _other(quote: Form, region: Form, at: int) -> Iterator[tuple[int, str, str]]:
    for step, word in enumerate(quote.words):
        if word != region.words[at + step]:
            yield at + step, word, region.words[at + step]


def _is_renaming(
    pairs: list[tuple[int, str, str]],
    region: Form,
    at: int,
    old_words: frozenset[str],
    arrived: frozenset[str],
) -> bool:
    names = {old: new for _, old, new in pairs}
    consistent = all(names[old] == new for _, old, new in pairs) and len(set(names.values())) == len(names)
    return (
        bool(names)
        and consistent
        and all(
            _is_name(old)
            and _is_name(new)
            and new not in old_words
            and old not in arrived
            and not _used(region, place)
            for place, old, new in pairs
        )
    )


def _is_name(word: str) -> bool:
    return word.isidentifier() and word not in _NO_NAMES


def _used(region: Form, place: int) -> bool:
    """Whether a name is called or looked up there: then it says what is done, not what it is done to."""
    before = region.words[place - 1] if place else ""
    after = region.words[place + 1] if place + 1 < len(region.words) else ""
    is_keyword = before in ("(", ",") and after == "="
    return is_keyword or before in (".", ">", ":") or after in ("(", ":", "!")
