"""Credentials do not reach the output."""

from __future__ import annotations

from dataclasses import replace

from bot.cli.formats.as_json import as_json
from bot.cli.redaction import redacted
from tests.workers.github.reviews_by_hand import FINDING, review


def test_no_field_shows_a_credential() -> None:
    token = "ghp_" + "a1B2c3D4e5F6" * 3
    finding = replace(
        FINDING,
        title=token,
        description=token,
        recommendation=token,
        evidence=token,
        suggestion=f"x = '{token}'",
    )
    made = review(findings=(finding,), notices=(token,), reason=token)
    assert token not in as_json(redacted(made))


def test_other_text_stays() -> None:
    assert redacted(review()) == review()
