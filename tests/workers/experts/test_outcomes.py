"""What people's signs at a finding mean, and whose count."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.experts.changes import finding
from workers.domain.adjudication import Fate
from workers.domain.finding import Finding, Severity
from workers.domain.outcome import Heard, How, Outcome, Person, Resolution, Vote
from workers.experts.outcomes import Case, Court, is_standing, is_taken, plain, told

AUTHOR = Person(1, "mona", author=True)
MAINTAINER = Person(2, "hubot-keeper", decides=True, writes=True)
STRANGER = Person(3, "passer-by")
PEOPLE = {one.id: one for one in (AUTHOR, MAINTAINER, STRANGER)}

MINOR = replace(finding(severity=Severity.MEDIUM), fingerprint="f1")
BLOCKING = replace(finding(severity=Severity.HIGH), fingerprint="f1")
STANDS = plain(f"def run(command):\n{MINOR.evidence}\n")
CHANGED = plain("def run(command):\n    subprocess.run(shlex.split(command))\n")
SAFE = "    subprocess.run(shlex.split(command))"


def up(person: Person, at: float = 5.0) -> Vote:
    return Vote(person.id, person.login, True, at)


def down(person: Person, at: float = 5.0) -> Vote:
    return replace(up(person, at), up=False)


def resolved(person: Person, at: float = 7.0) -> Resolution:
    return Resolution(person.id, person.login, at)


HEARD = Heard("f1", 9, words="intended")

Row = tuple[Heard, Finding, str | None, tuple[Fate, How] | None]
CASES: dict[str, Row] = {
    "nothing said": (HEARD, MINOR, STANDS, None),
    "thumbs up": (replace(HEARD, votes=(up(MAINTAINER),)), BLOCKING, STANDS, (Fate.ACCEPTED, How.REACTION)),
    "thumbs down": (replace(HEARD, votes=(down(MAINTAINER),)), BLOCKING, STANDS, (Fate.DECLINED, How.REACTION)),
    "of the author": (replace(HEARD, votes=(down(AUTHOR),)), MINOR, STANDS, (Fate.DECLINED, How.REACTION)),
    "of the author at their own block": (replace(HEARD, votes=(down(AUTHOR),)), BLOCKING, STANDS, None),
    "resolved at their own block": (replace(HEARD, resolution=resolved(AUTHOR)), BLOCKING, STANDS, None),
    "of a stranger": (replace(HEARD, votes=(down(STRANGER),)), MINOR, STANDS, None),
    "of nobody known": (replace(HEARD, votes=(Vote(77, "ghost", False, 1.0),)), MINOR, STANDS, None),
    "a stranger lifts no other's word": (
        replace(HEARD, votes=(down(MAINTAINER), up(STRANGER))), MINOR, STANDS, (Fate.DECLINED, How.REACTION),
    ),
    "who disagree decide nothing": (replace(HEARD, votes=(up(AUTHOR), down(MAINTAINER))), MINOR, STANDS, None),
    "resolved as it was": (
        replace(HEARD, resolution=resolved(AUTHOR)), MINOR, STANDS, (Fate.DECLINED, How.THREAD),
    ),
    "resolved and changed": (
        replace(HEARD, resolution=resolved(AUTHOR)), MINOR, CHANGED, (Fate.ACCEPTED, How.THREAD),
    ),
    "resolved, and nobody knows the code": (replace(HEARD, resolution=resolved(AUTHOR)), MINOR, None, None),
    "resolved by a stranger": (replace(HEARD, resolution=resolved(STRANGER)), MINOR, STANDS, None),
    "a suggestion that was taken": (
        replace(HEARD, suggestion=SAFE), MINOR, CHANGED, (Fate.ACCEPTED, How.SUGGESTION),
    ),
    "a suggestion that was not": (replace(HEARD, suggestion=SAFE), MINOR, STANDS, None),
    "words alone": (replace(HEARD, words="no, this is wrong, won't fix"), MINOR, STANDS, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_sign_means(case: Row) -> None:
    heard, about, text, expected = case
    found = told(heard, Case(about, text), Court(PEOPLE, AUTHOR))
    assert (None if found is None else (found.fate, found.how)) == expected


signs = st.builds(
    Heard,
    st.just("f1"),
    st.just(9),
    st.none(),
    st.lists(st.builds(Vote, st.sampled_from([1, 3, 4]), st.just("x"), st.booleans(), st.just(1.0))).map(
        tuple
    ),
    st.text(max_size=20),
    st.none() | st.builds(Resolution, st.sampled_from([1, 3, 4]), st.just("x"), st.just(2.0)),
)


@settings(max_examples=50)
@given(signs, st.sampled_from([STANDS, CHANGED, None]))
def test_without_permission_nobody_lifts_a_block(heard: Heard, text: str | None) -> None:
    """Neither the author nor a stranger, whatever signs they give."""
    found = told(heard, Case(BLOCKING, text), Court(PEOPLE, AUTHOR))
    assert found is None or found.fate is Fate.ACCEPTED
    assert found is None or (found.actor_id, found.weighs) == (AUTHOR.id, False)


def test_the_last_words_are_the_reason_and_the_writer_weighs() -> None:
    heard = replace(HEARD, votes=(down(AUTHOR, 1.0), down(MAINTAINER, 2.0)))
    found = told(heard, Case(MINOR, STANDS), Court(PEOPLE, AUTHOR))
    assert found == Outcome(
        "f1", Fate.DECLINED, How.REACTION, 2.0, MAINTAINER.id, MAINTAINER.login, "intended", weighs=True
    )


def test_a_thread_is_judged_once_by_the_code_of_its_time() -> None:
    """What is pushed later is for the rounds to judge; resolved anew, it is judged anew."""
    heard, court = replace(HEARD, resolution=resolved(AUTHOR)), Court(PEOPLE, AUTHOR)
    first = told(heard, Case(MINOR, STANDS), court)
    assert first is not None
    assert told(heard, Case(MINOR, CHANGED, first), court) == first
    again = replace(HEARD, resolution=resolved(AUTHOR, at=8.0))
    later = told(again, Case(MINOR, CHANGED, first), court)
    assert later is not None
    assert later.fate is Fate.ACCEPTED


@pytest.mark.parametrize(
    ("fate", "still", "text", "expected"),
    [
        (Fate.OPEN, True, STANDS, Fate.DECLINED),
        (Fate.OPEN, False, STANDS, None),
        (Fate.OPEN, False, CHANGED, Fate.ACCEPTED),
        (Fate.FIXED, True, STANDS, Fate.ACCEPTED),
        (Fate.OUTDATED, True, STANDS, None),
    ],
    ids=["as it was", "changed around it", "changed", "a round knows better", "gone with its code"],
)
def test_a_resolved_thread_means_what_the_code_says(
    fate: Fate, still: bool, text: str, expected: Fate | None
) -> None:
    heard, court = replace(HEARD, resolution=resolved(AUTHOR)), Court(PEOPLE, AUTHOR)
    found = told(heard, Case(MINOR, text, None, fate, still), court)
    assert (found.fate if found else None) is expected


def test_a_suggestion_stands_by_itself_and_once() -> None:
    guarded = f"    if command:\n    {MINOR.evidence}"
    assert is_taken(guarded, MINOR.evidence, plain(f"a\n{guarded}\nb")), (
        "what it replaces may be a part of it"
    )
    assert not is_taken(guarded, MINOR.evidence, plain(f"{guarded}\n{MINOR.evidence}"))
    assert not is_taken(SAFE, MINOR.evidence, plain(f"{SAFE}\nx\n{SAFE}")), "it may have been there before"
    assert not is_taken("    )", MINOR.evidence, plain("    )\n")), "that stands anywhere"
    assert not is_taken(None, "", "")
    assert is_standing("", "x") is None
