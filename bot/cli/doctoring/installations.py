"""Who has installed the App, and whether they have accepted what it asks for."""

from __future__ import annotations

from pydantic import BaseModel

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.permissions import lacking
from bot.cli.doctoring.verdict import Verdict, doubtful, well

PAGES_MAX = 10
NAMED_MAX = 5


class _Account(BaseModel):
    login: str = "?"


class _Installation(BaseModel):
    account: _Account | None = None
    permissions: dict[str, str] = {}
    suspended_at: str | None = None

    @property
    def login(self) -> str:
        return self.account.login if self.account else "?"


async def look(patient: Patient) -> Verdict:
    """At most a thousand of them."""
    found: list[_Installation] = []
    async for page in patient.app.pages("/app/installations", {"per_page": 100}, pages_max=PAGES_MAX):
        found += map(_Installation.model_validate, page)
    if not found:
        return doubtful("Nobody has installed the App: install it from its page, Install App.")
    if suspended := [one.login for one in found if one.suspended_at]:
        return doubtful(f"Suspended by their owners, so nothing is reviewed there: {_some(suspended)}.")
    behind = [f"{one.login} ({', '.join(missing)})" for one in found if (missing := lacking(one.permissions))]
    if behind:
        return doubtful(f"Their owners have not accepted new permissions; ask them to: {_some(behind)}.")
    return well(f"Installed by {len(found)}: {_some([one.login for one in found])}.")


def _some(names: list[str]) -> str:
    rest = len(names) - NAMED_MAX
    return ", ".join(names[:NAMED_MAX]) + (f" and {rest} more" if rest > 0 else "")
