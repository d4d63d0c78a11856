"""Strangers' prose made inert: it mentions, references, links, embeds, hides and commands nothing.

The reader sees the same text: what GitHub would act on is parted by a zero-width space (U+200B), or escaped.
Inline code gets the same treatment, because a mention in a code span still mails people.
"""

from __future__ import annotations

import re
from html.entities import html5

from workers.domain.hidden import HIDDEN

ZWSP = "\u200b"

_DECODINGS_MAX = 8

_REFERENCE = re.compile(r"&(?:#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z]{2,31}));")
_PLAIN = re.compile(r"[A-Za-z0-9@#/:.!_-]")
_SPELT = re.compile(r"[A-Za-z0-9@#/:.!_+=?&%$,;^{}-]")  # by number: nobody writes these so but to hide a word

_UNSEEN = re.compile(f"(?:{HIDDEN.pattern}|[\u200c\u200d\ufe0e\ufe0f])+")

_IMAGE_TAG = re.compile(r"<img\b[^>]*>", re.I)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<url>[^\s()<>]*)\)")
_URL_END = r"[^\s)\]>\"'`|\\]*"
_COMMAND = re.compile(r"^(?P<lead>(?:\W|\d+[.)])*?)/(?=\w)")
_NEW_FENCE = re.compile(r"^( {0,3})(?=~~~)")  # a dropped comment may leave one at the start of a line
_RUN = re.compile(r"\\[\\`]|`+")

_INERT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"@(?=[^\s{ZWSP}])"), "@" + ZWSP),
    # a reference, but not the inside of a numeric character reference such as &#8212;
    (re.compile(r"#(?=[\d&])(?!(?<=&#)\d{1,7};)"), "#" + ZWSP),
    (re.compile(r"\b(GH)(\\?-)(?=[\d&])", re.I), rf"\1\2{ZWSP}"),
    (re.compile(r"!+(?=\[)"), ""),
    (re.compile(r":(?=\\?/\\?/)"), ":" + ZWSP),
    (re.compile(r"\](?=[(:\[])"), "]" + ZWSP),
    (re.compile(r"\b(www|mailto|xmpp)(?=\\?[.:])", re.I), rf"\1{ZWSP}"),
)


def decode_references(text: str) -> str:
    """`&#64;` and `&commat;` → `@`, and so for letters, digits and the marks that GitHub acts on."""
    for _ in range(_DECODINGS_MAX):
        decoded = _REFERENCE.sub(_decoded, text)
        if decoded == text:
            return text
        text = decoded
    return text.replace("&", "&amp;")  # nested beyond reason: leave nothing to decode


def neutralise(text: str, repository_url: str) -> str:
    """Make prose inert. `repository_url` is the only place that may be linked: its files, trees and commits."""
    text = _IMAGE_TAG.sub(" ", _without_comments(text))
    return "\n".join(_neutral_line(line, repository_url) for line in text.split("\n"))


def parted(text: str) -> str:
    """Plain text with what would act in Markdown parted, and nothing escaped: it reads the same as it is."""
    text = re.sub(r"<!(?=--)", "<!" + ZWSP, text)
    return "\n".join(_parted_line(line) for line in text.split("\n"))


def _parted_line(line: str) -> str:
    for pattern, inert in (*_INERT, (_COMMAND, rf"\g<lead>/{ZWSP}")):
        line = pattern.sub(inert, line)
    return line


def _without_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return " ".join([*kept, text[at:]])


def _decoded(match: re.Match[str]) -> str:
    """What a reference stands for, if it is plain; nothing, if it is something that nobody sees."""
    if match["name"]:
        meant, plain = html5.get(f"{match['name']};", ""), _PLAIN
    else:
        code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
        meant, plain = chr(code) if 0 < code < 0x110000 else "", _SPELT
    if meant and _UNSEEN.fullmatch(meant):
        return ""
    return meant if plain.fullmatch(meant) else match[0]


def _neutral_line(line: str, repository_url: str) -> str:
    aside = _Aside(repository_url)
    line = _LINK.sub(aside.link, re.sub(r"!+(?=\[)", "", line))
    if repository_url:
        line = re.sub(rf"(?<![\w+.-]){re.escape(repository_url)}{_URL_END}", aside.url, line)
    line = _escape_markup(line)
    for pattern, inert in _INERT:
        line = pattern.sub(inert, line)
    line = _COMMAND.sub(rf"\g<lead>/{ZWSP}", line)
    line = _NEW_FENCE.sub(r"\1\\", line)
    return aside.restore(line)


class _Aside:
    """Links into the repository, set aside while the rest of a line is made inert."""

    def __init__(self, repository_url: str) -> None:
        self._repository_url = repository_url
        self._kept: list[str] = []

    def link(self, match: re.Match[str]) -> str:
        """Set a link's address aside; a link elsewhere becomes "text (address)"."""
        text, url = match["text"], match["url"]
        if _is_ours(url, self._repository_url):
            return f"[{text}{self._slot(f']({url})')}"
        return f"{text} ({url})" if text else url

    def url(self, match: re.Match[str]) -> str:
        """Set a bare address aside."""
        return self._slot(match[0]) if _is_ours(match[0], self._repository_url) else match[0]

    def restore(self, line: str) -> str:
        """Put back what was set aside."""
        return re.sub(r"\x00(\d+)\x00", lambda slot: self._kept[int(slot[1])], line)

    def _slot(self, text: str) -> str:
        # NUL was removed from all input before: nobody else can write a slot
        self._kept.append(text)
        return f"\x00{len(self._kept) - 1}\x00"


def _is_ours(url: str, repository_url: str) -> bool:
    path = url.removeprefix(repository_url)
    safe = re.fullmatch(r"/(?:blob|tree|commit)/[\w./%+,=~-]+(?:#L\d+(?:-L\d+)?)?", path)
    return (
        bool(repository_url) and path != url and bool(safe) and not re.search(r"\.\.|%2e|%2f|%5c", path, re.I)
    )


def _escape_markup(line: str) -> str:
    """Escape tags outside inline code, and back-ticks that pair with none in their line.

    A back-tick without a partner would pair with one of a later line, and what we take for code would be prose.
    In a line with a `|`, which may be a table row, cells are parted before code is seen: all tags are escaped.
    """
    out: list[str] = []
    at = 0
    while run := _RUN.search(line, at):
        out.append(_TAG.sub("&lt;", line[at : run.start()]))
        end = _span_end(line, run)
        inside = line[run.start() : end]
        if end == run.end() and inside.startswith("`"):
            out.append("\\`" * len(inside))
        else:
            out.append(_TAG.sub("&lt;", inside) if "|" in line else inside)
        at = end
    out.append(_TAG.sub("&lt;", line[at:]))
    return "".join(out)


def _span_end(line: str, run: re.Match[str]) -> int:
    """Where the code that `run` opens ends; the end of `run` itself when it opens none."""
    if run[0].startswith("\\"):
        return run.end()
    closing = re.compile(rf"(?<!`){run[0]}(?!`)").search(line, run.end())  # no escapes inside code
    return closing.end() if closing else run.end()
