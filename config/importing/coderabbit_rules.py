"""What each key of `.coderabbit.yaml` is here, in the order of its documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.importing.rules import (
    Absent,
    Outcome,
    Rule,
    UnusableValue,
    as_texts,
    choice,
    flag,
    in_part,
    maps,
    nothing,
    number,
    see,
    switch,
    text,
    texts,
)
from config.importing.translate import excluded_glob, excluded_label, file_name, glob, keyword

_FORM = Absent("the summary has one form")
_DECORATION = Absent("reviews hold no decoration")
_LINKS = Absent("what a change does not say it closes is not looked up")
_REVIEWERS = Absent("who reviews is said by CODEOWNERS")
_GATES = Absent("there are no checks beside the review")
_PLACEHOLDER = Absent("no text is put in the place of marks")
_MEMORY = Absent("nothing outside the repository is read")
_ON_COMMAND = Absent("is written when a command asks for it")
_KEYWORD = Absent("a command asks for a review where none comes by itself")
_LABELS = Absent("labels say what was found, nothing else")
_REWRITING = Absent("code is not rewritten; `/quorum improve` suggests what can be committed")
_ANALYSERS = Absent("the analysers that the operator has installed run")


def _instructions(value: object) -> Outcome:
    """A list of `{path, instructions}`."""
    if not isinstance(value, (list, tuple)):
        raise UnusableValue("must be a list")
    read = [tuple(_instruction(entry)) for entry in value]
    kept = tuple(one for entries in read for one in entries)
    lost = sum(not entries for entries in read)
    note = f"without {lost} of {len(read)}: lacks a path or text, or has a pattern that globs here can't say"
    sets = {"review__path_instructions": kept} if kept else {}
    return in_part(note, **sets) if lost else maps("" if kept else "empty", **sets)


def _instruction(entry: object) -> Iterator[Mapping[str, str]]:
    path, said = (
        (entry.get("path"), entry.get("instructions")) if isinstance(entry, Mapping) else (None, None)
    )
    if isinstance(path, str) and isinstance(said, str) and said.strip():
        for one in glob(path):
            yield {"path": one, "instructions": "\n".join(map(str.rstrip, said.strip().split("\n")))}


def _bases(value: object) -> Outcome:
    if ".*" in as_texts(value):
        return maps("every base branch is reviewed")
    return see("ignore.branches", "every base branch is reviewed; name those to leave out")


RULES: Mapping[str, Rule] = {
    "language": text("language"),
    "tone_instructions": text("tone"),
    "early_access": Absent("the operator installs versions"),
    "enable_free_tier": Absent("there are no plans"),
    "inheritance": switch(
        on=maps("the organisation's file counts below this one"),
        off=nothing("the organisation's file counts below this one always"),
    ),
    "reviews.profile": choice(
        {
            "chill": in_part("the least severity stands for the profile", review__severity_floor="medium"),
            "assertive": in_part("the least severity stands for the profile", review__severity_floor="low"),
        }
    ),
    "reviews.request_changes_workflow": flag(
        "review.output.request_changes", "changes are requested; nothing is ever approved"
    ),
    "reviews.high_level_summary": switch(
        on=in_part("it is added to the description", write__description__mode="body"),
        off=maps(write__description__mode="off"),
    ),
    "reviews.high_level_summary_placeholder": _PLACEHOLDER,
    "reviews.high_level_summary_instructions": _FORM,
    "reviews.high_level_summary_in_walkthrough": Absent("`write.description.mode: comment` comes nearest"),
    "reviews.auto_title_placeholder": _PLACEHOLDER,
    "reviews.auto_title_instructions": _PLACEHOLDER,
    "reviews.review_status": Absent("a check run always says it"),
    "reviews.commit_status": switch(
        on=maps("a check run always says it"), off=nothing("a check run always says it")
    ),
    "reviews.fail_commit_status": switch(
        on=maps("`review.required` is the one that gates on findings", review__conclusions__failed="failure"),
        off=maps(review__conclusions__failed="neutral"),
    ),
    "reviews.collapse_walkthrough": _FORM,
    "reviews.changed_files_summary": _FORM,
    "reviews.sequence_diagrams": flag("write.description.diagram", "stands in the description"),
    "reviews.estimate_code_review_effort": _FORM,
    "reviews.assess_linked_issues": switch(
        on=in_part("the issues that a change closes tell the reviewers what it is for"),
        off=nothing("the issues that a change closes tell the reviewers what it is for"),
    ),
    "reviews.related_issues": _LINKS,
    "reviews.related_prs": _LINKS,
    "reviews.suggested_labels": _LABELS,
    "reviews.labeling_instructions": _LABELS,
    "reviews.auto_apply_labels": flag("review.output.labels", "labels say what was found"),
    "reviews.suggested_reviewers": _REVIEWERS,
    "reviews.auto_assign_reviewers": _REVIEWERS,
    "reviews.poem": _DECORATION,
    "reviews.in_progress_fortune": _DECORATION,
    "reviews.enable_prompt_for_ai_agents": Absent("findings hold no prompts"),
    "reviews.path_filters": texts(
        "ignore.paths", excluded_glob, "only `!` with a plain glob leaves files out"
    ),
    "reviews.path_instructions": _instructions,
    "reviews.abort_on_close": switch(
        on=maps("what is closed is not reviewed"), off=nothing("what is closed is not reviewed")
    ),
    "reviews.ignore_usernames": texts("ignore.authors"),
    "reviews.description_keyword": _KEYWORD,
    "reviews.simplify": _REWRITING,
    "reviews.custom": _REWRITING,
    "reviews.custom_recipes": _REWRITING,
    "reviews.linked_repositories": _MEMORY,
    "reviews.auto_review.enabled": flag("review.enabled"),
    "reviews.auto_review.auto_incremental_review": switch(
        on=maps("each push is reviewed"),
        off=in_part("pauses after a review; `resume` goes on", review__auto_pause_pushes=1),
    ),
    "reviews.auto_review.auto_pause_after_reviewed_commits": number(
        "review.auto_pause_pushes", "pushes are counted, not commits"
    ),
    "reviews.auto_review.drafts": flag("review.drafts"),
    "reviews.auto_review.base_branches": _bases,
    "reviews.auto_review.ignore_title_keywords": texts("ignore.titles", keyword),
    "reviews.auto_review.labels": texts(
        "ignore.labels", excluded_label, "no label is needed for a review; `!` alone leaves out"
    ),
    "reviews.auto_review.ignore_usernames": texts("ignore.authors"),
    "reviews.auto_review.description_keyword": _KEYWORD,
    "reviews.finishing_touches.docstrings": _ON_COMMAND,
    "reviews.finishing_touches.unit_tests": _ON_COMMAND,
    "reviews.finishing_touches.simplify": _REWRITING,
    "reviews.finishing_touches.custom": _REWRITING,
    "reviews.finishing_touches.*": _REWRITING,
    "reviews.pre_merge_checks.docstrings": _GATES,
    "reviews.pre_merge_checks.title": _GATES,
    "reviews.pre_merge_checks.description": _GATES,
    "reviews.pre_merge_checks.issue_assessment": _GATES,
    "reviews.pre_merge_checks.custom_checks": _GATES,
    "reviews.pre_merge_checks.*": _GATES,
    "reviews.tools.*": _ANALYSERS,
    "chat.art": _DECORATION,
    "chat.auto_reply": Absent("answers come when a command asks"),
    "chat.integrations": _MEMORY,
    "knowledge_base.opt_out": Absent("what is kept, and how long, is the operator's"),
    "knowledge_base.web_search": _MEMORY,
    "knowledge_base.code_guidelines.enabled": switch(
        on=maps("files of `review.guidelines` are read"), off=maps(review__guidelines=())
    ),
    "knowledge_base.code_guidelines.filePatterns": texts(
        "review.guidelines", file_name, "files are named one by one"
    ),
    "knowledge_base.learnings": Absent(
        "what is dismissed is remembered; what a repository mostly declines is ranked lower"
    ),
    "knowledge_base.issues": _LINKS,
    "knowledge_base.pull_requests": _LINKS,
    "knowledge_base.jira": _LINKS,
    "knowledge_base.linear": _LINKS,
    "knowledge_base.mcp": _MEMORY,
    "knowledge_base.linked_repositories": _MEMORY,
    "code_generation.docstrings": _ON_COMMAND,
    "code_generation.unit_tests": _ON_COMMAND,
}
