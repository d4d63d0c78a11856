"""What a summary says of earlier rounds."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.experts.changes import finding
from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.outcome import declined_by
from workers.domain.review import Review, Verdict
from workers.github.render.rendering import Rendering
from workers.github.render.rounds import since_last_round
from workers.github.sanitise import Sanitiser

RENDERING = Rendering(Sanitiser("https://github.com/octo/shop"))


def since(*rulings: Adjudication) -> str:
    progress = Converged((), frozenset(), rulings=rulings)
    return since_last_round(Review("a", "b", Verdict.CLEAN, "", (), (), progress=progress), RENDERING)


def test_what_was_fixed_or_gone_and_stands_again_is_back_and_not_new() -> None:
    rulings = [Adjudication(finding(), fate, Fate.OPEN) for fate in (Fate.FIXED, Fate.OUTDATED, Fate.OPEN)]
    assert since(*rulings) == "Since the last round: **1** still open, **2** back."


def test_what_was_declined_is_said_in_every_later_round_with_the_words_of_one() -> None:
    no = Adjudication(finding(), Fate.DECLINED, Fate.DECLINED, reason=declined_by("the author", "intended"))
    assert since(no) == 'Since the last round: **1** declined by the author ("intended").'
    assert since(no, no) == "Since the last round: **2** declined."
    loud = replace(no, reason=declined_by("the author", "@octo/all <img src=x> [a](https://evil.example)"))
    assert not {"@octo/all", "<img", "](http"} & set(since(loud).split())
