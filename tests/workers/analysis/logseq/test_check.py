"""What is wrong with a page, and that a page in order is in order."""

from __future__ import annotations

import pytest

from workers.analysis.logseq.check import problems
from workers.analysis.logseq.parse import parse

HEAD = "# Box\ntype:: [[Primitive]]\ncategory:: [[Core Workflow]]\npackage:: [[shop/boxes]]\nstatus:: [[Draft]]\n\n"
GOOD = HEAD + "## Overview\n- id:: box-overview\n  See ((box-api)), ((other)).\n\n## API\n- id:: box-api\n"


def test_a_page_in_order_has_no_problems() -> None:
    assert not problems(parse("Box", GOOD), {"other"})


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("status:: [[Draft]]\n", "", 1, "status:: stands 0 times"),
        ("type:: [[Primitive]]", "type:: Primitive", 2, "type:: is not one page link"),
        ("[[shop/boxes]]", "[[a]] and [[b]]", 4, "package:: is not one page link"),
        ("id:: box-api", "id:: box-overview", 12, "stands on line 8, too"),
        ("id:: box-api", "id:: box api", 12, "not an id"),
        ("((other))", "((nobody))", 9, "no block has the id nobody"),
        ("# Box", "# Box [[x]]", 1, "the title holds"),
        ("id:: box-api\n", "id:: box-api\n  id:: b\n", 12, "more than one id"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line: int, why: str) -> None:
    found = problems(parse("Box", GOOD.replace(old, new)), {"other"})
    assert any(problem.line == line and why in problem.why for problem in found), found
