"""How well analysers are shut in."""

from __future__ import annotations

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, well
from workers.analysis.jail import Jail
from workers.analysis.sandbox import Sandbox, probe


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
