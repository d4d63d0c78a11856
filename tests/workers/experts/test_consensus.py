"""Many statements become one list, and agreement is claimed only where it was compared."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.experts.changes import finding
from workers.domain.finding import Aspect, Finding, Severity, Source, State
from workers.experts.consensus import Caps, capped, merged, ranked
from workers.experts.similarity import Nearness
from workers.experts.trust import Trust

NEAR = Nearness()
BY_MODEL = finding(
    "model/shell-injection",
    kind="model",
    name="model-a",
    title="Shell injection: the command goes to subprocess with shell=True",
    severity=Severity.CRITICAL,
    confidence=0.9,
)
CAPS = Caps(findings_max=15, inline_max=8, severity_floor=Severity.LOW)


def test_a_tool_and_a_model_that_mean_the_same_confirm_each_other() -> None:
    (one,) = merged([finding(), BY_MODEL], NEAR)
    assert one.state is State.CONFIRMED
    assert [str(source) for source in one.sources] == ["ruff S602", "model-a shell-injection"]


def test_the_merged_one_keeps_the_tools_rule_and_the_worst_severity() -> None:
    (one,) = merged([finding(), BY_MODEL], NEAR)
    assert (one.rule, one.severity, one.title) == ("ruff/S602", Severity.CRITICAL, BY_MODEL.title)


def test_independent_sources_raise_the_confidence() -> None:
    (one,) = merged([finding(confidence=0.8), BY_MODEL], NEAR)
    assert one.confidence == 0.98


def test_the_same_source_twice_is_merged_but_confirms_nothing() -> None:
    (one,) = merged([BY_MODEL, replace(BY_MODEL, confidence=0.5)], NEAR)
    assert (one.state, one.confidence) == (State.SINGLE, 0.9)


OTHER = replace(
    BY_MODEL,
    rule="model/command-injection",
    title="Untrusted command run by a shell",
    description="The command comes from the caller and subprocess runs it with shell=True.",
    sources=(Source("model", "model-b", "command-injection"),),
)


def test_models_that_say_it_in_other_words_confirm_each_other() -> None:
    (one,) = merged([BY_MODEL, OTHER], NEAR)
    assert (one.state, one.severity) == (State.CONFIRMED, Severity.CRITICAL)


def test_of_models_that_say_the_same_the_one_that_says_least_of_the_change_speaks() -> None:
    others = [replace(BY_MODEL, path=f"{name}.py") for name in "ab"]
    first, *_ = merged([BY_MODEL, OTHER, *others], NEAR)
    assert first.title == OTHER.title


def test_statements_far_apart_are_not_joined_by_one_between_them() -> None:
    chain = [
        replace(BY_MODEL, line=10),
        replace(OTHER, line=13),
        replace(BY_MODEL, line=16, sources=(Source("model", "model-c"),)),
    ]
    assert len(merged(chain, NEAR)) == 2


def test_a_model_with_a_better_record_counts_more() -> None:
    trust = Trust({"model-a": 0.9, "model-b": 0.3})
    one, other = (merged([told], NEAR, trust)[0].votes for told in (BY_MODEL, OTHER))
    assert one > other


def test_a_second_model_adds_less_than_the_first() -> None:
    speakers = {("model", name): 0.5 for name in ("model-a", "model-b")}
    assert Trust({}, alike=0.0).together(speakers) > Trust({}, alike=0.5).together(speakers) > 0.5 * 0.7


def test_another_meaning_on_the_same_line_stays_apart() -> None:
    other = replace(BY_MODEL, title="Exit status ignored", description="A failed start looks like success.")
    assert len(merged([finding(), other], NEAR)) == 2


def test_the_same_words_far_away_stay_apart() -> None:
    assert len(merged([finding(), replace(BY_MODEL, line=20)], NEAR)) == 2


def test_the_same_words_in_another_file_stay_apart() -> None:
    assert len(merged([finding(), replace(BY_MODEL, path="other.py")], NEAR)) == 2


def test_a_severity_without_evidence_does_not_count() -> None:
    (one,) = merged([finding(), replace(BY_MODEL, evidence="")], NEAR)
    assert one.severity is Severity.HIGH


def test_a_suggestion_survives_only_on_its_own_lines() -> None:
    moved = replace(BY_MODEL, line=6, suggestion="    run(command)")
    (one,) = merged([finding(), moved], NEAR)
    assert (one.line, one.suggestion) == (5, None)


def test_near_findings_do_not_run_together_in_a_chain() -> None:
    chain = [replace(BY_MODEL, line=line, rule=f"model/shell-{line}") for line in (5, 8, 11, 14)]
    assert len(merged(chain, NEAR)) > 1


def test_the_worst_comes_first_then_the_surest() -> None:
    low = finding(severity=Severity.LOW, confidence=1.0)
    sure, unsure = finding(confidence=0.9), finding(confidence=0.4)
    agreed = replace(finding(confidence=0.5), state=State.CONFIRMED)
    assert ranked([low, unsure, sure, agreed]) == (agreed, sure, unsure, low)


def test_security_comes_before_style_of_the_same_weight() -> None:
    style = finding(aspect=Aspect.DOCUMENTATION)
    assert ranked([style, finding()])[0].aspect is Aspect.SECURITY


def test_what_is_cut_is_counted() -> None:
    minor = [finding(line=line, severity=Severity.LOW) for line in range(1, 21)]
    kept = capped(minor, CAPS)
    assert (len(kept.findings), kept.thread_count, kept.suppressed) == (15, 8, 5)


def test_the_floor_keeps_the_lower_ones_out() -> None:
    findings = [finding(), finding(severity=Severity.LOW)]
    kept = capped(findings, Caps(15, 8, Severity.MEDIUM))
    assert (kept.findings, kept.suppressed) == ((findings[0],), 1)


def test_what_blocks_has_a_thread_before_all_others_and_beyond_their_number() -> None:
    minor: list[Finding] = [finding(severity=Severity.LOW, line=line) for line in range(1, 4)]
    blocking = [finding(line=line) for line in (None, 7, 8)]
    kept = capped([*minor, *blocking], Caps(6, 2, Severity.LOW))
    assert (kept.findings, kept.thread_count) == ((*blocking, *minor), 3)


def test_whole_files_have_threads_like_lines() -> None:
    minor = [finding(line=None, severity=Severity.LOW), finding(severity=Severity.LOW)]
    assert capped(minor, CAPS).thread_count == 2


def test_what_was_said_before_loses_its_place_to_nothing_new() -> None:
    minor = replace(finding(severity=Severity.LOW), fingerprint="0123456789abcdef")
    kept = capped(
        [*(finding(line=line) for line in range(1, 5)), minor], Caps(3, 1, Severity.LOW), {minor.fingerprint}
    )
    assert (kept.findings[-1], len(kept.findings), kept.suppressed) == (minor, 4, 1)
