"""Who speaks for a finding, in the first line of its comment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workers.github.reviews_by_hand import FINDING, review
from tests.workers.github.test_markdown import RENDERING
from workers.domain.finding import Doubt, Finding, Source, State
from workers.domain.review import Coverage
from workers.github.render.votes import model_readers, votes

A, B, C = (Source("model", name) for name in ("model-a", "model-b", "model-c"))
RUFF = Source("tool", "ruff", "S602")
READERS = ("model-a", "model-b", "model-c")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(FINDING, sources=(A, B), stood=(C,)), "2/3 models, verified"),
        (replace(FINDING, sources=(RUFF, A)), "ruff S602, 1/3 models"),
        (replace(FINDING, sources=(RUFF,), state=State.SINGLE), "ruff S602"),
        (replace(FINDING, sources=(A,), doubts=(Doubt(B, "no"),), state=State.DISPUTED), "1/3 models, disputed"),
        (replace(FINDING, sources=()), "unnamed source"),
    ],
)  # fmt: skip
def test_votes_are_counted_among_those_who_read_the_file(found: Finding, said: str) -> None:
    assert votes(found, READERS, RENDERING) == said


def test_a_lone_model_is_one_of_one() -> None:
    assert votes(replace(FINDING, sources=(A,)), (), RENDERING) == "1/1 model"


def test_readers_are_models_and_not_tools() -> None:
    made = review(coverage=(Coverage("a.py", ("ruff", "mid-a")), Coverage("b.py", ("ruff",))))
    assert model_readers(made) == {"a.py": ("mid-a",), "b.py": ()}
