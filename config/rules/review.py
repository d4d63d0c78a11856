"""What is reviewed and how much is said."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.rules.section import RULES_MAX, Experts, Section, Text, Texts, key

SeverityName = Literal["critical", "high", "medium", "low"]
Conclusion = Literal["neutral", "action_required", "failure"]
INSTRUCTIONS_MAX_CHARS = 2_000


class PathInstruction(Section):
    """What the reviewers are told about some files."""

    path: Text = Field(description="Glob of the files, e.g. `src/api/**`.")
    instructions: str = Field(
        min_length=1, max_length=INSTRUCTIONS_MAX_CHARS, description="What to look at, or to leave alone."
    )


class Conclusions(Section):
    """The check run's conclusion for what was not reviewed; GitHub lets `neutral` pass a required check."""

    ignored: Conclusion | None = key(
        None, "For a pull request that `ignore` or `review.enabled` skips; unset: by `review.required`."
    )
    draft: Conclusion | None = key(None, "For a draft; unset: by `review.required`.")
    paused: Conclusion | None = key(None, "While reviews are paused; unset: by `review.required`.")
    partial: Conclusion | None = key(
        None, "For a head that was reviewed in part; unset: by `review.required`."
    )
    failed: Conclusion | None = key(None, "For a review that failed; unset: by `review.required`.")


class OutputRules(Section):
    """What a review does beside its comments and its check run."""

    request_changes: bool = key(
        False,
        "Whether a review with findings of high or critical severity requests changes; taken back when none is left.",
    )
    labels: bool = key(
        False,
        "Whether pull requests are labelled by what was found: `quorum: clean`, `quorum: blocking` and so on.",
    )
    code_scanning: bool = key(
        False,
        "Whether findings are handed over to GitHub's code scanning too; needs the permission `security_events: write`.",
    )
    resolve_threads: bool = key(True, "Whether threads of what was fixed are resolved.")


class ReviewRules(Section):
    """What is reviewed and how much is said."""

    enabled: bool = key(True, "Whether pull requests are reviewed by themselves; commands work anyway.")
    drafts: bool = key(False, "Whether draft pull requests are reviewed too.")
    experts: Experts = key(
        ("security", "quality", "performance", "dependency", "tests", "documentation"),
        "The sides a change is looked at from.",
    )
    inline_max: int = key(
        8,
        "Findings with a thread, at their line or on their file; the others are listed. What blocks always has one.",
        ge=0,
        le=30,
    )
    findings_max: int = key(15, "Findings reported of one review.", ge=1, le=100)
    severity_floor: SeverityName = key("low", "Least severity that is reported.")
    required: bool = key(
        False,
        "Whether the check gates: it fails on blocking findings, and on a head not fully reviewed.",
    )
    auto_pause_pushes: int = key(
        0,
        "Pause after so many reviewed pushes, until somebody resumes; 0 never pauses.",
        ge=0,
        le=1_000,
    )
    guidelines: Texts = key(
        ("AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md"),
        "Files of the base commit that tell the reviewers how this repository works; a plain name is also looked for "
        "in the folders around a changed file.",
    )
    path_instructions: Annotated[tuple[PathInstruction, ...], Field(max_length=RULES_MAX)] = key(
        (), "What the reviewers are told about some files."
    )
    risky_paths: Texts = key(
        (), "Globs of files that only strong models may judge, beside the built-in ones."
    )
    conclusions: Conclusions = key(
        Conclusions, "The check's conclusion for what was not reviewed, by reason."
    )
    output: OutputRules = key(OutputRules, "What a review does beside its comments and its check run.")
