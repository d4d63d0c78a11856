"""What two configurations in force differ in, as sentences."""

from __future__ import annotations

from config.layers import Effective, changed_rows

DIFFERENCES_MAX = 20


def differences(before: Effective, after: Effective) -> tuple[str, ...]:
    """ "`review.inline_max`: 8 → 20" for each value that differs, DIFFERENCES_MAX at most, then how many more."""
    found = [f"`{key}`: {old} → {new}" for key, old, new in changed_rows(before, after)]
    more = len(found) - DIFFERENCES_MAX
    return (*found[:DIFFERENCES_MAX], f"and {more} more") if more > 0 else tuple(found)
