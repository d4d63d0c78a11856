"""Prompts carry a version; a change of their text has to change it."""

from __future__ import annotations

import hashlib

import pytest

from workers.llm.prompts import load

SNAPSHOT = {
    "review.system": ("review-system/3", "a386ee2fbb30"),
    "review.change": ("review-change/2", "05404e137c2c"),
    "review.question": ("review-question/1", "ff6d4788c942"),
    "expert.security": ("expert-security/1", "c5e110098580"),
    "expert.quality": ("expert-quality/1", "daf8c362b07d"),
    "expert.performance": ("expert-performance/1", "9d53e4f38d9d"),
    "expert.dependency": ("expert-dependency/1", "6daedaf985dd"),
    "expert.tests": ("expert-tests/1", "251d0e681213"),
    "scope.system": ("scope-system/2", "4cf91e28a028"),
    "scope.change": ("scope-change/1", "3942be46263a"),
    "scope.question": ("scope-question/1", "b5291f936f81"),
    "scope.told": ("scope-told/1", "70662a0c919e"),
    "expert.documentation": ("expert-documentation/1", "e5f66d11a7f3"),
    "refute.system": ("refute-system/3", "957845f95ddd"),
    "refute.change": ("refute-change/1", "8a4efb9b2cf3"),
    "refute.question": ("refute-question/1", "6d3a5abf54fe"),
    "ask.system": ("ask-system/2", "99c483e51e96"),
    "ask.context": ("ask-context/1", "2c3b80feb36f"),
    "ask.question": ("ask-question/1", "bc1bc366f782"),
    "voice.told": ("voice-told/1", "f8ae3acb16ca"),
    "docs.system": ("docs-system/2", "99fbb37b15d1"),
    "docs.plan": ("docs-plan/1", "6c862d3d4ae6"),
    "docs.write": ("docs-write/1", "f6d50477a774"),
    "docs.validate": ("docs-validate/1", "49bf02021b2f"),
    "tests.system": ("tests-system/1", "fab750285afd"),
    "tests.write": ("tests-write/1", "a8f81149d203"),
    "tests.repair": ("tests-repair/2", "252f24a9d63a"),
    "house.told": ("house-told/1", "f865bd4c32d6"),
    "docs.more": ("docs-more/1", "36ad49727713"),
}


@pytest.mark.parametrize("name", SNAPSHOT)
def test_text_and_version_change_together(name: str) -> None:
    """When this fails: raise the version in the prompt's first line, then note both here."""
    prompt = load(name)
    digest = hashlib.sha256(prompt.text.encode()).hexdigest()[:12]
    assert (prompt.version, digest) == SNAPSHOT[name]


def test_placeholders_are_filled_and_data_is_left_alone() -> None:
    text = load("review.question").fill(aspects="costs $5 and ${more}", findings_max="3")
    assert "costs $5 and ${more}" in text
    assert "at most 3 findings" in text


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="findings_max"):
        load("review.question").fill(aspects="")
