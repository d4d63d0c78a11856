"""Sentences that must be seen: what was left out, did not work, or was taken away before a model read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from config.repository import RepositoryConfig
from workers.analysis.source import Analysis
from workers.domain.change import Snapshot
from workers.domain.finding import Finding
from workers.domain.review import ToolRun
from workers.domain.task import DRY_RUN, Models
from workers.experts.heard import Heard
from workers.experts.intent_values import Intent, NoIntent
from workers.experts.outcomes_ranking import Lowered
from workers.experts.refuter import NO_OTHER_FAMILY
from workers.pipelines.deliberation import Deliberated

NAMES_MAX = 5


STATIC_ONLY = "Static analysis only: no model is configured."
MODEL_OFF = "Static analysis only: `orchestration.enabled` is off in the configuration."


def of_setup(models: Models | None, config: RepositoryConfig) -> Iterator[str]:
    """Whether a model took part at all."""
    if models is None:
        yield STATIC_ONLY
    elif not config.orchestration.enabled:
        yield MODEL_OFF


def of_tools(analysis: Analysis, snapshot: Snapshot) -> Iterator[str]:
    """What the analysers could not do."""
    if failed := [_told(run) for run in analysis.runs if run.outcome == "failed"]:
        yield f"Analysers that failed: {'; '.join(failed)}."
    if reduced := [run.tool for run in analysis.runs if run.isolation == "reduced"]:
        yield f"No namespaces on this machine: {', '.join(reduced)} ran with reduced isolation."
    if not snapshot.complete:
        why = f" ({snapshot.detail})" if snapshot.detail else ""
        yield f"Only part of the repository was read{why}: nothing is said about what is missing elsewhere."


def of_model(heard: Heard) -> Iterator[str]:
    """What the model half could not do, and what it claimed without proof."""
    if heard.spared:
        yield f"A review would say: {heard.spared}" if heard.planned else heard.spared
    files: Counter[tuple[str, str]] = Counter()
    for failure in heard.failures:
        if failure.kind != DRY_RUN:
            files[failure.kind, failure.message] += len(failure.paths)
    for (kind, message), count in files.items():
        said = message.removesuffix(".")
        yield f"The model gave no answer about {count} file(s), {kind}: {said}. They were analysed statically only."
    if heard.absent:
        kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(heard.absent.items()))
        yield f"Of several models that were asked the same, some gave no answer ({kinds}); others did."
    if heard.planned:
        count = len({path for one in heard.planned for path in one.paths})
        yield f"Dry run: no model was asked about {count} file(s), so analysers alone have read them."
    if heard.left_out:
        yield (
            "Beyond what the model's window and the budget of calls hold, so read by analysers only or in part: "
            f"{_names(heard.left_out)}."
        )
    if heard.taken_out:
        yield heard.taken_out
    if heard.rejected:
        reasons = ", ".join(f"{count} × {why}" for why, count in sorted(heard.rejected.items()))
        yield f"Statements of the model that were dropped: {reasons}."


def of_guess(guess: Intent | NoIntent | None) -> Iterator[str]:
    """Why nobody said what the change is for, or what was taken out before somebody did."""
    said = guess.notice() if isinstance(guess, NoIntent) else guess.taken_out if guess else ""
    if said:
        yield said


def of_refuting(held: Deliberated) -> Iterator[str]:
    """What nobody tried to disprove though somebody should have, and how many statements were disproved."""
    for failed in held.failures:
        yield f"{failed.message.removesuffix('.')} ({failed.kind})."
    if left := {why: count for why, count in held.unasked.items() if why != NO_OTHER_FAMILY}:
        reasons = ", ".join(f"{count} × {why}" for why, count in left.items())
        yield f"Findings that nobody tried to disprove: {reasons}."


def _told(run: ToolRun) -> str:
    return f"{run.tool} ({run.detail})" if run.detail else run.tool


def _names(paths: Sequence[str]) -> str:
    shown = ", ".join(f"`{path.replace('`', '')}`" for path in paths[:NAMES_MAX])
    return f"{shown} and {len(paths) - NAMES_MAX} more" if len(paths) > NAMES_MAX else shown


def of_dismissed(dropped: Sequence[Finding], reasons: Mapping[str, str]) -> Iterator[str]:
    """What people dropped and is therefore not said again."""
    if dropped:
        said = [f"{finding.title} ({reasons[finding.fingerprint]})" for finding in dropped[:NAMES_MAX]]
        more = f"; and {len(dropped) - NAMES_MAX} more" if len(dropped) > NAMES_MAX else ""
        yield f"Dismissed, and not said again: {'; '.join(said)}{more}."


def of_lowered(habits: Lowered) -> Iterator[str]:
    """What stands behind everything else because people here mostly said no to its like."""
    if not habits.why:
        return
    said = Counter(str(habit) for habit in habits.why.values())
    shown = "; ".join(f"{count} because {why}" for why, count in said.most_common(NAMES_MAX))
    more = f"; and {len(said) - NAMES_MAX} more" if len(said) > NAMES_MAX else ""
    yield f"Ranked last, after everything else: {shown}{more}."


def of_withheld(withheld: Sequence[Finding]) -> Iterator[str]:
    """How much was found late: minor, and about code that did not change."""
    if withheld:
        yield f"{len(withheld)} new minor finding(s) on code that did not change since the last round are not listed."
