"""The identity of a finding: the same over pushes that move the code, different for different defects."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workers.analysis.symbols import Symbol, enclosing
from workers.domain.finding import Finding

FINGERPRINT_CHARS = 16


def identified(findings: Sequence[Finding], symbols: Mapping[str, Sequence[Symbol]]) -> tuple[Finding, ...]:
    """`findings` with their fingerprints: 16 hex digits of path, rule, quoted code and enclosing definition.

    Line numbers have no part in it. Equal ones are numbered from the top of the file, whatever order they come in.
    """
    seen: Counter[str] = Counter()
    prints: dict[int, str] = {}
    for index in sorted(range(len(findings)), key=lambda index: _place(findings[index])):
        base = _base(findings[index], symbols.get(findings[index].path, ()))
        prints[index] = _digest(f"{base}\0{seen[base]}")
        seen[base] += 1
    return tuple(replace(finding, fingerprint=prints[index]) for index, finding in enumerate(findings))


def _place(finding: Finding) -> tuple[str, int, int, str]:
    line = finding.line or 0
    return finding.path, finding.start_line or line, line, finding.title


def _base(finding: Finding, symbols: Sequence[Symbol]) -> str:
    symbol = enclosing(symbols, finding.line) if finding.line is not None else None
    name = symbol.full_name if symbol is not None else ""
    return "\0".join((finding.path, finding.rule, " ".join(finding.evidence.split()), name))


def _digest(text: str) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw).hexdigest()[:FINGERPRINT_CHARS]
