"""What kinds of task want."""

from __future__ import annotations

import pytest

from workers.llm.routing.strengths import strengths_of


@pytest.mark.parametrize(
    ("kind", "strengths"),
    [
        ("review/security", ("security",)),
        ("review/unheard", ("logic",)),
        ("review", ("logic",)),
        ("docs/write", ("documentation",)),
        ("unheard", ()),
        ("", ()),
    ],
)
def test_a_kind_wants(kind: str, strengths: tuple[str, ...]) -> None:
    assert strengths_of(kind) == strengths
