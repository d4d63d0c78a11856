"""What people read of a Review, and that it keeps its shape however large or hostile the Review is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.workers.github.reviews_by_hand import CALL, FINDING, HEAD, MINOR, review
from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.change import Omission
from workers.domain.finding import Doubt, Severity, Source, State
from workers.domain.review import Coverage, Review, Verdict
from workers.domain.usage import Call, Usage
from workers.github.fences import BODY_MAX_BYTES
from workers.github.markdown import (
    Rendering,
    check_annotations,
    check_output,
    conclusion,
    file_comment,
    inline,
    review_body,
    summary,
)
from workers.github.render.receipt import money
from workers.github.sanitise import sanitiser

HOME = "https://github.com/octo/repo"
SECRET = "correct-horse/battery-staple"
RENDERING = Rendering(sanitiser(HOME, [SECRET]), "1:2:3:review", 4)
SNAPSHOTS = Path(__file__).parent / "snapshots"
OUR_MARKER = re.compile(r"<!-- quorum:v1 [^<>]* -->")
HOSTILE = f"@octo fixes #1 ![x](https://evil) <img src=x> <!-- quorum:v1 --> | {SECRET}\n```\n/merge"


def visible(text: str) -> list[str]:
    """The lines that are seen before anything is unfolded; a fold shows one."""
    folded = re.sub(r"<details>\n<summary>(.*?)</summary>.*?</details>", r"\1", text, flags=re.S)
    return [line for line in folded.split("\n") if line.strip() and not line.startswith("<!--")]


def html(text: str) -> set[str]:
    """Every tag and image as CommonMark sees them, our markers left out."""
    tokens = MarkdownIt("commonmark").parse(text)
    inline = [child for token in tokens for child in token.children or []]
    raw = [
        token.content for token in [*tokens, *inline] if token.type in {"html_block", "html_inline", "image"}
    ]
    return {tag for part in raw for tag in re.findall(r"<[^>]*>?", part) if not OUR_MARKER.fullmatch(tag)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("summary", summary(review(), RENDERING)),
        ("inline", inline(replace(FINDING, suggestion='subprocess.run(["ls", name])'), RENDERING)),
        ("check_text", check_output(review(), RENDERING).text),
    ],
)
def test_layout(name: str, text: str) -> None:
    assert text == (SNAPSHOTS / f"{name}.md").read_text(encoding="utf-8").removesuffix("\n")


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (
            review(),
            "🔴 **1 blocking** · 🟡 **1** — reviewed `5f3c2e1`, 2/3 files (1 omitted: generated)",
        ),
        (
            review(verdict=Verdict.CLEAN, findings=()),
            "🟢 **No findings** — reviewed `5f3c2e1`, 2/3 files (1 omitted: generated)",
        ),
        (
            review(verdict=Verdict.FINDINGS, findings=(replace(MINOR, state=State.DISPUTED),), coverage=()),
            "🟡 **1 finding** · 1 disputed — reviewed `5f3c2e1`, 0/0 files",
        ),
        (
            review(verdict=Verdict.PARTIAL, reason="1 of 3 files not fully read.", findings=(MINOR,), coverage=()),
            "🟠 **Partly reviewed**: 1 of 3 files not fully read · 🟡 **1 finding** — reviewed `5f3c2e1`, 0/0 files",
        ),
        (
            review(verdict=Verdict.SKIPPED, reason="the pull request is a draft", findings=()),
            "⚪ **Not reviewed**: the pull request is a draft — `5f3c2e1`",
        ),
        (review(verdict=Verdict.FAILED, reason="", findings=()), "⛔ **Not reviewed**: no reason was given — `5f3c2e1`"),
    ],
)  # fmt: skip
def test_first_line_is_the_truth(made: Review, line: str) -> None:
    assert summary(made, RENDERING).split("\n")[0] == line


def large(findings: int, files: int) -> Review:
    """As hostile as it is large: each text is long, each path odd."""
    path = "weird`|\u202e@dir/" + "x" * 300 + "/"
    return review(
        findings=tuple(
            replace(
                FINDING,
                path=f"{path}{number}.py",
                title=HOSTILE * 5,
                description=HOSTILE * 80,
                recommendation=HOSTILE,
                evidence="`" * 50 + HOSTILE * 50,
                fingerprint=f"{number:016x}",
            )
            for number in range(findings)
        ),
        coverage=tuple(
            Coverage(f"{path}{number}", ("ruff",), Omission.BINARY if number % 2 else None, HOSTILE)
            for number in range(files)
        ),
        notices=(HOSTILE * 20,) * 30,
        calls=(Call(HOSTILE, HOSTILE, HOSTILE, Usage(1, 1, 1, 1, None, 1.0)),) * 500,
        walkthrough=HOSTILE * 500,
        reason=HOSTILE * 100,
        config_origin=HOSTILE * 100,
    )


@pytest.mark.parametrize(("findings", "files"), [(0, 0), (1, 1), (10, 43), (100, 300), (1000, 3000)])
def test_summary_stays_small(findings: int, files: int) -> None:
    text = summary(large(findings, files), RENDERING)
    assert len(text.encode()) <= BODY_MAX_BYTES
    assert len(visible(text)) <= 25
    assert text.count("<details>") == text.count("</details>")
    assert "<summary>Configuration" in text, "nothing was cut off at the end"


@pytest.mark.parametrize(("findings", "files"), [(1, 1), (100, 3000)])
def test_nothing_hostile_survives(findings: int, files: int) -> None:
    made = large(findings, files)
    check = check_output(made, RENDERING)
    comment = inline(made.findings[0], RENDERING)
    for text in (summary(made, RENDERING), check.title, check.summary, check.text, comment):
        assert SECRET not in text.replace("\u200b", "")
        assert "\u202e" not in text
        assert html(text) <= {"<details>", "<summary>", "</summary>", "</details>", "<sub>", "</sub>"}
        assert len(re.findall(r"<!-- quorum:v1", text)) <= 1


def test_table_rows_keep_their_columns() -> None:
    rows = [line for line in summary(large(9, 1), RENDERING).split("\n") if line.startswith("| 🔴")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [5] * len(rows)
    assert len(rows) >= 2


def test_link_leads_to_the_line_at_the_head() -> None:
    assert f"[`src/run.py:12`]({HOME}/blob/{HEAD}/src/run.py#L12)" in summary(review(), RENDERING)


def test_findings_without_a_row_are_counted_and_listed() -> None:
    text = summary(review(findings=(FINDING,) * 30), RENDERING)
    assert text.count("| 🔴") == 16
    assert "<summary>14 more findings</summary>" in text


def test_unread_files_come_first_in_the_ledger() -> None:
    ledger = summary(review(), RENDERING).split("<summary>Coverage")[1]
    assert ledger.index("src/gen.py") < ledger.index("src/other.py") < ledger.index("src/run.py")


def test_long_ledger_says_how_many_more() -> None:
    made = review(coverage=tuple(Coverage(f"f{number}", ("ruff",)) for number in range(250)))
    assert "… and 50 more, by what became of them:\n\n- read by ruff (50 files)" in summary(made, RENDERING)


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ((), "Cost: static only, $0"),
        ((Call("s", "m", "ok", Usage(2, cost_micros=37_000)),), "Cost: $0.0370, 2 calls"),
        ((Call("s", "m", "timeout", Usage(1, cost_micros=None)),), "Cost: cost unknown, 1 call"),
    ],
)
def test_cost_is_known_nothing_or_unknown(calls: tuple[Call, ...], said: str) -> None:
    assert f"<summary>{said}</summary>" in summary(review(calls=calls), RENDERING)


@pytest.mark.parametrize(
    ("limit_micros", "said"),
    [
        (500_000, "$0.0037 of $0.50 (expected $0.0040), 1 call"),
        (1_500, "$0.0037 of $0.0015 (expected $0.0040), 1 call"),
        (0, "$0.0037 of $0.00 (expected $0.0040), 1 call"),
    ],
)
def test_the_cost_stands_beside_what_a_run_may_cost(limit_micros: int, said: str) -> None:
    assert f"<summary>Cost: {said}</summary>" in summary(review(run_limit_micros=limit_micros), RENDERING)


@pytest.mark.parametrize(
    ("quality", "said"), [(0.8, "80% by evidence, severity, advice and repetition"), (None, "unknown")]
)
def test_what_the_strongest_model_costs_never_stands_without_the_quality(
    quality: float | None, said: str
) -> None:
    text = summary(review(quality=quality), RENDERING)
    assert f"The same tokens on big-a, the strongest model here: $0.0400. Quality: {said}." in text


def test_a_premium_cost_that_nobody_knows_is_unknown() -> None:
    text = summary(review(calls=(replace(CALL, premium_micros=None),)), RENDERING)
    assert "the strongest model here: unknown. Quality: 80%" in text


def test_the_strongest_model_is_not_compared_with_itself() -> None:
    text = summary(review(calls=(replace(CALL, premium_model="mid-a"),)), RENDERING)
    assert "The same tokens on" not in text
    assert "Quality: 80%" in text


def test_nothing_is_not_unknown() -> None:
    assert (money(0), money(None)) == ("$0", "cost unknown")


def test_suggestion_is_offered_only_when_it_can_stay_as_it_is() -> None:
    assert "```suggestion\nx = 1\n```" in inline(replace(FINDING, suggestion="x = 1\n"), RENDERING)
    assert "suggestion" not in inline(replace(FINDING, suggestion=f"x = '{SECRET}'"), RENDERING)
    assert "suggestion" not in inline(replace(FINDING, suggestion="x = '\u202e'"), RENDERING)
    assert "suggestion" not in file_comment(replace(FINDING, suggestion="x = 1"), RENDERING)


def test_suggestion_may_delete_or_hold_fences() -> None:
    assert "```suggestion\n```" in inline(replace(FINDING, suggestion=""), RENDERING)
    assert "````suggestion\n```\n````" in inline(replace(FINDING, suggestion="```"), RENDERING)


def test_texts_carry_their_markers_last() -> None:
    assert summary(review(), RENDERING).endswith("<!-- quorum:v1 summary key=1:2:3:review -->")
    assert review_body(review(), RENDERING, inline_count=1).endswith(
        "<!-- quorum:v1 review key=1:2:3:review gen=4 -->"
    )
    assert inline(FINDING, RENDERING).endswith("<!-- quorum:v1 finding fp=0123456789abcdef -->")


@pytest.mark.parametrize(
    ("inline_count", "file_count", "told"),
    [(0, 0, "no comments at lines"), (1, 0, "1 comment below"), (2, 1, "2 comments below and 1 comment on whole files")],
)  # fmt: skip
def test_review_body_is_short_and_never_empty(inline_count: int, file_count: int, told: str) -> None:
    body = review_body(review(), RENDERING, inline_count=inline_count, file_count=file_count)
    assert body.startswith(f"Reviewed `5f3c2e1`: {told}.")


@pytest.mark.parametrize("verdict", [Verdict.PARTIAL, Verdict.SKIPPED, Verdict.FAILED, Verdict.BLOCKING])
def test_required_check_is_never_green_unless_reviewed(verdict: Verdict) -> None:
    assert conclusion(verdict, required=True) in {"failure", "action_required"}
    assert conclusion(verdict, required=False) == "neutral"


@pytest.mark.parametrize("verdict", [Verdict.CLEAN, Verdict.FINDINGS])
@pytest.mark.parametrize("required", [True, False])
def test_reviewed_head_is_green(verdict: Verdict, required: bool) -> None:
    assert conclusion(verdict, required) == "success"


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (review(), "1 blocking, 2 findings in 2/3 files (1 omitted: generated)"),
        (review(verdict=Verdict.CLEAN, findings=(), coverage=()), "No findings in 0/0 files"),
        (review(verdict=Verdict.FAILED, reason="no room."), "Not reviewed: no room"),
        (
            review(verdict=Verdict.PARTIAL, reason="1 of 3 not read."),
            "Partly reviewed: 1 of 3 not read; 1 blocking, 2 findings",
        ),
        (review(verdict=Verdict.PARTIAL, reason="No model.", findings=()), "Partly reviewed: No model"),
    ],
)  # fmt: skip
def test_check_title(made: Review, title: str) -> None:
    assert check_output(made, RENDERING).title == title


def test_check_ends_with_a_tally_however_long_it_is() -> None:
    text = check_output(large(1000, 3000), RENDERING).text
    assert len(text.encode()) <= BODY_MAX_BYTES
    tally = json.loads(text.rsplit("```json\n", 1)[1].removesuffix("\n```"))
    assert tally["findings"]["high"] == 1000
    assert tally["cost_micro_usd"] is None


def test_blocking_findings_are_annotated() -> None:
    [annotation] = check_annotations(review(), RENDERING)
    assert (annotation.path, annotation.start_line, annotation.end_line) == ("src/run.py", 12, 12)
    assert SECRET not in annotation.message


def test_annotations_are_bounded_and_have_a_line() -> None:
    made = review(findings=(replace(FINDING, line=None, severity=Severity.CRITICAL),) * 80)
    annotations = check_annotations(made, RENDERING)
    assert len(annotations) == 50
    assert {annotation.end_line for annotation in annotations} == {1}


def test_doubts_are_one_line_each_and_show_what_they_rest_on() -> None:
    doubt = Doubt(
        Source("model", "model-b"), "The list `ALLOWED` guards it. @everyone", "if name in ALLOWED:"
    )
    disputed = replace(FINDING, doubts=(doubt,), state=State.DISPUTED)
    text = summary(review(findings=(disputed,), refuted=(disputed, disputed)), RENDERING)
    assert "<summary>Disputed: 1 statement · Refuted, and not counted: 2 statements</summary>" in text
    assert text.count("model-b: The list") == 3
    assert "@everyone" not in text
    comment = inline(disputed, RENDERING)
    assert "**Doubted** by model-b: The list" in comment
    assert "if name in ALLOWED:" in comment


def test_who_tried_in_vain_to_disprove_it_is_named() -> None:
    stood = replace(FINDING, stood=(Source("model", "model-b"),))
    assert "(confirmed); verified by model-b." in inline(stood, RENDERING)
    assert "ruff S602, mid-a (confirmed) ✓ model-b |" in summary(review(findings=(stood,)), RENDERING)


def test_a_later_round_says_what_it_changed() -> None:
    rulings = (
        Adjudication(FINDING, Fate.OPEN, Fate.FIXED),
        Adjudication(FINDING, Fate.FIXED, Fate.FIXED),
        Adjudication(FINDING, Fate.OPEN, Fate.OPEN),
        Adjudication(FINDING, Fate.OPEN, Fate.OUTDATED),
    )
    progress = Converged((FINDING,), frozenset({"f1", "f2"}), rulings=rulings)
    text = summary(review(progress=progress), RENDERING)
    assert (
        "Since the last round: **1** fixed, **1** still open, **2** new, **1** gone with their code." in text
    )
    assert "<summary>Fixed: 1 finding</summary>" in text


def test_a_first_round_has_nothing_to_compare() -> None:
    progress = Converged((FINDING,), frozenset({"f1"}))
    assert "Since the last round" not in summary(review(progress=progress), RENDERING)
