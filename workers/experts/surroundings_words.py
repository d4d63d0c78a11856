"""Words of the languages that are searched: what defines, what controls, and names that tell nothing."""

from __future__ import annotations

from collections.abc import Mapping

_ROWS: Mapping[str, str] = {
    "defining": "def class function func fn fun interface struct enum trait type object record module sub defp protocol",
    "bound": "const let var val",
    "speaking": "return new else await throw yield case assert delete typeof goto do co_await",
    "before a method": "async static get set public private protected override abstract export default",
    "no calls": "if for while switch catch return and or not in is def class function func fn elif with assert await "
    "super print len str int list dict set tuple range isinstance require typeof sizeof",
    "everybody's": "get set add items keys values append update pop join split format read write close open run call "
    "apply map filter then push find replace strip sort test exec log info warn error debug encode decode copy clear "
    "remove insert toString equals hashCode size length count index next send",
}


def _words(row: str) -> frozenset[str]:
    return frozenset(_ROWS[row].split())


DEFINING = _words("defining")
BOUND = _words("bound")
SPEAKING = _words("speaking")
BEFORE_METHOD = _words("before a method")
NO_CALLS = _words("no calls")
EVERYBODYS = _words("everybody's")
