"""The words of a text that say something."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z][a-z0-9]+")
_COMMON = frozenset(
    _WORD.findall(
        "the and for are not with this that from into can may should which when use uses used using has have its line "
        "code file value values instead possible potential detected found issue problem consider because there where "
        "will would any all one than then them they function method call calls called"
    )
)


def words(text: str) -> frozenset[str]:
    """The telling words of `text`: lower case, without common ones and plural endings."""
    return frozenset(
        word.removesuffix("s")
        for word in _WORD.findall(text.lower())
        if len(word) > 2 and word not in _COMMON
    )
