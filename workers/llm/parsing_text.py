"""What surrounds a model's JSON: invisible marks, thoughts, a Markdown fence."""

from __future__ import annotations

import re

from workers.llm.parsing_repairs import Repair
from workers.llm.parsing_strings import whole

_MARKS = "\ufeff\u200b\u2060"
_THOUGHT = r"(?:think|thinking|thought|reasoning|reflection)"
# Only where a line begins (or ends, for the closing one): an answer may speak of such tags.
_OPENING = re.compile(rf"^[ \t]*<{_THOUGHT}>", re.IGNORECASE | re.MULTILINE)
_CLOSING = re.compile(rf"</{_THOUGHT}>", re.IGNORECASE)
_STRAY = re.compile(rf"^[ \t]*</{_THOUGHT}>|</{_THOUGHT}>[ \t]*$", re.IGNORECASE | re.MULTILINE)
_CHANNEL = "<|channel|>final<|message|>"
_FENCE = re.compile(r"(?:```|~~~)[^\n{}\[\]\"`]*(?:\n|(?=[{\[\"]))")
_FENCE_END = re.compile(r"\n?(?:```|~~~)\s*\Z")


def cleaned(text: str, repairs: set[Repair]) -> str:
    """`text` without marks at its ends, thoughts, and the fence when all of it stands in one."""
    mended = whole(text, repairs)
    bare = mended.strip().strip(_MARKS).strip()
    if bare != mended.strip():
        repairs.add(Repair.MARKS)
    spoken = _spoken(bare)
    if spoken != bare:
        repairs.add(Repair.THOUGHTS)
    return _unfenced(spoken.strip(), repairs)


def _spoken(text: str) -> str:
    """What is not thought. Thoughts without an end hold no answer; those without a beginning end at the last tag."""
    if text.startswith(("{", "[", '"')):
        return text
    text = text.rpartition(_CHANNEL)[2]
    pieces: list[str] = []
    position = 0
    while opening := _OPENING.search(text, position):
        pieces.append(text[position : opening.start()])
        closing = _CLOSING.search(text, opening.end())
        position = closing.end() if closing else len(text)
    pieces.append(text[position:])
    return _STRAY.split("".join(pieces))[-1]


def _unfenced(text: str, repairs: set[Repair]) -> str:
    opening = _FENCE.match(text)
    if opening is None:
        return text
    repairs.add(Repair.FENCE)
    return _FENCE_END.sub("", text[opening.end() :]).strip()
