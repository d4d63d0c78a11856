"""`quorum outcomes`: what people made of findings."""

from __future__ import annotations

import json

from bot.cli.outcomes import line, text
from workers.domain.adjudication import Fate
from workers.domain.outcome import How, Labelled
from workers.experts.weights import Outcome, learned

FIXED = Labelled(("big", "small"), "quality", "low", "model/x", "Odd\n\nIt is.", Fate.FIXED, How.ROUND)
DECLINED = Labelled(("small",), "quality", "low", "model/x", "Naming", Fate.DECLINED, How.REACTION)


def test_a_line_holds_what_weights_are_learned_from() -> None:
    rows = [json.loads(line(one)) for one in (FIXED, DECLINED)]
    assert [(row["right"], row["fate"], row["text"]) for row in rows] == [
        (True, "fixed", "Odd\n\nIt is."),
        (False, "declined", "Naming"),
    ]
    weights = learned([Outcome(frozenset(row["speakers"]), row["right"]) for row in rows], ["big", "small"])
    assert weights.votes["big"] > weights.votes["small"]


def test_the_table_counts_by_model_and_by_rule() -> None:
    shown = [row.split() for row in text([FIXED, DECLINED]).splitlines()]
    assert shown[0] == ["1", "fixed", "(round),", "1", "declined", "(reaction)"]
    assert {("small", "1", "1"), ("big", "1", "0")} <= {tuple(row) for row in shown}
    assert ["quality", "model/x", "1", "1"] in shown
    assert "Nobody" in text([])
