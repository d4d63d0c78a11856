"""The schema of `.github/quorum.yml`: what a repository's people may decide. Unknown keys are refused.

Keys down to the second level are the ones to know, forty at most; what is nested below them has good defaults.
A key marked `pending` is accepted and checked, and does nothing yet: `config.pending` says what it waits for.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.rules.commands import CommandRules
from config.rules.ignore import IgnoreRules, SizeRules
from config.rules.orchestration import CostTracking, ModelChoice, OrchestrationRules
from config.rules.review import Conclusions, OutputRules, PathInstruction, ReviewRules
from config.rules.section import RULES_MAX, Section, key, pending_of
from config.rules.writing import DocsRules, WritingRules

LANGUAGE_MAX_CHARS = 35  # the longest tag that has a meaning (RFC 5646, 4.4.1)
TONE_MAX_CHARS = 250


class RepositoryConfig(Section):
    """The whole file. Every key may be left out."""

    language: Annotated[
        str, Field(max_length=LANGUAGE_MAX_CHARS, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    ] = key(
        "en", "Language of what models write (BCP 47), e.g. `de` or `pt-BR`; Quorum's own words are English."
    )
    tone: Annotated[str, Field(max_length=TONE_MAX_CHARS)] = key(
        "", "How models should sound, in your words; it changes nothing of what they report."
    )
    review: ReviewRules = key(ReviewRules, "What is reviewed and how much is said.")
    ignore: IgnoreRules = key(IgnoreRules, "What is skipped or left out.")
    commands: CommandRules = key(CommandRules, "Who may give commands, and how they are written.")
    orchestration: OrchestrationRules = key(
        OrchestrationRules, "Which models take part, and what they may cost."
    )
    write: WritingRules = key(WritingRules, "What Quorum writes beside reviews.")


__all__ = [
    "RULES_MAX",
    "TONE_MAX_CHARS",
    "CommandRules",
    "Conclusions",
    "CostTracking",
    "DocsRules",
    "IgnoreRules",
    "ModelChoice",
    "OrchestrationRules",
    "OutputRules",
    "PathInstruction",
    "RepositoryConfig",
    "ReviewRules",
    "Section",
    "SizeRules",
    "WritingRules",
    "pending_of",
]
