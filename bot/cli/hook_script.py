"""The text of the pre-commit hook, and how it is known again: whole and unchanged, or it is not ours to touch."""

from __future__ import annotations

import hashlib
import re
import shlex

FOUND = 10
"""The exit code of `quorum hook run` for a finding that stops a commit. 1 is what a broken program ends with."""

_FORM = re.compile(r"\A#!/bin/sh\n# quorum:v1 pre-commit ([0-9a-f]{64})\n(.*)\Z", re.DOTALL)

_BODY = """\
# Written by `quorum hook install`, taken away by `quorum hook install --uninstall`.
quorum=$(command -v quorum) || quorum={fallback}
if [ ! -x "$quorum" ]; then
  echo "quorum was not found: this commit is not checked." >&2
  exit 0
fi
"$quorum" hook run{options}
case $? in
  0) exit 0 ;;
  {found}) echo "quorum stopped this commit; \\`git commit --no-verify\\` makes it all the same." >&2; exit 1 ;;
esac
echo "quorum could not check this commit; it is made all the same." >&2
exit 0
"""


def script(options: tuple[str, ...], fallback: str) -> str:
    """The hook that calls `quorum hook run` with `options`; `fallback` is a program for when PATH has none, or ""."""
    words = "".join(f" {shlex.quote(one)}" for one in options)
    body = _BODY.format(fallback=shlex.quote(fallback), options=words, found=FOUND)
    return f"#!/bin/sh\n# quorum:v1 pre-commit {_digest(body)}\n{body}"


def is_ours(text: str) -> bool:
    """Whether `script` wrote `text`, and nobody changed it since."""
    found = _FORM.match(text)
    return found is not None and found[1] == _digest(found[2])


def advice(options: tuple[str, ...]) -> str:
    """The line by which another hook can do the same."""
    words = " ".join(("quorum", "hook", "run", *options))
    return f"{words}; [ $? -ne {FOUND} ] || exit 1"


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
