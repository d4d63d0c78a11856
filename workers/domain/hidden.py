"""Characters that nobody sees, or that turn their neighbours around: where orders and data are hidden in text.

The joiners and the variation selectors of emoji and of some scripts stay where they have a meaning: one at a time,
behind a letter or sign that is not ASCII.
"""

from __future__ import annotations

import re

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e0fff"  # tags, and the variation selectors that carry a byte each
_EMPTY = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
_WHOLE = "[^\x00-\x7f\u200c\u200d\ufe0e\ufe0f]"
_STRAY = (
    f"(?<!{_WHOLE})[\ufe0e\ufe0f]|(?<!{_WHOLE})(?<!{_WHOLE}\ufe0f)[\u200c\u200d]|[\u200c\u200d](?!{_WHOLE})"
)

TURNING = re.compile(f"[{_TURNING}{_TAGS}]")
"""Those that reorder text, and tags: worth being shown that they were there."""
EMPTY = re.compile(f"[{_EMPTY}{_CONTROL}]")
"""Those that show nothing, and controls but tab, line feed and carriage return."""
STRAY = re.compile(_STRAY)
"""Joiners and variation selectors that join or vary nothing; to be looked for once the others are gone."""
SEPARATORS = re.compile("[\u2028\u2029]")
"""Ends of a line to some programs, and to no other."""
HIDDEN = re.compile(f"[{_TURNING}{_TAGS}{_EMPTY}{_CONTROL}\u2028\u2029]|{_STRAY}")
"""Any of them."""


def revealed(text: str) -> str:
    """`text` without them; where the order of letters was changed, or tags stood, "\ufffd" stands."""
    text = SEPARATORS.sub(" ", EMPTY.sub("", text))
    return STRAY.sub("", TURNING.sub("\ufffd", text))
