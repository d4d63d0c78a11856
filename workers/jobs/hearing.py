"""People are heard: what they did with our findings since somebody looked, read at GitHub and kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from config.repository import RepositoryConfig
from workers.domain.adjudication import Earlier, Fate, Round
from workers.domain.change import ChangedFile, PullRequest
from workers.domain.command import Dismissal
from workers.domain.errors import UserError
from workers.domain.outcome import Heard, How, Outcome, Person, Record
from workers.experts.outcomes import Case, Court, dismissed, plain, told
from workers.github.client import InstallationClient
from workers.github.collaborators import Permissions, allows
from workers.github.outcomes import read_heard
from workers.github.values import Blob
from workers.storage.dismissals import DismissalStore
from workers.storage.findings import FindingStore
from workers.storage.outcomes import OutcomeStore

log = structlog.get_logger()

PEOPLE_MAX = 30
"""Whose signs are heard on one pull request: each costs a request the first time."""
TEXTS_MAX = 20

Reading = Callable[[str], Awaitable[Blob | None]]
"""A file at the head by its path; None: there is none, or nobody read it."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hears people out on one pull request: see `workers.experts.outcomes` for what their signs mean."""

    outcomes: OutcomeStore
    findings: FindingStore
    dismissals: DismissalStore
    permissions: Permissions
    now: Callable[[], float]

    async def before_round(
        self,
        client: InstallationClient,
        pull: PullRequest,
        config: RepositoryConfig,
        bot_id: int,
        files: Iterable[ChangedFile],
    ) -> Sequence[Record]:
        """Keep what people said since the last round; what the repository makes of findings comes back.

        Nothing that GitHub refuses of it stops a review.
        """
        texts = {file.path: Blob(file.text, file.blob_sha or "") for file in files if file.text is not None}

        async def read(path: str) -> Blob | None:
            return texts.get(path)

        try:
            await self.hear(client, pull, config, bot_id, read)
        except UserError as error:
            log.warning("nobody was heard", error=str(error))
        return await self.outcomes.records(pull.repo_id)

    async def hear(
        self,
        client: InstallationClient,
        pull: PullRequest,
        config: RepositoryConfig,
        bot_id: int,
        read: Reading,
    ) -> None:
        """Keep what people's signs say, and what they took back. The same twice is the same as once."""
        last, earlier = await self.findings.read(pull.repo_id, pull.number)
        if last is None or not earlier:
            return
        findings = {one.finding.fingerprint: one for one in earlier}
        heard = await self._heard(client, pull, bot_id, findings)
        dropped = await self.dismissals.dismissed(pull.repo_id, pull.number)
        court = await self._court(client, pull, config, _signers(heard, dropped.values()))
        before = await self.outcomes.known(pull.repo_id, pull.number)
        blobs = await _blobs(heard, findings, read)
        cases = {
            mark: _case(one, blobs.get(one.finding.path), before.get(mark), last, pull.head_sha)
            for mark, one in findings.items()
        }
        said = {mark: dismissed(one, court) for mark, one in dropped.items() if mark in findings}
        for one in heard:
            found = told(one, cases[one.fingerprint], court)
            if found is not None:
                said.setdefault(one.fingerprint, found)
        silent = {one.fingerprint for one in heard} - said.keys()
        news = (*said.values(), *_taken_back(before, silent, self.now()))
        changed = [one for one in news if before.get(one.fingerprint) != one]
        await self.outcomes.keep(pull.repo_id, pull.number, changed)

    async def author(self, client: InstallationClient, pull: PullRequest, config: RepositoryConfig) -> Person:
        """Who opened the pull request."""
        return await self._person(client, pull, config, pull.author_id, pull.author)

    async def _heard(
        self, client: InstallationClient, pull: PullRequest, bot_id: int, findings: Collection[str]
    ) -> list[Heard]:
        heard = await read_heard(client, pull.full_name, pull.number, bot_id, findings)
        resolved = {
            comment_id: one
            for comment_id, one in (await self.outcomes.resolutions(pull.repo_id, pull.number)).items()
            if one.person_id != bot_id and not one.login.endswith("[bot]")
        }
        return [replace(one, resolution=resolved.get(one.comment_id)) for one in heard]

    async def _court(
        self,
        client: InstallationClient,
        pull: PullRequest,
        config: RepositoryConfig,
        signs: Iterable[tuple[int, str]],
    ) -> Court:
        author = await self.author(client, pull, config)
        people = {author.id: author}
        for person_id, login in list(dict.fromkeys(signs))[:PEOPLE_MAX]:
            if person_id not in people:
                people[person_id] = await self._person(client, pull, config, person_id, login)
        return Court(people, author, self.now())

    async def _person(
        self,
        client: InstallationClient,
        pull: PullRequest,
        config: RepositoryConfig,
        person_id: int,
        login: str,
    ) -> Person:
        level = await self.permissions.level(client, pull.full_name, pull.repo_id, login, person_id)
        decides = allows(level, config.commands.needed("dismiss"))
        return Person(person_id, login, decides, allows(level, "write"), person_id == pull.author_id)


async def _blobs(
    heard: Iterable[Heard], findings: Mapping[str, Earlier], read: Reading
) -> Mapping[str, Blob]:
    """The plain texts of files where a sign is judged by the code, 20 at most, resolved threads first."""
    judged = [one for one in heard if one.resolution is not None or one.suggestion is not None]
    judged.sort(key=lambda one: one.resolution is None)
    paths = list(dict.fromkeys(findings[one.fingerprint].finding.path for one in judged))
    found = {path: await read(path) for path in paths[:TEXTS_MAX]}
    return {path: replace(one, text=plain(one.text)) for path, one in found.items() if one is not None}


def _case(one: Earlier, blob: Blob | None, before: Outcome | None, last: Round, head_sha: str) -> Case:
    """A finding beside its file; `blob.text` is plain."""
    text = None if blob is None else blob.text
    return Case(one.finding, text, before, one.fate, _still(last, head_sha, one.finding.path, blob))


def _still(last: Round, head_sha: str, path: str, blob: Blob | None) -> bool:
    """Whether the last round read the file as it is now."""
    read = last.files.get(path)
    known = blob is not None and read is not None and read.blob_sha == blob.sha != ""
    return known or last.head_sha == head_sha


def _taken_back(before: Mapping[str, Outcome], silent: Collection[str], now: float) -> Iterable[Outcome]:
    """What people said before and say no more; a command's word can't be taken back."""
    for mark in silent:
        one = before.get(mark)
        if one is not None and one.how in (How.REACTION, How.THREAD, How.SUGGESTION):
            yield Outcome(mark, Fate.OPEN, How.ROUND, now)


def _signers(heard: Iterable[Heard], dropped: Iterable[Dismissal]) -> Iterable[tuple[int, str]]:
    """Ids and logins of all who gave a sign."""
    yield from ((one.actor_id, one.actor) for one in dropped)
    for each in heard:
        if each.resolution is not None:
            yield each.resolution.person_id, each.resolution.login
        yield from ((one.person_id, one.login) for one in each.votes)
