"""The last thing that happens to strangers' text before it is posted under our name.

The order matters: hidden characters → references decoded → secrets → fences told from prose → prose made inert →
secrets again. Each step could otherwise hide something from the next. Layout that we write ourselves (folds, links to
the head, markers) is put around the result, never through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from workers.domain.hidden import HIDDEN, revealed
from workers.domain.secrets import redact
from workers.github.fences import Segment, cap, fenced, split
from workers.github.leaks import LiveSecrets
from workers.github.prose import ZWSP, decode_references, neutralise, parted

FRAGMENT_MAX_BYTES = 20_000
CUT = "*Shortened.*"

_ODD = re.compile(f"{HIDDEN.pattern}|[\\r\\n\\t]")
_CODE_COMMAND = re.compile(r"^([\s>*+-]*)/(?=[a-z][\w-]*(?:\s|$))", re.IGNORECASE)
# Bots that look for their name anywhere in a comment, code or not; decorators of other names stay as they are.
_CALLED = re.compile(
    r"@(?=(?:dependabot|bors|claude|copilot|codex|coderabbitai|cursor|devin|gemini|greptileai|mergify|mergifyio"
    r"|openhands|renovate|renovatebot)\b)",
    re.IGNORECASE,
)
_OUR_MARKER = re.compile(r"<!--(?=\s*quorum)", re.I)


@dataclass(frozen=True, slots=True)
class Sanitiser:
    """Cleans text for one repository. `repository_url` is the only place that it may link to."""

    repository_url: str
    secrets: LiveSecrets = field(default_factory=LiveSecrets, repr=False)

    def clean(self, text: str) -> str:
        """Markdown of a model or repository, made inert; at most 20,000 bytes. What is cleaned again stays inert.

        It changes no more, but for one thing: our own marks may give text the shape of a secret, which is then redacted.
        """
        text = self.plain(text)
        text = self._redact(decode_references(text))
        parts = [self._segment(segment) for segment in split(text)]
        return cap(self._redact("\n".join(parts)), FRAGMENT_MAX_BYTES, CUT)

    def line(self, text: str, max_chars: int = 200) -> str:
        """One line of clean prose: no blocks, no fences."""
        flat = " ".join(self.plain(text).split())
        flat = self._redact(decode_references(flat))
        flat = re.sub(r"^(?:[#>*+=~-]+|`{3,})\s*", "", flat)
        return self._redact(neutralise(shorten(flat, max_chars), self.repository_url)).rstrip("\\")

    def code(self, text: str, language: str = "", max_bytes: int = 4_000) -> str:
        """A fenced block that shows `text` and nothing else."""
        kept = cap(self._redact(self.plain(text)), max_bytes, "… (shortened)")
        return fenced(map(_inert_code, kept.split("\n")), language)

    def path(self, path: str, max_chars: int = 160) -> str:
        """A path to be shown in code: its odd characters are spelt out, its middle goes first when it is long."""
        shown = self._redact(_ODD.sub(lambda odd: f"\\u{{{ord(odd[0]):x}}}", path))
        if len(shown) > max_chars:
            shown = f"{shown[: max_chars // 4]}…{shown[-(max_chars * 3 // 4 - 1) :]}"
        shown = re.sub(r"<!(?=--)", "<!" + ZWSP, shown)  # no name of a file may look like a marker of ours
        return re.sub(rf"@(?=[^\s{ZWSP}])", "@" + ZWSP, shown)

    def message(self, text: str, max_chars: int) -> str:
        """Plain text for a place that renders no Markdown; it acts nowhere that it may be copied to, either."""
        return parted(shorten(self._redact(decode_references(self.plain(text))), max_chars))

    def plain(self, text: str) -> str:
        """`text` with one kind of line end and without characters that hide or reorder others."""
        return revealed(text.replace("\r\n", "\n").replace("\r", "\n"))

    def verbatim(self, text: str) -> bool:
        """Whether `text` may be posted exactly as it is, as a committable suggestion must be."""
        return self._redact(self.plain(text)) == text == "\n".join(map(_inert_code, text.split("\n")))

    def _segment(self, segment: Segment) -> str:
        if segment.language is None:
            return neutralise("\n".join(segment.lines), self.repository_url)
        return fenced(map(_inert_code, segment.lines), segment.language)

    def _redact(self, text: str) -> str:
        return redact(self.secrets.redact(text)).text


def shorten(text: str, max_chars: int) -> str:
    """`text`, or its start and "…"."""
    return text if len(text) <= max_chars else text[: max_chars - 1].rstrip() + "…"


def sanitiser(repository_url: str, secrets: Iterable[str]) -> Sanitiser:
    """A Sanitiser that knows the live `secrets` by value and in their encoded forms."""
    return Sanitiser(repository_url, LiveSecrets.of(secrets))


def blob_url(repository_url: str, sha: str, path: str, line: int | None = None) -> str:
    """The address of a file at a commit; with `thread_url` the only kinds of links that we build."""
    return f"{repository_url}/blob/{sha}/{quote(path, errors='replace')}" + (f"#L{line}" if line else "")


def thread_url(repository_url: str, number: int, comment_id: int) -> str:
    """The address of a review thread, by its first comment."""
    return f"{repository_url}/pull/{number}#discussion_r{comment_id}"


def _inert_code(line: str) -> str:
    """A line of code that commands and calls no bot and imitates no marker of ours."""
    line = _CALLED.sub("@" + ZWSP, line)
    return _CODE_COMMAND.sub(rf"\1/{ZWSP}", _OUR_MARKER.sub(f"<!-{ZWSP}-", line))
