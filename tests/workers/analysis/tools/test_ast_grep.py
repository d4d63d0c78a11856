"""What the jailed tool says of a file beside its matches."""

from __future__ import annotations

from workers.analysis.tools.ast_grep import FLOWS_MAX_CHARS, check
from workers.analysis.tools.protocol import Answer, Given

FLOW = "def f():\n    name = request.args['n']\n    open(name)\n"


def checked(text: str) -> Answer:
    return check(Given("a.py", "python", frozenset(range(1, 10)), text))


def test_a_value_is_followed_to_the_call() -> None:
    assert [(seen.rule, seen.line) for seen in checked(FLOW).seen] == [("python-flow-path", 3)]


def test_values_are_not_followed_through_very_long_files_and_that_is_said() -> None:
    answer = checked(FLOW + "#" * FLOWS_MAX_CHARS)
    assert (answer.seen, answer.partial) == ((), "longer than 200,000 characters: 1 rules not tried")
