"""What each key of `.pr_agent.toml` is here, section by section."""

from __future__ import annotations

from collections.abc import Mapping

from config.importing.rules import (
    Absent,
    Outcome,
    Rule,
    UnusableValue,
    as_texts,
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
from config.importing.translate import branch, fnmatch_glob, login
from config.repository import RepositoryConfig

_REQUESTS = Absent("how models are asked is the operator's")
_PATCHES = Absent("whole files are read beside the change")
_FORM = Absent("the summary has one form")
_LABELS = Absent("labels say what was found, nothing else")
_SUGGESTIONS = Absent("a finding holds its fix; `/quorum improve` suggests what can be committed as it is")
_INCREMENTS = Absent("pushes that follow each other are reviewed together")
_NO_SCORES = Absent("findings have a severity, pull requests no score")
_LINKS = Absent("what a change does not say it closes is not looked up")
_GITHUB = Absent("how GitHub is asked is not set by repositories")
_PUSHES = Absent("pushes that follow each other are reviewed together")
_EVENTS = Absent("each opened, reopened, pushed or ready pull request is reviewed")
_OPERATOR = Absent("is the operator's")
_NOT_WRITTEN = Absent("changelogs are not written")


def _side(expert: str) -> Rule:
    """A side of the review that can be switched off."""
    others = tuple(one for one in RepositoryConfig().review.experts if one != expert)
    return switch(on=maps(f"`{expert}` is among `review.experts`"), off=maps(review__experts=others))


def _commands(value: object) -> Outcome:
    """What is done when a pull request is opened."""
    names = {words[0].removeprefix("/") for one in as_texts(value) if (words := one.split())}
    sets: dict[str, object] = (
        {} if names & {"review", "review_pr", "auto_review"} else {"review__enabled": False}
    )
    if names & {"describe", "describe_pr"}:
        sets["write__description__mode"] = "body"
    return in_part("reviews and descriptions come by themselves, the rest by command", **sets)


def _instructions(value: object) -> Outcome:
    if not isinstance(value, str):
        raise UnusableValue("must be text")
    said = "\n".join(map(str.rstrip, value.strip().split("\n")))
    if not said:
        return maps("empty")
    return maps("for all files", review__path_instructions=({"path": "**", "instructions": said},))


def _weak(value: object) -> Outcome:
    if not isinstance(value, str) or not value:
        raise UnusableValue("must be text")
    executor = {"model": value, "use_cases": ("simple",)}
    return in_part("names of models may differ", orchestration__executors=(executor,))


_CONFIG: Mapping[str, Rule] = {
    "model": text("orchestration.orchestrator.model", "names of models may differ"),
    "fallback_models": texts("orchestration.fallback.models", note="names of models may differ"),
    "model_weak": _weak,
    "model_reasoning": Absent("the orchestrator judges"),
    "ai_timeout": _REQUESTS,
    "temperature": _REQUESTS,
    "seed": _REQUESTS,
    "max_model_tokens": _REQUESTS,
    "custom_model_max_tokens": _REQUESTS,
    "reasoning_effort": _REQUESTS,
    "large_patch_policy": _PATCHES,
    "patch_extra_lines_before": _PATCHES,
    "patch_extra_lines_after": _PATCHES,
    "allow_dynamic_context": _PATCHES,
    "response_language": text("language"),
    "repo_context_files": texts("review.guidelines"),
    "repo_context_from_default_branch": switch(
        on=see("review.guidelines", "they are read at the base commit"),
        off=nothing("they are read at the base commit"),
    ),
    "repo_context_max_lines": Absent("the limit is not set by repositories"),
    "persistent_inline_comments": Absent("a finding keeps its thread"),
    "output_run_details": _FORM,
    "ignore_pr_title": texts("ignore.titles"),
    "ignore_pr_target_branches": texts("ignore.branches", branch, "branches are globs here"),
    "ignore_pr_source_branches": Absent("only base branches are told apart"),
    "ignore_pr_labels": texts("ignore.labels"),
    "ignore_pr_authors": texts(
        "ignore.authors", login, "logins are no patterns here", note="whole logins are compared"
    ),
    "ignore_repositories": Absent("GitHub says which repositories the app is installed in"),
    "ignore_language_framework": Absent("`ignore.paths` comes nearest"),
    "disable_auto_feedback": switch(
        on=maps(review__enabled=False), off=maps("pull requests are reviewed by themselves")
    ),
    "restricted_mode": _OPERATOR,
    "secret_provider": _OPERATOR,
    "extra_config_url": Absent("the organisation's file counts below this one"),
    "propagate_tool_errors": Absent("the check run says what failed"),
}

_REVIEWER: Mapping[str, Rule] = {
    "num_max_findings": number("review.findings_max"),
    "extra_instructions": _instructions,
    "persistent_comment": switch(
        on=maps("there is one summary, kept up to date"), off=nothing("there is one summary, kept up to date")
    ),
    "final_update_message": _FORM,
    "require_score_review": _NO_SCORES,
    "require_tests_review": _side("tests"),
    "require_estimate_effort_to_review": _NO_SCORES,
    "require_security_review": _side("security"),
    "require_ticket_analysis_review": switch(
        on=in_part("the issues that a change closes tell the reviewers what it is for"),
        off=nothing("the issues that a change closes tell the reviewers what it is for"),
    ),
    "require_can_be_split_review": _FORM,
    "require_todo_scan": _FORM,
    "inline_key_issues": Absent("`review.inline_max` says how many findings stand at their line"),
    "enable_review_labels_security": flag("review.output.labels", "labels say what was found"),
    "enable_review_labels_effort": _LABELS,
    "minimal_commits_for_incremental_review": _INCREMENTS,
    "minimal_minutes_for_incremental_review": _INCREMENTS,
    "enable_review_coverage_footer": switch(
        on=maps("each file is accounted for"), off=nothing("each file is accounted for")
    ),
    "publish_output_no_suggestions": switch(
        on=maps("a clean review is said"), off=nothing("a clean review is said")
    ),
}

_DESCRIPTION: Mapping[str, Rule] = {
    "publish_labels": _LABELS,
    "generate_ai_title": Absent("titles are not written"),
    "enable_pr_diagram": flag("write.description.diagram"),
    "pr_diagram_direction": _FORM,
    "collapsible_file_list": _FORM,
    "collapsible_file_list_threshold": _FORM,
    "use_description_markers": Absent("no text is put in the place of marks"),
    "max_ai_calls": _REQUESTS,
    "publish_description_as_comment": switch(
        on=maps(write__description__mode="comment"),
        off=see("write.description.mode", "`github_app.pr_commands` says whether there is one"),
    ),
}

_IMPROVE: tuple[str, ...] = (
    "commitable_code_suggestions",
    "dual_publishing_score_threshold",
    "focus_only_on_problems",
    "suggestions_score_threshold",
    "num_code_suggestions_per_chunk",
    "max_number_of_calls",
    "new_score_mechanism_th_high",
    "new_score_mechanism_th_medium",
    "demand_code_suggestions_self_review",
)

_APP: Mapping[str, Rule] = {
    "handle_pr_actions": _EVENTS,
    "pr_commands": _commands,
    "feedback_on_draft_pr": flag("review.drafts"),
    "handle_push_trigger": switch(
        on=maps("each push is reviewed"),
        off=in_part("pauses after a review; `resume` goes on", review__auto_pause_pushes=1),
    ),
    "push_commands": Absent("a push is reviewed, nothing else"),
    "push_trigger_ignore_bot_commits": Absent("a push counts, whoever made it"),
    "push_trigger_pending_tasks_ttl": _PUSHES,
}

_GITHUB_KEYS: Mapping[str, Rule] = {
    "publish_as_check_run": switch(
        on=maps("there is always a check run"), off=nothing("there is always a check run")
    ),
    "ignore_bot_pr": switch(
        on=see("ignore.authors", "name the bots, e.g. `renovate[bot]`"),
        off=maps("bots are reviewed"),
    ),
    "ratelimit_retries": _GITHUB,
    "try_fix_invalid_inline_comments": _GITHUB,
    "publish_inline_comments_fallback_with_verification": _GITHUB,
}

_OTHERS: Mapping[str, Mapping[str, Rule]] = {
    "pr_code_suggestions": {
        **dict.fromkeys(_IMPROVE, _SUGGESTIONS),
        "approve_pr_on_self_review": Absent("nothing is ever approved"),
    },
    "ignore": {
        "glob": texts("ignore.paths", fnmatch_glob, "globs here know no classes"),
        "regex": Absent("files are left out by globs"),
    },
    "pr_add_docs": {"docs_style": Absent("`write.docs.format` is about pages")},
    "pr_update_changelog": {"push_changelog_changes": _NOT_WRITTEN},
    "skills": {"enabled": Absent("`review.guidelines` names what the reviewers are told")},
    "best_practices": {"*": Absent("`review.guidelines` names what the reviewers are told")},
    "pr_similar_issue": {"vectordb": _LINKS},
}

RULES: Mapping[str, Rule] = {
    f"{section}.{key}": rule
    for section, rules in {
        "config": _CONFIG,
        "pr_reviewer": _REVIEWER,
        "pr_description": _DESCRIPTION,
        "github_app": _APP,
        "github": _GITHUB_KEYS,
        **_OTHERS,
    }.items()
    for key, rule in rules.items()
}
