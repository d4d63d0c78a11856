"""Words of a stranger made fit to be shown: nothing invisible, nothing that ends its code span, not long."""

from __future__ import annotations

import unicodedata

ECHO_MAX_CHARS = 40

# Categories of what can't be seen or turns text around: control, format (zero width, bidi, tags), lone surrogates,
# private use, unassigned.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters and marks without a shape of their own: joiner, Hangul fillers, the second set of variation selectors.
_SHAPELESS = frozenset("\u034f\u115f\u1160\u3164\uffa0") | {chr(code) for code in range(0xE0100, 0xE01F0)}


def visible(text: str) -> str:
    """`text` without what can't be seen, words apart by one blank."""
    return " ".join("".join(filter(_shown, text)).split())


def _shown(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character.isspace()
    return character not in _SHAPELESS and unicodedata.category(character) not in _INVISIBLE


def quoted(text: str) -> str:
    """`text` as a code span of at most `ECHO_MAX_CHARS` characters and the marks around them."""
    shown = visible(text).replace("`", "'")
    if len(shown) > ECHO_MAX_CHARS:
        shown = f"{shown[: ECHO_MAX_CHARS - 1].rstrip()}…"
    return f"`{shown}`"
