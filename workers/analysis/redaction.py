"""Texts made fit for a model: nothing invisible in them, no credentials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from workers.domain.secrets import SecretSpan, find_secrets, redact_all

# Zero-width, bidirectional and invisible format characters, tags (U+E0000…), variation selectors behind nothing
# that has variants, and controls that a terminal obeys; tab, line feed and carriage return are text.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_COMMENT_START = "<!--"
_COMMENT_END = "-->"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without what its readers on GitHub do not see: how many characters and comments were hidden."""

    text: str
    invisible: int
    comments: int


def strip_hidden(text: str) -> Cleaned:
    """Prose that people wrote (titles, bodies, comments) without invisible characters and HTML comments.

    Invisible characters go first, as they may stand inside "<!--". A comment that is never closed hides the rest,
    as it does on GitHub.
    """
    visible, invisible = _INVISIBLE.subn("", text)
    comments = 0
    parts = []
    at = 0
    while (start := visible.find(_COMMENT_START, at)) >= 0:
        comments += 1
        parts.append(visible[at:start])
        end = visible.find(_COMMENT_END, start + len(_COMMENT_START))
        at = len(visible) if end < 0 else end + len(_COMMENT_END)
    parts.append(visible[at:])
    return Cleaned("".join(parts), invisible, comments)


def strip_invisible(text: str) -> Cleaned:
    """Code without invisible characters; its comments are code, and line numbers stay what they are."""
    visible, invisible = _INVISIBLE.subn("", text)
    return Cleaned(visible, invisible, 0)


@dataclass(frozen=True, slots=True)
class SafeParts:
    """The parts of a prompt in their order, and what was taken out of them all together."""

    prose: tuple[str, ...]
    code: tuple[str, ...]
    secrets: int
    kinds: tuple[str, ...]
    invisible: int
    comments: int

    def notice(self) -> str:
        """One sentence for the review about what was taken out; empty when nothing was."""
        said = [
            _counted(self.secrets, "credential", f" ({', '.join(self.kinds)})"),
            _counted(self.invisible, "invisible character"),
            _counted(self.comments, "hidden HTML comment"),
        ]
        taken = ", ".join(filter(None, said))
        return f"Taken out before any model read the change: {taken}." if taken else ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in texts of one run already: what is made safe twice is looked through once."""

    _visible: dict[str, Cleaned] = field(default_factory=dict, repr=False)
    _secrets: dict[str, Sequence[SecretSpan]] = field(default_factory=dict, repr=False)

    def visible(self, text: str) -> Cleaned:
        """`strip_invisible`."""
        if text not in self._visible:
            self._visible[text] = strip_invisible(text)
        return self._visible[text]

    def secrets(self, text: str) -> Sequence[SecretSpan]:
        """`find_secrets`."""
        if text not in self._secrets:
            self._secrets[text] = find_secrets(text)
        return self._secrets[text]


def make_safe(prose: Sequence[str], code: Sequence[str], looked: Looked | None = None) -> SafeParts:
    """Everything untrusted that goes into one prompt, or one run's prompts: the same value has the same placeholder
    in every part. `prose` also loses its HTML comments.
    """
    looked = looked or Looked()
    cleaned = [*map(strip_hidden, prose), *map(looked.visible, code)]
    redacted = redact_all([part.text for part in cleaned], looked.secrets)
    texts = tuple(part.text for part in redacted)
    return SafeParts(
        prose=texts[: len(prose)],
        code=texts[len(prose) :],
        secrets=sum(part.count for part in redacted),
        kinds=tuple(sorted({kind for part in redacted for kind in part.kinds})),
        invisible=sum(part.invisible for part in cleaned),
        comments=sum(part.comments for part in cleaned),
    )


def _counted(count: int, what: str, detail: str = "") -> str:
    return f"{count} {what}{'s' if count != 1 else ''}{detail}" if count else ""
