"""The block for programs: what it says, and that the documents say the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from tests.docs.reading import table
from tests.workers.github.reviews_by_hand import FINDING, HEAD, MINOR, review
from tests.workers.github.test_markdown import RENDERING, SECRET
from workers.domain.review import Coverage
from workers.github.render.tally import ITEMS_MAX_BYTES, tally_block


def read(block: str) -> dict[str, object]:
    """What a program reads."""
    told: dict[str, object] = json.loads(block.removeprefix("```json\n").removesuffix("\n```"))
    return told


def items(*paths: str) -> list[dict[str, object]]:
    """What is told of findings at these paths."""
    made = review(findings=tuple(replace(FINDING, path=path) for path in paths))
    told = read(tally_block(made, RENDERING))["items"]
    assert isinstance(told, list)
    return told


def test_findings_and_counts_are_told() -> None:
    told = read(tally_block(review(coverage=(Coverage("a.py"), Coverage("b.py", ("ruff",)))), RENDERING))
    assert told["files"] == {"changed": 2, "read": 1, "omitted": 0, "read_by_none": 1}
    assert (told["verdict"], told["head_sha"], told["cost_micro_usd"]) == ("blocking", HEAD, 3_700)
    assert told["items"] == [
        {
            "path": one.path,
            "line": 12,
            "start_line": None,
            "severity": str(one.severity),
            "aspect": str(one.aspect),
            "state": str(one.state),
            "fingerprint": one.fingerprint,
            "thread": True,
        }
        for one in (FINDING, MINOR)
    ]


def test_a_path_is_told_as_it_is_unless_it_holds_a_secret() -> None:
    odd = "grüße/@octo`<!-- x -->日本\u2028.py"
    shown = [item["path"] for item in items("a b/@x`.py", odd, f"{SECRET}.py")]
    assert shown[0] == "a b/@x`.py"
    assert "日本" in str(shown[1])
    assert SECRET not in str(shown[2])


def test_what_does_not_fit_is_counted() -> None:
    block = tally_block(review(findings=(FINDING,) * 1_000), RENDERING)
    told = read(block)
    assert isinstance(told["items"], list)
    assert len(block) < ITEMS_MAX_BYTES + 1_000
    assert len(told["items"]) + int(str(told["items_left_out"])) == 1_000


def test_the_documents_name_every_key() -> None:
    told = read(tally_block(review(), RENDERING))
    rows = {
        key: meaning for keys, meaning in table("reviews.md", "tally") for key in re.findall(r"`(\w+)`", keys)
    }
    assert list(rows) == list(told)
    files, told_items = told["files"], told["items"]
    assert isinstance(files, dict)
    assert isinstance(told_items, list)
    assert set(re.findall(r"`(\w+)`", rows["files"])) == set(files)
    assert set(told_items[0]) <= set(re.findall(r"`(\w+)`", rows["items"]))
