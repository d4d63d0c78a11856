"""What of a text that left us would act on GitHub, on its readers, or on our own next run: nothing may."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

ZWSP = "\u200b"
MARKER = re.compile(r"<!-- quorum:v1 (?:summary|review|finding|command) [\w:.= -]+ -->")

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\x00-\x08\x0b-\x1f\x7f-\x9f]|(?<=[\x00-\x7f\u200c\u200d\ufe0e])[\u200c\u200d\ufe0e]|[\u200c\u200d](?=[\x00-\x7f])"
)
_HIDDEN_REFERENCE = re.compile(
    r"&(?:#(?:82(?:0[3-7]|3[4-8])|9176\d\d)|#x(?:20[0-6]|E00)[0-9a-f]{1,2}|rlm|lrm|shy|zwn?j|NoBreak|ZeroWidthSpace);",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"@(?=(?:dependabot|bors|claude|copilot|codex|coderabbitai|mergify|renovate)\b)", re.IGNORECASE
)
_ANYWHERE = {
    "hidden character": _HIDDEN,
    "bot called": _CALLED,
    "command": re.compile(r"^[\s>*+-]*/[a-z][\w-]*(?=\s|$)", re.IGNORECASE | re.MULTILINE),
}
_IN_PROSE = {
    "mention": re.compile(r"@(?=[\w/])"),
    "reference": re.compile(r"(?<!&)#(?=\d)|\bGH-(?=\d)", re.IGNORECASE),
    "address": re.compile(r"[a-z]://|\bwww\.|\b(?:mailto|xmpp):", re.IGNORECASE),
    "hidden by reference": _HIDDEN_REFERENCE,
}
_PLAIN = {"comment": re.compile("<!--"), "image": re.compile(r"!\["), "link": re.compile(r"\]\(")}
_TAG = re.compile(r"</?(?:details|summary|sub)>")
_ACTIVE = {"suggestion", "mermaid", "geojson", "topojson", "stl", "math"}


def in_plain(text: str) -> set[str]:
    """What acts in a text that is shown as it is, and may be pasted elsewhere."""
    searched = {**_ANYWHERE, **_IN_PROSE, **_PLAIN}
    return {name for name, pattern in searched.items() if pattern.search(text)}


def in_code(text: str) -> set[str]:
    """What acts in a text that is meant for programs, or shown as code."""
    return {name for name in ("hidden character",) if _ANYWHERE[name].search(text)}


def in_markdown(text: str, home: str) -> set[str]:
    """What acts in a comment or report of ours in the repository whose page is `home`; its own mark may stand last."""
    own = MARKER.findall(text)
    body = text.removesuffix(own[-1]) if own else text
    found = {name for name, pattern in _ANYWHERE.items() if pattern.search(body)}
    found |= {"mark of ours"} if re.search(r"<!--\s*quorum", body, re.IGNORECASE) else set()
    return found | {why for token in _tokens(body) for why in _acting(token, home)}


def _tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


def _acting(token: Token, home: str) -> Iterator[str]:
    if token.type == "text":
        yield from (name for name, pattern in _IN_PROSE.items() if pattern.search(token.content))
    elif token.type == "code_inline":  # nothing is linked there, but people are mentioned all the same
        yield from ("mention",) if _IN_PROSE["mention"].search(token.content) else ()
    elif token.type in {"html_block", "html_inline"}:
        yield from _in_html(token.content)
    elif token.type == "image":
        yield "image"
    elif token.type == "link_open":
        href = str(token.attrs.get("href", ""))
        own = href.startswith(f"{home}/blob/") or re.fullmatch(
            rf"{re.escape(home)}/pull/\d+#discussion_r\d+", href
        )
        yield from () if own and ".." not in href else ("link",)
    elif token.type == "fence" and token.info.strip().lower() in _ACTIVE:
        yield f"{token.info.strip()} block"


def _in_html(content: str) -> Iterator[str]:
    left = _TAG.sub("", content)
    if "<" in left:
        yield "tag"
    yield from (name for name, pattern in _IN_PROSE.items() if pattern.search(left))
