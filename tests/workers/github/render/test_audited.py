"""An audit as a comment: short in sight, within GitHub's limit, and inert whatever models and files say."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from tests.workers.github.render.hostile import written
from tests.workers.github.render.test_layout import VISIBLE_LINES_MAX, Seen, source_lines
from workers.domain.audit import Audit, Criterion, Place, Proof, Score, Scores
from workers.domain.question import Evidence
from workers.domain.usage import Call, Usage
from workers.github.fences import split
from workers.github.render.audited import BODY_MAX_BYTES, audit_text
from workers.github.sanitise import Sanitiser

URL = "https://github.com/octo/repo"
SHA = "a" * 40
JSON_BLOCK = re.compile(r"```json\n(.*?)\n```", re.DOTALL)


def hostile(seed: int, pieces: int) -> Audit:
    """Every text is somebody's who means no good."""
    text = written(random.Random(seed))

    def said() -> str:
        return text(pieces)

    def score(name: str, out_of: float) -> Score:
        places = tuple(Place(said(), number) for number in range(1, 6))
        return Score(
            name, out_of, tuple(Criterion(said(), 1.0, 2.0, said(), said(), places) for _ in range(9))
        )

    results: dict[str, Any] = {
        "architect_analysis": {
            "architecture_assessment": said(),
            "design_patterns": [said() for _ in range(8)],
            "scalability_notes": said(),
            "technical_debt_priority": "high",
        },
        "deployment_analysis": {
            "deployment_strategy": said(),
            "deployment_blockers": [{"issue": said(), "severity": "high"} for _ in range(8)],
        },
        "business_analysis": {"problem_solved": said(), "market_viability": 3.0, "portfolio_suitable": True},
        "aggregated_insights": {
            "overall_assessment": said(),
            "top_priorities": [said() for _ in range(8)],
            "vibecodibility_score": 5.0,
            "borg_tools_fit": 5.0,
        },
    }
    proof = Proof(tuple(Evidence(said(), said(), said(), number) for number in range(1, 7)), 2)
    return Audit(
        Scores(
            score("code quality", 10), score("deployment readiness", 100), score("documentation quality", 100)
        ),
        results,
        9,
        tuple(said() for _ in range(60)),
        {"business": said()},
        dict.fromkeys(("architect", "deployment", "business"), proof),
        tuple(said() for _ in range(9)),
        (Call("audit", "big", "ok", Usage(1, 9, 0, 9, 100)),),
        quality=0.5,
        validated=False,
    )


@pytest.mark.parametrize(("seed", "pieces"), [(1, 4), (2, 40), (3, 400), (4, 12), (5, 90)])
def test_it_is_short_in_sight_and_nothing_in_it_acts(seed: int, pieces: int) -> None:
    audit = hostile(seed, pieces)
    document = json.dumps(audit.results, ensure_ascii=False)
    text = audit_text(audit, SHA, document, Sanitiser(URL))
    assert len(text.encode()) <= BODY_MAX_BYTES
    assert source_lines(text) <= VISIBLE_LINES_MAX
    seen = Seen(text)
    assert (seen.depth, seen.deepest, set(seen.rows)) == (0, 1, {3})
    prose = "\n".join(line for part in split(text) if part.language is None for line in part.lines)
    assert not re.search(r"(?<![\w`])@octo\b|\]\(https://evil", prose)
    assert text.count("## Audit of this repository at") == 1


def test_the_json_is_whole_or_left_out() -> None:
    audit = hostile(1, 2)
    text = audit_text(audit, SHA, json.dumps({"a": [1, "/x"]}), Sanitiser(URL))
    [found] = JSON_BLOCK.findall(text)
    assert json.loads(found) == {"a": [1, "/x"]}
    assert JSON_BLOCK.findall(audit_text(audit, SHA, json.dumps(["x" * 30_000]), Sanitiser(URL))) == []


def test_places_are_links_to_the_audited_head() -> None:
    score = Score(
        "code quality", 10.0, (Criterion("files", 0.5, 1.0, "lines", "some", (Place("a b.py", 3),)),)
    )
    audit = Audit(Scores(score, score, score), None, 1)
    assert f"[`a b.py:3`]({URL}/blob/{SHA}/a%20b.py#L3)" in audit_text(audit, SHA, "{}", Sanitiser(URL))
    assert "Cost: static only, $0" in audit_text(audit, "", "{}", Sanitiser(""))
