"""What was said and what became of it, kept over rounds."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes.clock import Clock
from tests.workers.experts.changes import finding
from workers.domain.adjudication import Earlier, Fate, ReadFile, Round
from workers.domain.command import Dismissal
from workers.domain.finding import Source
from workers.storage.database import Database
from workers.storage.dismissals import DismissalStore
from workers.storage.findings import FindingStore

FILES = {"run.py": ReadFile("b10b", frozenset({"ruff"}), model=True), "ü.py": ReadFile("")}
FIRST = Round(1, "a" * 40, "b" * 40, FILES)
SECOND = Round(2, "c" * 40, "b" * 40, FILES)
TOLD = Earlier(replace(finding(), fingerprint="f1", stood=(Source("model", "m"),), others=(12, 40)))
OTHER = Earlier(replace(finding(line=None, evidence=""), fingerprint="f2"))


async def test_a_round_comes_back_as_it_was(database: Database) -> None:
    store = FindingStore(database, Clock())
    assert await store.read(10, 1) == (None, ())
    assert await store.keep(10, 1, FIRST, [TOLD, OTHER])
    last, told = await store.read(10, 1)
    assert (last, set(told)) == (FIRST, {TOLD, OTHER})
    assert await store.read(10, 2) == (None, ())


async def test_a_round_that_is_kept_twice_is_kept_once(database: Database) -> None:
    store = FindingStore(database, Clock())
    for _ in range(2):
        assert await store.keep(10, 1, FIRST, [TOLD])
    assert await store.read(10, 1) == (FIRST, (TOLD,))


async def test_a_later_round_says_what_became_of_it(database: Database) -> None:
    store = FindingStore(database, Clock())
    await store.keep(10, 1, FIRST, [TOLD])
    fixed = replace(TOLD, finding=replace(TOLD.finding, path="moved.py", line=9), fate=Fate.FIXED)
    await store.keep(10, 1, SECOND, [fixed])
    assert await store.read(10, 1) == (SECOND, (fixed,))


async def test_an_older_round_that_comes_late_changes_nothing(database: Database) -> None:
    store = FindingStore(database, Clock())
    await store.keep(10, 1, SECOND, [TOLD])
    assert not await store.keep(10, 1, FIRST, [replace(TOLD, fate=Fate.FIXED), OTHER])
    assert await store.read(10, 1) == (SECOND, (TOLD,))


async def test_what_people_dismissed_says_so(database: Database) -> None:
    store = FindingStore(database, Clock())
    await store.keep(10, 1, FIRST, [TOLD])
    await DismissalStore(database).dismiss(10, 1, Dismissal("f1", "by design", 5, "mona", 9.0))
    assert (await store.read(10, 1))[1] == (replace(TOLD, fate=Fate.DISMISSED, reason="by design"),)


async def test_text_that_no_database_takes_is_kept_without_what_it_refuses(database: Database) -> None:
    store = FindingStore(database, Clock())
    await store.keep(10, 1, FIRST, [Earlier(replace(TOLD.finding, title="a\0b\udcff"))])
    assert (await store.read(10, 1))[1][0].finding.title == "ab?"


async def test_no_secret_is_kept_with_what_was_said(database: Database) -> None:
    key, token = "our-own-key-0123", "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    store = FindingStore(database, Clock())
    loud = replace(TOLD.finding, description=f"The token is {token}.", evidence=f"TOKEN = '{token}'")
    await store.keep(10, 1, FIRST, [replace(TOLD, finding=loud)])
    assert token not in str(await store.read(10, 1))
    ours = FindingStore(database, Clock(), lambda text: text.replace(key, "[redacted]"))
    await ours.keep(10, 2, FIRST, [replace(TOLD, finding=replace(loud, recommendation=f"Revoke {key}."))])
    assert key not in str(await ours.read(10, 2))
