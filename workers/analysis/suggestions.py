"""Replacements that people can commit with one click: fitted into the file, and parsed there before they are offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from workers.analysis.languages import Language, language_of
from workers.analysis.naming import safe_names
from workers.analysis.quoting import unfenced
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import SourceFile
from workers.analysis.tools import children
from workers.analysis.tools.protocol import Answer, Job

FILE_MAX_CHARS = 300_000
"""Every node of a file is looked at, which takes seconds beyond this."""
DRAFTS_MAX = 40
"""So many are parsed in one review."""
TAB_CHARS = 4

TOO_MANY = f"more than {DRAFTS_MAX} were proposed"
TOO_LARGE = f"the file has more than {FILE_MAX_CHARS:,} characters"
NO_PARSER = "nothing here can parse this kind of file"
NOT_PARSED = "the parser gave no answer"
BREAKS = "the file would no longer parse"

_OPENERS = (":", "{", "(", "[")
_CLOSERS = ("}", ")", "]")
_PROSE = frozenset({Language.MARKDOWN})
"""Whatever is written there, it parses."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's head, and what it would be with a suggestion committed."""

    path: str
    before: str = field(repr=False)
    after: str = field(repr=False)

    @property
    def language(self) -> Language | None:
        """By the head: a suggestion does not change what a file is."""
        return language_of(self.path, self.before)


def fitted(suggestion: str, text: str, first: int, last: int) -> str:
    """`suggestion` as lines `first..last` of `text` are written: without a fence, with their tabs and indentation.

    Lines end with "\\n", whatever the file's do: that is how a comment holds them, and `applied` gives them theirs.
    """
    lines = unfenced(suggestion.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n"))
    replaced = [line.rstrip("\r") for line in text.split("\n")[first - 1 : last]]
    return "\n".join(_indented(_with_tabs_of(text, lines), replaced))


def applied(suggestion: str, text: str, first: int, last: int) -> str:
    """`text` with `suggestion` in the place of lines `first..last`, as GitHub commits it."""
    lines = text.split("\n")
    end = "\r" if any(line.endswith("\r") for line in lines[first - 1 : last]) else ""
    proposed = [line + end for line in suggestion.split("\n")]
    return "\n".join([*lines[: first - 1], *proposed, *lines[last:]])


def changes(suggestion: str, text: str, first: int, last: int) -> bool:
    """Whether it says anything else than the lines that it replaces, blanks at their ends aside."""
    replaced = text.split("\n")[first - 1 : last]
    return [line.rstrip() for line in suggestion.split("\n")] != [line.rstrip() for line in replaced]


async def objections(drafts: Sequence[Draft], sandbox: Sandbox, limits: JailLimits) -> tuple[str, ...]:
    """For each draft why it must not be offered, or "". The files are strangers': they are parsed in the sandbox."""
    parsed = [one for one in drafts[:DRAFTS_MAX] if not _unparsed(one) and one.language not in _PROSE]
    files = [_source(draft, text) for draft in parsed for text in (draft.before, draft.after)]
    found = iter(await _parsed(files, sandbox, limits))
    said = {id(draft): _objection(next(found), next(found)) for draft in parsed}
    return tuple(
        TOO_MANY if index >= DRAFTS_MAX else said.get(id(draft), _unparsed(draft))
        for index, draft in enumerate(drafts)
    )


def _unparsed(draft: Draft) -> str:
    if draft.language is None:
        return NO_PARSER
    return TOO_LARGE if max(len(draft.before), len(draft.after)) > FILE_MAX_CHARS else ""


def _source(draft: Draft, text: str) -> SourceFile:
    return SourceFile(draft.path, text, draft.language, frozenset())


async def _parsed(files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits) -> list[Answer | None]:
    if not files:
        return []
    named = safe_names(files)
    jobs = [Job("parse", name) for name in named]
    try:
        answers = await children.answer(jobs, named, sandbox, limits)
    except OSError:  # no child can start; the analysers say so at length
        return [None] * len(jobs)
    return [answers.done.get(job) for job in jobs]


def _objection(before: Answer | None, after: Answer | None) -> str:
    """A file that did not parse before may go on not parsing, in no more places."""
    if before is None or after is None:
        return NOT_PARSED
    worse = Counter(one.rule for one in after.seen) - Counter(one.rule for one in before.seen)
    return BREAKS if worse else ""


def _with_tabs_of(text: str, lines: Sequence[str]) -> Sequence[str]:
    """The lines indented with tabs or with spaces, as most of `text` is."""
    tabs, spaces = text.count("\n\t"), text.count("\n  ")
    if tabs == spaces:
        return lines
    unit = _unit(lines)
    return [_tabbed(line, unit) if tabs > spaces else _spaced(line) for line in lines]


def _tabbed(line: str, unit: int) -> str:
    width = len(line) - len(line.lstrip(" "))
    return "\t" * (width // unit) + " " * (width % unit) + line[width:]


def _spaced(line: str) -> str:
    indent = _indent(line)
    return indent.expandtabs(TAB_CHARS) + line[len(indent) :]


def _unit(lines: Sequence[str]) -> int:
    """The least indentation with spaces, in characters."""
    return min((width for line in lines if (width := len(line) - len(line.lstrip(" ")))), default=TAB_CHARS)


def _indented(lines: Sequence[str], replaced: Sequence[str]) -> Sequence[str]:
    """Lines that were given without the indentation of those that they replace get it back: all, or only the first."""
    wanted, rest = _common(replaced), [line for line in lines[1:] if line.strip()]
    if _common(lines):
        return lines
    kept = all(line.startswith(wanted) for line in rest) and not _starts_block(lines[0], rest, wanted)
    if lines[0][:1].strip() and rest and kept:
        return [_indent(replaced[0]) + lines[0], *lines[1:]]
    return [wanted + line if line.strip() else line for line in lines]


def _starts_block(first: str, rest: Sequence[str], wanted: str) -> bool:
    """Whether `first` opens what `rest` holds at one level more: then all of it was moved to the margin."""
    inside = [line for line in rest if not line.strip().startswith(_CLOSERS)]
    return first.rstrip().endswith(_OPENERS) and any(_indent(line) == wanted for line in inside)


def _common(lines: Sequence[str]) -> str:
    """The indentation that all lines with a text share."""
    indents = [_indent(line) for line in lines if line.strip()]
    shortest = min(indents, key=len, default="")
    return shortest if all(indent.startswith(shortest) for indent in indents) else ""


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
