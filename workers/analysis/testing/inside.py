"""The jailed child that reads: one request on stdin, one answer on stdout. `python -I -m … FOLDER`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from workers.analysis.languages import Language
from workers.analysis.testing import python_facts, script_mutants, tree_facts
from workers.analysis.testing.facts import Facts
from workers.analysis.testing.mutants import Mutant, mutants
from workers.analysis.testing.protocol import NAME, FactsWanted, MutantsWanted, Read, request
from workers.analysis.tools import parse
from workers.analysis.tools.protocol import Given


def main(folder: Path) -> None:
    """Answer the request; `folder` holds the file."""
    wanted = request(sys.stdin.buffer.read())
    text = (folder / NAME).read_bytes().decode("utf-8", "replace")
    answer = (
        Read(facts=_facts(text, wanted))
        if isinstance(wanted, FactsWanted)
        else Read(mutants=_mutants(text, wanted))
    )
    sys.stdout.write(json.dumps(asdict(answer)))


def _facts(text: str, wanted: FactsWanted) -> Facts:
    """Parsed by the grammar of the language, and of Python by Python, before anything is read out of it."""
    faults = parse.check(Given(NAME, wanted.language, frozenset(), text)).seen
    if faults:
        return Facts(broken=min(one.line for one in faults))
    if wanted.language == Language.PYTHON:
        return python_facts.facts(text)
    return tree_facts.facts(text, wanted.language)


MUTATORS = {Language.PYTHON.value: mutants, Language.JAVASCRIPT.value: script_mutants.mutants}


def _mutants(text: str, wanted: MutantsWanted) -> tuple[Mutant, ...]:
    mutator = MUTATORS.get(wanted.language)
    if mutator is None:
        return ()
    return mutator(text, frozenset(wanted.lines), seed=wanted.seed, mutants_max=wanted.mutants_max)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
