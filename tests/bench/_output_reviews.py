"""Reviews of any size, and the pull requests that they are about."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.repository import Content
from tests.workers.github.reviews_by_hand import CALL, FINDING, review
from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.change import Omission
from workers.domain.finding import Doubt, Finding, Severity, Source, State
from workers.domain.review import Coverage, Review, Verdict
from workers.experts.consensus import Caps, capped, ranked

FILE_LINES = 30
CAPPED = 100
"""The most findings that a configuration lets one review report; beyond, what stands of earlier rounds: nothing grave."""
INLINE_MAX = 30
FOLDERS = 60
MODELS = tuple(Source("model", name) for name in ("claude-sonnet-5", "gpt-5.6", "gemini-3-pro"))
READERS = ("ruff", "lizard", *(one.name for one in MODELS))
TITLES = (
    "SQL built from the request's `email` parameter reaches `cursor.execute`",
    "`parse_header` may return None and is dereferenced without a check",
    "Discount is divided by 10 where the table holds hundredths",
    "N+1 queries",
    "No test covers the branch for expired vouchers | and none that for `a|b`",
    "支払いの合計が税抜きの金額と比較されているため割引が適用されない",
    "get_user_permission_level_for_the_current_account_and_its_parents is called twice",
)
WHY = "The value comes from the request and is used as it is; with `x' OR 1=1` every row is returned. " * 4


def path_of(number: int) -> str:
    """The path of a file of the change."""
    return f"services/payments_{number % FOLDERS}/handlers/module_{number}.py"


def head_files(files: int) -> Mapping[str, Content]:
    """What a pull request of this many files adds."""
    text = "".join(f"value_{line} = {line}\n" for line in range(1, FILE_LINES + 1))
    return {path_of(number): f"name = {number}\n{text}" for number in range(files)}


def sized_review(findings: int, files: int, head_sha: str) -> Review:
    """A later round of a pull request; one finding in ten is about a whole file, one in seven is disputed."""
    told = ranked(_finding(number, files) for number in range(findings))
    kept = capped(told, Caps(max(1, findings), INLINE_MAX, Severity.LOW))
    made = kept.findings
    rulings = tuple(Adjudication(one, Fate.OPEN, Fate.FIXED) for one in made[:40])
    return review(
        head_sha=head_sha,
        verdict=Verdict.BLOCKING if findings else Verdict.CLEAN,
        findings=made,
        refuted=made[:3],
        thread_count=kept.thread_count,
        progress=Converged(made, frozenset(one.fingerprint for one in made), rulings=rulings),
        notices=("Analysers that failed: lizard (timed out).", WHY) if findings > 1 else (),
        coverage=tuple(_file(number) for number in range(files)),
        calls=(CALL,) * min(200, files),
        walkthrough="- **python**: the payments are split by provider.\n" * min(files, 100),
    )


def _finding(number: int, files: int) -> Finding:
    disputed = number % 7 == 3
    return Finding(
        aspect=FINDING.aspect,
        severity=list(Severity)[number % 4 if number < CAPPED else 2 + number % 2],
        rule=FINDING.rule,
        path=path_of(number % files),
        title=TITLES[number % len(TITLES)],
        description=WHY,
        recommendation="Pass the value as a parameter.",
        line=None if number % 10 == 5 else 1 + number % FILE_LINES,
        evidence="value_1 = 1",
        sources=MODELS[: 1 + number % 2],
        stood=MODELS[2:] if not disputed else (),
        doubts=(Doubt(MODELS[2], "The caller checks it.", "value_2 = 2"),) if disputed else (),
        state=State.DISPUTED if disputed else State.CONFIRMED if number % 2 else State.SINGLE,
        suggestion="value_1 = 2" if number % 5 == 0 else None,
        fingerprint=f"{number:016x}",
    )


def _file(number: int) -> Coverage:
    if number % 10 == 9:
        return Coverage(path_of(number), omitted=Omission.GENERATED)
    return Coverage(path_of(number), READERS, detail="lizard: it does not parse" if number % 10 == 8 else "")
