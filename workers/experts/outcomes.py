"""What people's signs at a finding mean. Words are never read as a verdict: commands, reactions, threads and code are.

Who may decide: whoever may use `dismiss` decides anything; the pull request's author anything but that a blocking
finding is none, gate or not, for nobody lifts their own block. Other people's signs mean nothing. Of one finding the
strongest sign counts: a command, reactions that agree, a suggestion that was taken, a resolved thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workers.domain.adjudication import Fate
from workers.domain.command import Dismissal
from workers.domain.finding import Finding
from workers.domain.outcome import Heard, How, Outcome, Person, Vote

BLOCK_MIN_CHARS = 8
"""A suggestion with less than that to see in it may stand anywhere by chance."""


@dataclass(frozen=True, slots=True)
class Case:
    """A finding that was said, its file's plain text now (None: unknown), and what was made of it before.

    `fate` is what the last round left it as; `still`: that round read the file as it is now.
    """

    finding: Finding
    text: str | None = None
    before: Outcome | None = None
    fate: Fate = Fate.OPEN
    still: bool = True


@dataclass(frozen=True, slots=True)
class Court:
    """Who may say what: `people` by id, `author` of the pull request; `now` (epoch seconds) is when the code is read."""

    people: Mapping[int, Person]
    author: Person
    now: float = 0.0

    def may(self, person: Person, finding: Finding, fate: Fate) -> bool:
        """Whether they can say that this became of it."""
        lifts = fate is Fate.DECLINED and finding.severity.blocks
        return person.decides or (person.author and not lifts)


def dismissed(dismissal: Dismissal, court: Court) -> Outcome:
    """What a command said; whether its writer might was asked when it was carried out."""
    person = court.people.get(dismissal.actor_id)
    weighs = person is not None and person.writes
    return Outcome(
        dismissal.fingerprint,
        Fate.DISMISSED,
        How.COMMAND,
        dismissal.at,
        dismissal.actor_id,
        dismissal.actor,
        dismissal.reason,
        weighs,
    )


def told(heard: Heard, case: Case, court: Court) -> Outcome | None:
    """What people made of a finding, as far as their signs say; None: nothing."""
    return _reacted(heard, case, court) or _taken(heard, case, court) or _resolved(heard, case, court)


def _reacted(heard: Heard, case: Case, court: Court) -> Outcome | None:
    """Who disagree decide nothing."""
    votes = [one for one in heard.votes if _counts(one, case, court)]
    if len({one.up for one in votes}) != 1:
        return None
    first = min(votes, key=lambda one: (not court.people[one.person_id].writes, one.at, one.person_id))
    return _outcome(heard, _fate(first), How.REACTION, first.at, court.people[first.person_id])


def _counts(vote: Vote, case: Case, court: Court) -> bool:
    person = court.people.get(vote.person_id)
    return person is not None and court.may(person, case.finding, _fate(vote))


def _fate(vote: Vote) -> Fate:
    return Fate.ACCEPTED if vote.up else Fate.DECLINED


def _taken(heard: Heard, case: Case, court: Court) -> Outcome | None:
    """Once taken it is taken: nobody keeps the same lines for ever."""
    if case.before is not None and case.before.how is How.SUGGESTION:
        return case.before
    taken = is_taken(heard.suggestion, case.finding.evidence, case.text)
    return _outcome(heard, Fate.ACCEPTED, How.SUGGESTION, court.now, court.author) if taken else None


def _resolved(heard: Heard, case: Case, court: Court) -> Outcome | None:
    """Judged once, by the code of that time: what changes later is another round's to say."""
    done = heard.resolution
    person = court.people.get(done.person_id) if done else None
    if done is None or person is None:
        return None
    judged = case.before is not None and (case.before.how, case.before.at) == (How.THREAD, done.at)
    fate = case.before.fate if case.before is not None and judged else _by_code(case)
    if fate is None or not court.may(person, case.finding, fate):
        return None
    return case.before if judged else _outcome(heard, fate, How.THREAD, done.at, person)


def _by_code(case: Case) -> Fate | None:
    """What a resolved thread means. Where the file changed around the code, the next round looks first: nothing yet."""
    if case.fate is Fate.FIXED:
        return Fate.ACCEPTED
    stands = is_standing(case.finding.evidence, case.text)
    if stands is None or case.fate is Fate.OUTDATED:
        return None
    if not stands:
        return Fate.ACCEPTED
    return Fate.DECLINED if case.still else None


def _outcome(heard: Heard, fate: Fate, how: How, at: float, person: Person) -> Outcome:
    reason = heard.words if fate is Fate.DECLINED else ""
    return Outcome(heard.fingerprint, fate, how, at, person.id, person.called, reason, person.writes)


def plain(text: str) -> str:
    """`text` as it is compared: no indentation, no empty lines."""
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def is_standing(evidence: str, text: str | None) -> bool | None:
    """Whether the quoted lines stand in `text`, which is plain; None: there is no way to tell."""
    lines = plain(evidence)
    return None if text is None or not lines else f"\n{lines}\n" in f"\n{text}\n"


def is_taken(suggestion: str | None, evidence: str, text: str | None) -> bool:
    """Whether `text`, which is plain, has the suggested lines, once, and what they replace stands nowhere else."""
    block, present = f"\n{plain(suggestion or '')}\n", f"\n{text or ''}\n"
    if len(block) < BLOCK_MIN_CHARS + 2:
        return False
    at = present.find(block)
    if at < 0 or present.find(block, at + 1) >= 0:
        return False
    return is_standing(evidence, f"{present[:at]}\n\0\n{present[at + len(block) :]}") is False
