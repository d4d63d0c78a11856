"""What is learned of noise: by how few others say the same, and from phrases that are not of one change alone."""

from __future__ import annotations

from tests.bench._consensus_data import Comment
from tests.bench._consensus_noise import company, learned

SAID = [
    comment
    for pull, subject in enumerate(("basket", "invoice", "parcel", "voucher", "stock", "refund"))
    for comment in (
        *(
            Comment(pull, name, f"The {subject} loses its last line", frozenset({"g1"}), "valid")
            for name in "abc"
        ),
        Comment(pull, "a", f"The {subject} loses its last line again", frozenset({"g1"}), "repeat"),
        Comment(pull, "d", "Consider renaming it", frozenset(), "noise"),
    )
]


def test_who_says_the_same_is_counted_once_and_nobody_agrees_with_oneself() -> None:
    found = company(tuple(one for one in SAID if one.pull == 0))
    assert [found[one] for one in SAID[:5]] == [2, 2, 2, 2, 0]


def test_phrases_of_one_pull_request_alone_are_not_learned() -> None:
    turns = learned(SAID).turns
    assert "last line" in turns
    assert "basket" not in turns


def test_what_others_say_too_is_less_noisy_on_a_pull_request_nobody_knows() -> None:
    model = learned(SAID)
    assert model.score("The wallet loses its last line") < model.score("Consider renaming the wallet")
