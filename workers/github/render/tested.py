"""The pull request of tests, and the answers to whoever asked for them: every function accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.domain.delivery import Delivered, Outcome
from workers.domain.receipt import compared
from workers.domain.usage import Call
from workers.github.fences import code_span
from workers.github.render.blocks import bounded, bounded_table, cell, count, fold, paragraphs
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.render.receipt import money
from workers.github.sanitise import Sanitiser

ROWS_MAX = 60
TABLE_MAX_BYTES = 20_000
LIST_MAX = 100
LIST_MAX_BYTES = 8_000
SENTENCE_MAX_CHARS = 300
NAMES_MAX = 8
NOT_EXECUTED = " (not executed"
REASON_MAX_CHARS = 90
NOTHING_KEPT = "No test was kept, so nothing is proposed."
NO_CODE = "There is no code here that tests are written for, so nothing is proposed."


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test file: what it is about, `tests` in it, and how many of `mutants` mistakes made on purpose it noticed.

    `why` says why it was not run, "" when it was; `survived` which mistakes it did not notice.
    """

    __test__ = False

    path: str
    module: str
    functions: tuple[str, ...]
    tests: int
    killed: int
    mutants: int
    why: str = ""
    survived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """Functions (maybe none by name) of a module that got no test, and why."""

    module: str
    functions: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class TestsMade:
    """A run on the branch `ref` at `sha`; `word` is about that branch. `earlier` are tests that the pull request held
    before, `doubted` whether its title called one of those not executed.
    """

    __test__ = False

    ref: str
    sha: str
    word: str
    tests: tuple[TestRow, ...]
    left: tuple[Left, ...]
    earlier: tuple[str, ...]
    doubted: bool
    notices: tuple[str, ...]
    calls: tuple[Call, ...]
    quality: float | None

    @property
    def executed(self) -> bool:
        """Whether every test of the pull request was run, as far as is known."""
        return not self.doubted and not any(one.why for one in self.tests)


def title_of(made: TestsMade) -> str:
    """The pull request's title, and its commit's first line; tests that were not run are called so, with the reason if
    there is only one.
    """
    functions = sum(len(one.functions) for one in made.tests)
    only = f" of {made.tests[0].module}" if len(made.tests) == 1 else ""
    more = f" and {count(len(made.earlier), 'earlier file')}" if made.earlier else ""
    return f"tests: {count(functions, 'function')}{only}{more}{'' if made.executed else _not_executed(made)}"


def says_not_executed(title: str) -> bool:
    """Whether `title` is one of ours that calls tests not executed."""
    return NOT_EXECUTED in title and title.endswith(")")


def _not_executed(made: TestsMade) -> str:
    reasons = {one.why.replace("`", "") for one in made.tests if one.why}
    only = next(iter(reasons)) if len(reasons) == 1 and not made.doubted else ""
    return f"{NOT_EXECUTED}: {only})" if 0 < len(only) <= REASON_MAX_CHARS else f"{NOT_EXECUTED})"


def proposal_text(made: TestsMade, sanitiser: Sanitiser) -> str:
    """The pull request's description."""
    at = f"`{made.sha[:SHORT_SHA_CHARS]}` on {code_span(sanitiser.path(made.ref))}"
    return paragraphs(
        f"Tests for the code at {at}. {sanitiser.line(made.word, SENTENCE_MAX_CHARS)}",
        _report(made, sanitiser),
        "Read them before you merge: a test says what the code does, not what it should do. Commits of yours on this "
        "branch stop Quorum from adding more; closing this without merging it does, too.",
    )


def answer_text(told: Delivered | None, made: TestsMade | None, sanitiser: Sanitiser) -> str:
    """What became of it, for whoever asked; `told` None: there was nothing to deliver."""
    nothing = NO_CODE if made is not None and not made.left else NOTHING_KEPT
    first = nothing if told is None else _first(told, sanitiser)
    return first if made is None else paragraphs(first, _report(made, sanitiser))


def _first(told: Delivered, sanitiser: Sanitiser) -> str:
    place = f"#{told.number}"
    match told.outcome:
        case Outcome.OPENED:
            return f"Tests are proposed in {place}."
        case Outcome.UPDATED:
            return f"The tests in {place} are up to date again."
        case Outcome.UNCHANGED:
            return f"Nothing to write: {place} says it already."
        case Outcome.NOTHING:
            return "Nothing to write: these tests stand there already."
        case _:
            where = f" to {place}" if told.number else ""
            return f"Nothing was written{where}: {sanitiser.line(told.why, SENTENCE_MAX_CHARS)}"


def _report(made: TestsMade, sanitiser: Sanitiser) -> str:
    skipped = [
        f"- {code_span(sanitiser.path(one.path))}: {sanitiser.line(one.why, SENTENCE_MAX_CHARS)}"
        for one in made.tests
        if one.why
    ]
    survived = [
        f"- {code_span(sanitiser.path(one.module))}, {sanitiser.line(mistake, SENTENCE_MAX_CHARS)}"
        for one in made.tests
        for mistake in one.survived
    ]
    left = [f"- {_names(one, sanitiser)}: {sanitiser.line(one.why, SENTENCE_MAX_CHARS)}" for one in made.left]
    earlier = [f"- {code_span(sanitiser.path(path))}" for path in made.earlier]
    return paragraphs(
        _table(made.tests, sanitiser),
        "**Not executed:**" if skipped else "",
        _listed(skipped),
        _listed([f"- {sanitiser.line(one, SENTENCE_MAX_CHARS)}" for one in made.notices]),
        " ".join(_sums(made)),
        _folded("Also here, from earlier runs", earlier),
        _folded("Mistakes made on purpose that no test noticed", survived),
        _folded("Without a test", left),
    )


def _names(one: Left, sanitiser: Sanitiser) -> str:
    path = code_span(sanitiser.path(one.module))
    return f"{path} ({_functions(one.functions, sanitiser)})" if one.functions else path


def _functions(names: Sequence[str], sanitiser: Sanitiser) -> str:
    more = f" and {len(names) - NAMES_MAX} more" if len(names) > NAMES_MAX else ""
    return ", ".join(code_span(sanitiser.path(name)) for name in names[:NAMES_MAX]) + more


def _table(tests: Sequence[TestRow], sanitiser: Sanitiser) -> str:
    if not tests:
        return ""
    rows = (
        [
            cell(code_span(sanitiser.path(one.path))),
            cell(_functions(one.functions, sanitiser)),
            "not executed" if one.why else f"{count(one.tests, 'test')}, green three times",
            "" if one.why else f"{one.killed} of {one.mutants}",
        ]
        for one in tests
    )
    head = ["File", "Tests", "", "Mistakes noticed"]
    return bounded_table(head, rows, count_max=ROWS_MAX, max_bytes=TABLE_MAX_BYTES)


def _sums(made: TestsMade) -> Iterator[str]:
    if made.quality is not None:
        yield f"{made.quality:.0%} of the functions that were chosen have a new test."
    if not made.calls:
        yield "No model was asked: $0."
        return
    sums = compared(made.calls)
    beside = f" (all on the strongest model: {money(sums.premium_micros)})" if sums.premium_model else ""
    yield f"Cost: {money(sums.cost_micros)}{beside}, {count(sums.calls, 'call')}."


def _folded(summary: str, lines: Sequence[str]) -> str:
    return fold(summary, _listed(lines)) if lines else ""


def _listed(lines: Sequence[str]) -> str:
    return bounded(lines, count_max=LIST_MAX, max_bytes=LIST_MAX_BYTES)
