"""HTTP dates: what time the other side has."""

from __future__ import annotations

from email.utils import parsedate_to_datetime


def epoch_s(date: str) -> float | None:
    """An HTTP date (RFC 9110, 5.6.7) as epoch seconds; None for anything else."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None


def seconds_left(until_s: float, date: str, now_s: float) -> float:
    """Seconds from an answer's `date` until `until_s`, both by the other side's clock; from `now_s` where it says none.

    By our own clock, a host that is an hour slow would wait an hour more.
    """
    sent_s = epoch_s(date)
    return max(0.0, until_s - (now_s if sent_s is None else sent_s))
