"""Whether a written test proves anything: green three times over, and red on mistakes made in what it tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workers.analysis.testing.arena import Arena, Ran
from workers.analysis.testing.mutants import Mutant

GREEN_RUNS = 3
SLOWER_MAX = 10.0
MUTANT_MIN_S = 5.0
IDLE = "it passes whatever is broken in what it tests ({total} mistake(s) were tried)"
UNBREAKABLE = "it passes, but nothing in what it tests could be broken on purpose, so it proves nothing"


class Verdict(StrEnum):
    """What running showed."""

    PROVED = "proved"
    IDLE = "kills nothing"
    RED = "red"
    FLAKY = "flaky"
    NOT_EXECUTED = "not executed"


@dataclass(frozen=True, slots=True)
class Proof:
    """`why` is a sentence for people and for whoever mends it; `said` what the test itself said, from it alone.

    `killed` of `mutants` mistakes were noticed by `tests` tests; `survived` says which were not. `seconds` is the time of
    all runs.
    """

    verdict: Verdict
    why: str = ""
    said: str = ""
    tests: int = 0
    killed: int = 0
    mutants: int = 0
    survived: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """A test file and what it is about: `mutants` are of the file `subject`, `paths` the folders it is imported from."""

    test: str
    text: str
    subject: str
    original: str
    mutants: tuple[Mutant, ...]
    paths: Sequence[str] = ("",)


async def prove(trial: Trial, arena: Arena) -> Proof:
    """Put the test into the repository, run it, and take it out again."""
    timed = replace(arena, log=[])
    try:
        await timed.put(trial.test, trial.text)
    except OSError as error:
        return Proof(Verdict.NOT_EXECUTED, f"no file can stand at `{trial.test}` ({error.strerror})")
    try:
        greens = await _greens(trial, timed)
        proof = greens if isinstance(greens, Proof) else await _reds(trial, timed, greens)
    finally:
        await timed.remove(trial.test)
    return replace(proof, seconds=sum(timed.log))


async def _greens(trial: Trial, arena: Arena) -> Proof | list[Ran]:
    """The green runs; or what is the matter."""
    greens: list[Ran] = []
    for _ in range(GREEN_RUNS):
        ran = await arena.run(trial.test, trial.paths)
        if not ran.began:
            return Proof(Verdict.NOT_EXECUTED, ran.why)
        if not ran.is_green:
            return await _unloadable(trial, arena, ran) or _not_green(ran, first=not greens)
        greens.append(ran)
    return greens


async def _unloadable(trial: Trial, arena: Arena, ran: Ran) -> Proof | None:
    """That the code itself does not load (JSX in a .js file, say), which no other test would mend."""
    if "error" not in ran.outcomes.values() or ran.missing or not arena.toolchain.loads_alone:
        return None
    alone = await arena.run(trial.subject, trial.paths)
    if "error" not in alone.outcomes.values():
        return None
    return Proof(Verdict.NOT_EXECUTED, f"`{trial.subject}` itself does not load in {arena.toolchain.name}")


def _not_green(ran: Ran, *, first: bool) -> Proof:
    if ran.missing:
        return Proof(Verdict.NOT_EXECUTED, f"the module `{ran.missing}` is not installed here")
    if not first:
        return Proof(Verdict.FLAKY, "it passed at first, and then it did not", ran.said)
    failed = [name.rpartition("::")[2] for name, outcome in ran.outcomes.items() if outcome != "passed"]
    why = ran.why or (
        f"{len(failed)} of {len(ran.outcomes)} test(s) did not pass" if failed else "no test was found"
    )
    return Proof(Verdict.RED, why, ran.said, len(ran.outcomes))


async def _reds(trial: Trial, arena: Arena, greens: Sequence[Ran]) -> Proof:
    quick, tests = _patient(arena, max(one.seconds for one in greens)), len(greens[0].outcomes)
    survived: list[str] = []
    total = 0
    try:
        for mutant in sorted(trial.mutants, key=lambda one: one.line):
            await arena.put(trial.subject, mutant.text)
            ran = await quick.run(trial.test, trial.paths, first_failure_only=True)
            total += ran.began
            if ran.began and ran.is_green:
                survived.append(f"line {mutant.line}: {mutant.what}")
    finally:
        await arena.put(trial.subject, trial.original)
    killed = total - len(survived)
    if killed:
        return Proof(Verdict.PROVED, "", "", tests, killed, total, tuple(survived))
    why = IDLE.format(total=total) if total else UNBREAKABLE
    return Proof(Verdict.IDLE, why, "\n".join(survived), tests, 0, total, tuple(survived))


def _patient(arena: Arena, green_s: float) -> Arena:
    """The same arena; a mistake that makes code run for ever is noticed soon."""
    jail = arena.limits.jail
    wall_s = min(jail.wall_s, max(MUTANT_MIN_S, SLOWER_MAX * green_s))
    return replace(arena, limits=replace(arena.limits, jail=replace(jail, wall_s=wall_s)))
