"""No credential leaves the experts."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.experts.changes import finding
from workers.experts.discretion import discreet

KEY = "ghp_" + "Zq7Xw2Lm9Tb4Vn8Rk3Pd6Hs1Jf5Gc0YaBe"


def test_secret_on_a_quoted_line_is_masked() -> None:
    masked = discreet(finding(evidence=f'run("{KEY}", shell=True)'))
    assert masked.evidence == 'run("«secret:github-token:1»", shell=True)'


def test_secret_that_the_words_repeat_is_masked_there_too() -> None:
    masked = discreet(replace(finding(title=f"`{KEY}` is passed", evidence=KEY), description=f"With {KEY}."))
    assert KEY not in repr(masked)


def test_suggestion_with_a_secret_is_dropped() -> None:
    assert discreet(finding(suggestion=f'key = "{KEY}"')).suggestion is None


def test_finding_without_a_secret_stays_as_it_is() -> None:
    plain = finding()
    assert discreet(plain) is plain
