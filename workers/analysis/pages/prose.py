"""What a model wrote, fit for a page: plain Markdown, without what acts, hides, or is structure of the page itself.

Lines keep their places; code in fences and spans stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.logseq.fences import Fences
from workers.analysis.logseq.lines import levels
from workers.analysis.logseq.references import code_spans
from workers.domain.hidden import revealed

TEXT_MAX_CHARS = 20_000
RUN = re.compile(r"[`~]{3,}+")
"""Begins code that nobody would end, where it stands behind a bullet."""
HEADING = re.compile(r"(?:#{1,6}[ \t]+)+")
PROPERTY = re.compile(r"(?P<before>[ \t]*(?:[-*+][ \t]+)?[A-Za-z][\w./-]{0,99})::")
IMAGE = re.compile(r"!\[([^\[\]\n]{0,300})\]\([^()\n]{0,500}\)")
LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\((?P<to>[^()\n]{0,500})\)")
ADDRESS = re.compile(r"\b(?:https?|ftp|javascript|data|file):/{0,2}", re.IGNORECASE)
TAG = re.compile(r"(?<!\\)#(?=[\w\[])")
PASSES_MAX = 4
DOUBLED = re.compile(r"\[(?=\[)|\](?=\])|\((?=\()")


def fit(text: str) -> str:
    """`text` as it may stand on a page, at most TEXT_MAX_CHARS long, fences closed."""
    lines = revealed(text[:TEXT_MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    fitted, level, fences = list[str](), -1, Fences()
    for line in lines:
        if fences.takes(line):
            fitted.append(line.replace("<!--", "<! --"))
        elif plain := _line(line):
            level = min(levels(line[: len(line) - len(line.lstrip())]), level + 1)
            fitted.append("  " * max(level, 0) + plain)
            level -= not plain.startswith("- ")  # only below a bullet may the next one stand deeper
        else:
            fitted.append("")
    return "\n".join([*fitted, fences.open]).strip()


def _line(line: str) -> str:
    """A line outside fences: first without what acts inside it, then without what its beginning would mean."""
    plain = HEADING.sub("", _inside(line.strip()).strip(), count=1).strip()
    plain = "" if set(plain) <= set("=-") else plain  # would make the line above a heading
    return PROPERTY.sub(lambda found: f"{found['before']}:", plain, count=1)


def _inside(line: str) -> str:
    """What is taken out may bring together what makes something new: once more, until nothing changes."""
    for _ in range(PASSES_MAX):
        before, line = line, RUN.sub("`", "".join(_outside_code(line)))
        if line == before:
            return line
    return _plain(line.replace("`", ""))


def _outside_code(line: str) -> Iterator[str]:
    at = 0
    for start, end in code_spans(line):
        yield _plain(line[at:start])
        yield line[start:end]
        at = end
    yield _plain(line[at:])


def _plain(text: str) -> str:
    text = IMAGE.sub(r"\1", text)
    text = LINK.sub(r"\1", text)
    text = DOUBLED.sub(lambda found: f"{found[0]} ", text.replace("<", "&lt;"))
    text = ADDRESS.sub("", text)
    return TAG.sub(r"\\#", text)
