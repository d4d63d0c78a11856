"""GitHub's log of the App's webhook deliveries, and asking for one again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel

from workers.github.calls import Call
from workers.github.rest import RestClient

PER_PAGE = 100
PAGES_MAX = 300
IN_FLIGHT_S = 60.0
"""GitHub waits ten seconds for an answer (thirty on an Enterprise Server); before that an attempt may have no code."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the log. `code` is the receiver's answer; 0, 502 or 504 may say that there was none."""

    id: int
    guid: str
    event: str
    at: float
    code: int
    status: str

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.code < 300 or self.status == "OK"

    @property
    def answered(self) -> bool:
        """Whether somebody was there who could take deliveries, this one or not."""
        return 100 <= self.code < 500 or self.status == "OK"


@dataclass(frozen=True, slots=True)
class Log:
    """Attempts, newest first; `whole` is False when there were more than were read."""

    attempts: tuple[Attempt, ...]
    whole: bool


class _Row(BaseModel):
    id: int
    guid: str
    event: str = ""
    delivered_at: AwareDatetime
    status: str = ""
    status_code: int | None = 0


async def read_log(app: RestClient, since: float, now: float, *, pages_max: int = PAGES_MAX) -> Log:
    """The finished attempts from `since` to `now` (epoch seconds), without any filter: GitHub's leaves out time-outs.

    https://docs.github.com/rest/apps/webhooks#list-deliveries-for-an-app-webhook
    """
    found: list[Attempt] = []
    pages = 0
    async for page in app.pages("/app/hook/deliveries", {"per_page": PER_PAGE}, pages_max=pages_max):
        pages += 1
        rows = [_attempt(_Row.model_validate(row)) for row in page]
        found += (one for one in rows if one.at >= since and not _in_flight(one, now))
        if any(one.at < since for one in rows):
            return Log(tuple(found), True)
    return Log(tuple(found), pages < pages_max)


async def redeliver(app: RestClient, attempt_id: int) -> None:
    """Ask GitHub to deliver an attempt's payload again, under the same GUID. Raises RefusedError where it never will.

    Asking twice does no harm, since a GUID counts once: a lost answer is retried.
    """
    await app.send(Call("POST", f"/app/hook/deliveries/{attempt_id}/attempts"))


def by_guid(attempts: Iterable[Attempt]) -> dict[str, list[Attempt]]:
    """The attempts of each delivery, in the order given."""
    found: dict[str, list[Attempt]] = {}
    for one in attempts:
        found.setdefault(one.guid, []).append(one)
    return found


def _attempt(row: _Row) -> Attempt:
    at, code = row.delivered_at.timestamp(), row.status_code or 0
    return Attempt(row.id, row.guid.lower(), row.event, at, code, row.status)


def _in_flight(one: Attempt, now: float) -> bool:
    return one.code == 0 and not one.succeeded and one.at > now - IN_FLIGHT_S
