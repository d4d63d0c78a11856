"""From a model's proposal to a suggestion that can be committed, or to the reason why it can't."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.anchors import commentable, sight
from workers.analysis.quoting import squeezed
from workers.analysis.suggestions import changes, fitted
from workers.domain.change import ChangedFile
from workers.domain.hidden import revealed
from workers.domain.improvement import Improvement, LeftOut, Place
from workers.domain.secrets import find_secrets
from workers.experts.proposals import MARK_OF_SECRET, SUGGESTION_MAX_LINES
from workers.pipelines.improving.answer import Proposal

FINGERPRINT_CHARS = 16

NO_FILE = "it is about no file that was read"
NOWHERE = "the code that it quotes stands nowhere in the file"
AMBIGUOUS = "the code that it quotes was removed, or stands in several places"
ELSEWHERE = "it replaces other lines than the change shows"
UNCHANGED = "the lines that it replaces were not changed"
NOTHING = "it proposes nothing, or what is there already"
SECRET = "it holds what looks like a credential"  # noqa: S105 - a sentence
HIDDEN = "it holds characters that nobody sees"
ADDRESS = "it brings an address that the file does not have"
TOO_LONG = f"it has more than {SUGGESTION_MAX_LINES} lines"
SAID = "something was said about these lines already"

# An address and the host in it; what people click on, or what code calls.
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://([^\s/\"'`<>()\[\]{}\\]{1,300})")


@dataclass(frozen=True, slots=True)
class Known:
    """What a proposal is held against: the files that were shown, and the lines that something was said of."""

    files: Mapping[str, ChangedFile]
    said: Sequence[Place]


def tried(proposal: Proposal, known: Known, model: str) -> Improvement | LeftOut:
    """The suggestion at its lines, as those are written, or why it is left out."""
    file = known.files.get(proposal.path.strip().removeprefix("./"))
    title = " ".join(revealed(proposal.title).split())
    if file is None or file.text is None:
        return LeftOut(proposal.path[:200], title, NO_FILE)
    placed = _lines(proposal, file)
    if isinstance(placed, str):
        return LeftOut(file.path, title, placed)
    text = fitted(proposal.replacement, file.text, placed.start, placed.stop - 1)
    if why_not := _objection(text, file.text, placed):
        return LeftOut(file.path, title, why_not)
    if any(one.overlaps(file.path, placed) for one in known.said):
        return LeftOut(file.path, title, SAID, sound=None)  # nobody has it parsed
    last = placed.stop - 1
    return Improvement(
        path=file.path,
        line=last,
        start_line=placed.start if placed.start < last else None,
        title=title,
        why=proposal.why.strip(),
        impact=proposal.impact,
        suggestion=text,
        fingerprint=_fingerprint(file.path, file.text, placed),
        model=model,
    )


def _lines(proposal: Proposal, file: ChangedFile) -> range | str:
    """The changed lines that it replaces, word for word as it quotes them, or why there are none."""
    seen = sight(proposal.quote, file, near=None)
    found = seen.anchor
    if found is None:
        return AMBIGUOUS if seen.said else NOWHERE
    if found.repaired or commentable(found.start_line, found.line, file) != found:
        return ELSEWHERE
    lines = range(found.start_line or found.line, found.line + 1)
    return UNCHANGED if file.added_lines().isdisjoint(lines) else lines


def _objection(text: str, head: str, lines: range) -> str:
    """Why `text` must not stand in the place of `lines` of `head`, or ""."""
    if not text.strip() or not changes(text, head, lines.start, lines.stop - 1):
        return NOTHING
    if revealed(text) != text:
        return HIDDEN
    if MARK_OF_SECRET in text or find_secrets(text):
        return SECRET
    if text.count("\n") >= SUGGESTION_MAX_LINES:
        return TOO_LONG
    return ADDRESS if _hosts(text) - _hosts(head) else ""


def _hosts(text: str) -> set[str]:
    return {host.lower() for host in _HOST.findall(text)}


def _fingerprint(path: str, head: str, lines: range) -> str:
    """Of the code that is replaced, not of what a model would put there, nor of its number."""
    replaced = squeezed("".join(head.split("\n")[lines.start - 1 : lines.stop - 1]))
    digest = hashlib.sha256(f"{path}\0{replaced}".encode(errors="replace"))
    return digest.hexdigest()[:FINGERPRINT_CHARS]
