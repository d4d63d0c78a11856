"""Credentials are found by shape and by name, and code that only speaks of them is left alone."""

from __future__ import annotations

import time

import pytest

from tests.workers.domain.labelled_secrets import NEGATIVES, POSITIVES, Line, rnd
from workers.domain.secrets import Redacted, SecretSpan, find_secrets, redact, redact_all

MEGABYTE = 1_000_000
CPU_MAX_S = 20.0
"""Far above what linear time needs (2 s), far below what quadratic time would (hours)."""


def _values(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_secrets(text)]


@pytest.mark.parametrize("line", POSITIVES, ids=lambda line: line.text.split("\n")[0][:30])
def test_a_credential_is_found_whole(line: Line) -> None:
    assert _values(line.text) == [line.secret]
    assert line.kind is None or find_secrets(line.text)[0].kind == line.kind


@pytest.mark.parametrize("line", NEGATIVES, ids=lambda line: line.text.split("\n")[0][:30])
def test_what_is_none_is_left_alone(line: Line) -> None:
    assert _values(line.text) == []


def test_precision_and_recall_on_the_labelled_lines() -> None:
    hits = sum(_values(line.text) == [line.secret] for line in POSITIVES)
    alarms = sum(bool(_values(line.text)) for line in NEGATIVES)
    assert len(POSITIVES) >= 60 < len(NEGATIVES)
    assert hits / len(POSITIVES) >= 0.97
    assert hits / (hits + alarms) >= 0.97


def test_several_in_one_text_are_told_apart() -> None:
    key, token = "AK" + "IA" + "Q2W3E4R5T6Y7U2I3", "gh" + "p_" + rnd(36)
    text = f"{key} and\n{token}"
    at = len(key) + len(" and\n")
    expected = (SecretSpan(0, len(key), "aws-key"), SecretSpan(at, len(text), "github-token"))
    assert find_secrets(text) == expected


def test_offsets_hold_behind_letters_that_grow_in_lower_case() -> None:
    value = rnd(32)
    assert _values(f"İİİ\nİ api_key = '{value}'") == [value]


def test_the_same_value_has_the_same_placeholder() -> None:
    one, two = "gh" + "p_" + rnd(36), "gh" + "p_" + rnd(36)
    redacted = redact(f"{one} {two} {one}")
    text = "«secret:github-token:1» «secret:github-token:2» «secret:github-token:1»"
    assert redacted == Redacted(text, 3, ("github-token",))


def test_a_value_found_in_one_text_goes_from_all() -> None:
    value = rnd(24)
    named, bare = redact_all([f'api_key = "{value}"', f"it was {value}, wasn't it"])
    assert named.text == 'api_key = "«secret:token:1»"'
    assert bare == Redacted("it was «secret:token:1», wasn't it", 1, ("token",))


def test_a_short_value_goes_only_where_it_is_named() -> None:
    here, there = redact_all(["redis://:tiger@cache", "a tiger"])
    assert (here.text, there.text) == ("redis://:«secret:url-password:1»@cache", "a tiger")


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact("\n".join(line.text for line in POSITIVES))
    assert once.count >= len(POSITIVES) - 2  # the list holds one key twice, cut and whole
    assert redact(once.text) == Redacted(once.text, 0, ())


def test_text_without_credentials_is_handed_back() -> None:
    assert redact("x = 1\n") == Redacted("x = 1\n", 0, ())


DASHES = "-" * 5
UNITS = [
    "password",
    "password=",
    "password ",
    'password="',
    "key:",
    "secret.",
    "private_key: str",
    "bearer ",
    "--password",
    "<password>",
    "token='Aa1Bb2Cc3Dd4'\n",
    "eyJ",
    "eyJaaaaaaaaaaaaa.",
    "://",
    "://a:",
    "gh" + "s_",
    "gh" + "s_aaaaaaaaaaaaaaaaaa.",
    "AK" + "IA",
    "sk-a",
    "1.",
    f"{DASHES}BEGIN PRIVATE KEY{DASHES}",
    f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n{'A' * 70}",
    " ",
    "a",
]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: repr(unit[:20]))
def test_a_hostile_megabyte_takes_linear_time(unit: str) -> None:
    text = unit * (MEGABYTE // len(unit) // 4)
    start = time.process_time()
    find_secrets(text)
    assert time.process_time() - start < CPU_MAX_S


def test_many_different_values_are_all_replaced() -> None:
    text = "\n".join(f'token = "{rnd(20)}"' for _ in range(2_000))
    assert redact(text).count >= 1_980  # by chance a few hold hardly a digit
