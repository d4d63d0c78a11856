"""What two configurations in force differ in, as sentences, and how a value is written on one line."""

from __future__ import annotations

from config.layers import Effective, as_rows

DIFFERENCES_MAX = 20


def differences(before: Effective, after: Effective) -> tuple[str, ...]:
    """ "`review.inline_max`: 8 → 20" for each value that differs, DIFFERENCES_MAX at most, then how many more."""
    found = [
        f"`{key}`: {old} → {new}"
        for (key, old, _), (_, new, _) in zip(as_rows(before), as_rows(after), strict=True)
        if old != new
    ]
    more = len(found) - DIFFERENCES_MAX
    return (*found[:DIFFERENCES_MAX], f"and {more} more") if more > 0 else tuple(found)
