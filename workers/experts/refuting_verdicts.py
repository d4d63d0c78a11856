"""What becomes of a finding that somebody tried to disprove. A veto counts with evidence only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workers.analysis.redaction import strip_invisible
from workers.domain.finding import Doubt, Finding, Source, State
from workers.domain.secrets import redact
from workers.experts.consensus_state import CONFIRMING_MIN, state_of
from workers.experts.refuting_answers import REASON_MAX_CHARS, ModelVerdict
from workers.experts.refuting_evidence import Proof, proof
from workers.experts.refuting_sheet import Sheet


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding after the attempt, and what that says (0 to 1) of those who found it and of who tried; None: nothing."""

    finding: Finding
    of_finders: float | None = None
    of_refuter: float | None = None


def judged(finding: Finding, verdict: ModelVerdict | None, refuter: str, sheets: Sequence[Sheet]) -> Judged:
    """`finding` with what `refuter`, a model, holds of it. `sheets` are the files that it was shown."""
    if verdict is None or verdict.verdict == "unsure":
        return Judged(finding)
    proven = proof(verdict.quote, finding, sheets)
    by = Source("model", refuter)
    if verdict.verdict == "stands":
        # Who is shown a claim is no second voice for it: it was tested, not found again.
        tested = replace(finding, stood=(*finding.stood, by))
        return Judged(tested, of_finders=1.0 if proven else None)
    if proven is None or not verdict.reason:
        return Judged(finding, of_refuter=0.0)
    doubted = _doubted(finding, Doubt(by, _plain(verdict.reason), proven.quote), proven)
    return Judged(doubted, 0.0 if doubted.state is State.REFUTED else None, of_refuter=1.0)


def _doubted(finding: Finding, doubt: Doubt, proven: Proof) -> Finding:
    state = state_of(CONFIRMING_MIN if _is_firm(finding, proven) else 1, refuters=1)
    return replace(finding, state=state, doubts=(*finding.doubts, doubt))


def _is_firm(finding: Finding, proven: Proof) -> bool:
    """Whether a veto only disputes it: several found it, or a tool did, or the veto shows nothing but what it quotes.

    What would stop a merge is never put away by one model's word: code can be written to talk it into that.
    """
    by_tool = any(source.kind != "model" for source in finding.sources)
    return finding.severity.blocks or by_tool or finding.state is State.CONFIRMED or not proven.is_new


def _plain(reason: str) -> str:
    """A refuter's words: a model's text, that may have been talked into anything."""
    return redact(strip_invisible(reason).text).text[:REASON_MAX_CHARS]
