"""Code quality, 0 to 10: what analysers find a thousand lines, how big functions and files are, how much is tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from workers.analysis.languages import is_test_path
from workers.analysis.measures import MEASURES
from workers.domain.audit import Criterion, Place, Score
from workers.domain.finding import Aspect, Finding, Severity
from workers.pipelines.auditing.looking import PLACES_MAX, is_code, is_test_code, lines_of
from workers.pipelines.auditing.values import Audited

OUT_OF = 10.0
SECURITY_COSTS: Mapping[Severity, float] = {
    Severity.CRITICAL: 1.5, Severity.HIGH: 0.75, Severity.MEDIUM: 0.2, Severity.LOW: 0.05,
}  # fmt: skip
"""Points that one finding costs, however much code there is: one open door is enough."""
PROBLEM_COSTS: Mapping[Severity, float] = {
    Severity.CRITICAL: 2.0, Severity.HIGH: 1.0, Severity.MEDIUM: 0.4, Severity.LOW: 0.1,
}  # fmt: skip
"""Points that one finding in a thousand lines costs."""
FUNCTION_COST = 0.4
"""Points that one function beyond a limit in a thousand lines costs."""
TESTED_WELL = 0.5
"""Lines of tests a line of code, from which on there are no more points."""
FILE_MAX_LINES = 600


def code_score(audited: Audited) -> Score:
    """The score and its reasons; without code, there is nothing to score."""
    code = {path: text for path, text in audited.files.items() if is_code(path, text)}
    if not code:
        none = Criterion("code", 0.0, 0.0, "files in languages that are programmed in", "there are none")
        return Score("code quality", OUT_OF, (none,))
    lines = lines_of(code.values())
    in_code = [one for one in audited.review.findings if one.path in code]
    sized = [one for one in in_code if _is_sized(one)]
    insecure = [one for one in audited.review.findings if one.aspect is Aspect.SECURITY]
    security = [one for one in insecure if not is_test_path(one.path)]
    others = [one for one in in_code if one.aspect is not Aspect.SECURITY and one not in sized]
    criteria = (
        _security(security, len(insecure) - len(security)),
        _problems(others, lines),
        _functions(sized, lines),
        _tests(audited, lines),
        _files(code),
    )
    return Score("code quality", OUT_OF, criteria)


def _is_sized(finding: Finding) -> bool:
    return any((source.name, source.rule) in MEASURES for source in finding.sources)


def _security(findings: Sequence[Finding], in_tests: int) -> Criterion:
    cost = sum(SECURITY_COSTS[one.severity] for one in findings)
    more = f"; {in_tests:,} in tests are not counted" if in_tests else ""
    looked_at, found = "security findings of all analysers", f"{_counted(findings)}{more}"
    return Criterion("security", max(0.0, 3.0 - cost), 3.0, looked_at, found, _places(findings))


def _problems(findings: Sequence[Finding], lines: int) -> Criterion:
    cost = sum(PROBLEM_COSTS[one.severity] for one in findings) / _thousands(lines)
    found = f"{_counted(findings)} in {lines:,} lines"
    return Criterion(
        "faults", max(0.0, 2.0 - cost), 2.0, "quality and performance findings", found, _places(findings)
    )


def _functions(findings: Sequence[Finding], lines: int) -> Criterion:
    cost = FUNCTION_COST * len(findings) / _thousands(lines)
    found = f"{len(findings):,} beyond a limit in {lines:,} lines"
    looked_at = "complexity, length and parameters of functions"
    return Criterion("functions", max(0.0, 2.0 - cost), 2.0, looked_at, found, _places(findings))


def _tests(audited: Audited, lines: int) -> Criterion:
    tests = {path: text for path, text in audited.files.items() if is_test_code(path, text)}
    ratio = lines_of(tests.values()) / max(1, lines)
    found = f"{len(tests):,} file(s) of tests, {ratio:.2f} lines of tests a line of code"
    places = tuple(Place(path) for path in sorted(tests)[:PLACES_MAX])
    points = 2.0 * min(1.0, ratio / TESTED_WELL)
    return Criterion(
        "tests", points, 2.0, "files that are tests by name or folder; none is run", found, places
    )


def _files(code: Mapping[str, str]) -> Criterion:
    sizes = {path: lines_of([text]) for path, text in code.items()}
    large = sorted(
        (path for path, size in sizes.items() if size > FILE_MAX_LINES), key=lambda one: -sizes[one]
    )
    share = sum(sizes[path] for path in large) / max(1, sum(sizes.values()))
    found = f"{share:.0%} of the code is in {len(large):,} files of more than {FILE_MAX_LINES} lines"
    places = tuple(Place(path) for path in large[:PLACES_MAX])
    return Criterion("files", 1.0 - share, 1.0, "lines of each file of code", found, places)


def _thousands(lines: int) -> float:
    """A small repository is not judged by one slip."""
    return max(1.0, lines / 1_000)


def _counted(findings: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in findings)
    return (
        ", ".join(f"{counts[severity]:,} {severity}" for severity in Severity if counts[severity]) or "none"
    )


def _places(findings: Sequence[Finding]) -> tuple[Place, ...]:
    worst = sorted(findings, key=lambda one: (one.severity.rank, one.path, one.line or 0))
    return tuple(dict.fromkeys(Place(one.path, one.line) for one in worst))[:PLACES_MAX]
