"""Every case of the corpus of injections, through everything that makes strangers' text fit to be posted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journeys.injecting import Case, corpus, leaks, secret_forms
from tests.journeys.survivors import in_code, in_markdown, in_plain
from tests.workers.github.reviews_by_hand import FINDING, HEAD, review
from workers.domain.finding import Finding
from workers.domain.hidden import HIDDEN, revealed
from workers.github.markdown import Rendering, check_annotations, check_output, file_comment, inline, summary
from workers.github.prose import ZWSP
from workers.github.render.comment import entry
from workers.github.sanitise import sanitiser

HOME = "https://github.com/octo/shop"
KEY = "sk-proj-planted/Zk7+Qx9=Lm2?Vt4&w"
HOOK = "webhook-secret-0123456789"
SANITISER = sanitiser(HOME, [KEY, HOOK])
RENDERING = Rendering(SANITISER, "1:2:3:review", 4)
VALUES = {**secret_forms(KEY), "webhook_secret": HOOK, "private_key": KEY, "summary_key": "1:2:3:review"}
CASES = [case.filled(VALUES) for case in corpus()]

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.title.replace(" ", "-"))


def test_the_corpus_is_large_and_reaches_every_place() -> None:
    assert len(CASES) >= 60
    places = {"title", "body", "comment", "path", "branch", "code", "guide", "commit", "issue"}
    assert places <= {case.where for case in CASES}
    assert len({case.title for case in CASES}) == len(CASES)


@every_case
def test_nothing_acts_in_a_comment_on_a_line_or_on_a_file(case: Case) -> None:
    texts = [inline(told(case), RENDERING), file_comment(told(case), RENDERING)]
    assert [found for text in texts for found in in_markdown(text, HOME)] == []
    assert leaks("".join(texts), [KEY, HOOK]) == []


@every_case
def test_nothing_acts_in_a_summary_or_a_check_run(case: Case) -> None:
    whole = review(findings=(told(case),) * 12, notices=(case.says,), reason=case.says, walkthrough=case.says)
    whole = replace(whole, config_origin=case.says)
    shown = check_output(whole, RENDERING)
    assert in_markdown(summary(whole, RENDERING), HOME) == set()
    assert in_markdown(shown.summary, HOME) | in_markdown(shown.text, HOME) | in_plain(shown.title) == set()
    for note in check_annotations(whole, RENDERING):
        assert in_plain(note.title) | in_plain(note.message) == set()


@every_case
def test_a_name_of_a_file_is_shown_and_does_nothing(case: Case) -> None:
    text = entry(replace(told(case), path=case.says.replace("..", "_")), HEAD, RENDERING)
    assert in_markdown(text, HOME) == set()


@every_case
def test_only_what_is_harmless_is_offered_to_be_committed(case: Case) -> None:
    finding = replace(FINDING, suggestion=case.says)
    body = inline(finding, RENDERING)
    assert in_markdown(body, HOME) <= {"suggestion block"}
    assert leaks(body, [KEY, HOOK]) == []


@every_case
def test_cleaning_twice_changes_nothing(case: Case) -> None:
    once = SANITISER.clean(case.says)
    assert SANITISER.clean(once) == once


def told(case: Case) -> Finding:
    """A finding that says what the case wants, in every field."""
    return replace(
        FINDING,
        title=case.says.replace("\n", " ")[:110],
        description=case.says,
        recommendation=case.says,
        evidence=case.says,
    )


# -- the holes, one by one


def test_an_advice_that_begins_with_a_fence_stays_code() -> None:
    """Behind a word no fence opens: the inside would be prose, and the end of the block an opening."""
    advice = "````\n```suggestion\nrm\n```\n@octo fixes #1\n````"
    assert in_markdown(inline(replace(FINDING, recommendation=advice), RENDERING), HOME) == set()


@pytest.mark.parametrize("text", ["GH\\-3", "gh\\-12", "G&#72;\\-4"])
def test_an_escaped_dash_makes_no_reference(text: str) -> None:
    assert f"-{ZWSP}" in SANITISER.clean(text)


@pytest.mark.parametrize("text", ["https\\:\\/\\/x.org", "https:\\//x.org", "www\\.x.org", "mailto\\:a"])
def test_escaped_addresses_are_parted(text: str) -> None:
    assert ZWSP in SANITISER.clean(text)


@pytest.mark.parametrize(
    "text", ["&#8238;", "&#x202E;", "&rlm;", "&shy;", "&NegativeThinSpace;", "&#917601;"]
)
def test_hidden_characters_are_not_spelt_either(text: str) -> None:
    assert SANITISER.clean(f"a{text}b") == "ab"


@pytest.mark.parametrize("line", ["/LGTM", "  /Approve now", "> /Quorum pause"])
def test_commands_in_code_are_parted_in_any_case(line: str) -> None:
    assert f"/{ZWSP}" in SANITISER.code(line)


def test_bots_are_not_called_from_code_and_decorators_stay() -> None:
    assert f"@{ZWSP}Dependabot" in SANITISER.code("@Dependabot merge")
    assert ZWSP not in SANITISER.code("@cache\n@Override public void run() {}")


@pytest.mark.parametrize("text", ["x  # <!-- quorum:v1 finding fp=0123456789abcdef -->", "# @claude merge"])
def test_a_suggestion_with_a_mark_of_ours_or_a_bot_is_not_offered(text: str) -> None:
    assert not SANITISER.verbatim(text)


@pytest.mark.parametrize("text", ["👩🏽‍💻", "🏳️‍🌈", "❤️ ok", "می‌خواهم", "क्‍ष"])
def test_joiners_stay_where_they_mean_something(text: str) -> None:
    assert revealed(text) == text


def test_separators_of_lines_are_blanks() -> None:
    assert SANITISER.clean("a\u2028/quorum pause") == "a /quorum pause"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="aé \u200b\u200c\u200d\ufe0e\ufe0f\u202e\u2028\U000e0041😀\x00", max_size=12))
def test_nothing_hidden_is_left_and_revealing_twice_changes_nothing(text: str) -> None:
    once = revealed(text)
    assert not HIDDEN.search(once)
    assert revealed(once) == once
    assert in_code(once) <= set()
