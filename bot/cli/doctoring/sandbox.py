"""How well analysers are shut in."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, well
from workers.analysis.jail import Jail
from workers.analysis.sandbox import Sandbox, probe
from workers.analysis.testing.toolchains.node import NONE_HERE, find_node
from workers.analysis.testing.toolchains.port import Toolchain
from workers.analysis.testing.toolchains.python import find_interpreter


async def look_at_tools(patient: Patient) -> Verdict:
    """What runs written tests. Without Node.js Python's are run all the same; what the operator named must answer."""
    settings = patient.settings
    return told((await find_interpreter(settings.tests_python), await find_node(settings.tests_node)))


def told(found: Sequence[Toolchain | str]) -> Verdict:
    """What these mean."""
    here = [one.label for one in found if not isinstance(one, str)]
    wrong = [one for one in found if isinstance(one, str)]
    said = f"Written tests are run with {' and '.join(here) or 'nothing'}."
    lacking = " ".join(f"{one}: tests for it are called not executed." for one in wrong)
    verdict = well if set(wrong) <= {NONE_HERE} else doubtful
    return verdict(f"{said} {lacking}".strip())


async def look(_: Patient) -> Verdict:
    """Really run it once, in a temporary folder."""
    return judged(await probe())


def judged(sandbox: Sandbox) -> Verdict:
    """What this isolation means."""
    if not isinstance(sandbox, Jail):
        return doubtful(
            "Reduced isolation: this host refuses user namespaces (kernel.unprivileged_userns_clone, AppArmor, or the "
            "container's seccomp profile); analysers only parse, and written tests are not run."
        )
    if not sandbox.syscall_filter:
        return doubtful("The jail works, without a filter of system calls: none is known for this processor.")
    return well("The jail works: no network, no environment, a filter of system calls.")
